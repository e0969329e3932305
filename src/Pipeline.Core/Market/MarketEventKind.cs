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

    /// <summary>A hole in an instrument's trades, or what became of it: made by station 4.</summary>
    Gap,

    /// <summary>How far an instrument has come, for <c>md.state</c>: made by stations 4 and 5.</summary>
    State,

    /// <summary>What came of comparing one of our candles with the venue's: made behind station 5.</summary>
    Audit,
}
