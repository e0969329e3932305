namespace Pipeline.Core.Feeds;

/// <summary>Kinds of data that can be subscribed to, as the topology names them.</summary>
public enum StreamChannel
{
    /// <summary>Trades by the instrument's trade source.</summary>
    Trade,

    /// <summary>Best bid and ask.</summary>
    Quote,

    /// <summary>Order book differences.</summary>
    Book,

    /// <summary>The venue's own candles, input of the audit.</summary>
    VenueCandle,
}
