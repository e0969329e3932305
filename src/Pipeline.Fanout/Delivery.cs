namespace Pipeline.Fanout;

/// <summary>What may happen to a message that waits for a slow client.</summary>
public enum Delivery
{
    /// <summary>Delivered, or the client is cut: trades, final candles, answers.</summary>
    Required,

    /// <summary>From 100 waiting messages on only the newest of its key is kept: quotes, books, forming candles.</summary>
    Conflatable,

    /// <summary>
    /// Dropped when the client has not taken what was written before, when as many messages wait as let conflation begin, or when it does not
    /// fit into the outbox.
    /// </summary>
    Volatile,
}
