namespace Pipeline.Core.Market;

/// <summary>Life of a candle: forming until its window closes, final once, revised afterwards with a rising revision number.</summary>
public enum CandleState : byte
{
    Forming,
    Final,
    Revised,
}
