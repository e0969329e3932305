namespace Pipeline.Core.Market;

/// <summary>What a <see cref="MarketEvent"/> refers to.</summary>
public enum MarketEventKind : byte
{
    Trade,
    Quote,
    BookUpdate,
    Candle,
    VenueCandle,
    Ticker,
    MarkPrice,
    FundingRate,
    Liquidation,
    PriceTick,
    DeadLetter,

    /// <summary>A change of a stream's health: enters behind normalise.</summary>
    Health,

    /// <summary>What is known of an instrument: goes to the sink by itself, not through the stations before it.</summary>
    Instrument,

    /// <summary>How a collector fares with a venue: the same.</summary>
    Status,
}
