namespace Pipeline.Core.Market;

/// <summary>What a candle was made from.</summary>
public enum CandleSource : byte
{
    Trades,
    Prices,
    Mixed,
    Venue,
}
