namespace Pipeline.Core.Feeds;

/// <summary>Kinds of data that can be subscribed to, as the topology names them.</summary>
public enum StreamChannel
{
    /// <summary>Trades by the instrument's trade source.</summary>
    Trade,

    /// <summary>Best bid and ask.</summary>
    Quote,

    /// <summary>The whole order book: differences, and a snapshot to begin with.</summary>
    Book,

    /// <summary>The best few levels, whole each time.</summary>
    PartialBook,

    /// <summary>The venue's own candles, input of the audit.</summary>
    VenueCandle,

    /// <summary>Rolling 24 hours.</summary>
    Ticker,

    /// <summary>Mark prices of derivatives.</summary>
    MarkPrice,

    /// <summary>Funding rates of perpetuals.</summary>
    Funding,

    /// <summary>Positions closed by the venue.</summary>
    Liquidation,

    /// <summary>Prices told by on-chain events.</summary>
    Price,
}
