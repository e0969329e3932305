namespace Pipeline.Fanout;

/// <summary>What may happen to a message that waits for a slow client.</summary>
public enum Delivery
{
    /// <summary>Delivered, or the client is cut: trades, final candles, answers.</summary>
    Required,

    /// <summary>From 100 waiting messages on only the newest of its key is kept: quotes, books, forming candles.</summary>
    Conflatable,

    /// <summary>Dropped when anything waits already.</summary>
    Volatile,
}
