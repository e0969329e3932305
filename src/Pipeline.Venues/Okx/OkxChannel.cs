namespace Pipeline.Venues.Okx;

/// <summary>What the rows of a frame are, by the <c>channel</c> of its <c>arg</c>.</summary>
internal enum OkxChannel : byte
{
    /// <summary>No channel named, or one that we do not read.</summary>
    Other,

    /// <summary><c>trades</c>: a row may stand for several fills.</summary>
    Trades,

    /// <summary><c>trades-all</c>: one row per fill.</summary>
    AllTrades,

    /// <summary><c>bbo-tbt</c>.</summary>
    BestQuote,

    /// <summary><c>books</c>: a snapshot, then what changed.</summary>
    Book,

    /// <summary><c>books5</c>: whole each time.</summary>
    PartialBook,

    /// <summary><c>candle1m</c> and the like.</summary>
    Candle,

    /// <summary><c>tickers</c>.</summary>
    Ticker,

    /// <summary><c>mark-price</c>.</summary>
    MarkPrice,

    /// <summary><c>funding-rate</c>.</summary>
    FundingRate,

    /// <summary><c>liquidation-orders</c>: of all instruments of a type.</summary>
    Liquidation,
}
