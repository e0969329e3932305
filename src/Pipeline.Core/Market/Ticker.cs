namespace Pipeline.Core.Market;

/// <summary>Rolling 24 hours of an instrument; null = the venue does not say. Times are microseconds, UTC.</summary>
/// <param name="Volume">Base currency (contracts where the venue counts those).</param>
/// <param name="QuoteVolume">Quote currency.</param>
public readonly record struct Ticker(
    Instrument Instrument,
    Number Last,
    Number? LastQuantity,
    Number? Bid,
    Number? BidQuantity,
    Number? Ask,
    Number? AskQuantity,
    Number Open,
    Number High,
    Number Low,
    WideNumber Volume,
    WideNumber? QuoteVolume,
    long EventTime,
    long ReceivedTime);
