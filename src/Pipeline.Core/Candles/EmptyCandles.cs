namespace Pipeline.Core.Candles;

/// <summary>What becomes of windows in which nothing was traded.</summary>
public enum EmptyCandles : byte
{
    /// <summary>A candle of the previous close and no volume, where it is known that nothing was missed.</summary>
    Carry,

    /// <summary>No candle.</summary>
    None,
}
