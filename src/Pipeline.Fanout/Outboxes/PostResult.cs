namespace Pipeline.Fanout.Outboxes;

/// <summary>What became of a posted message.</summary>
public enum PostResult
{
    /// <summary>It waits to be written.</summary>
    Queued,

    /// <summary>It waits for the client's maximum rate.</summary>
    HeldBack,

    /// <summary>Volatile, and the client did not take what was before it.</summary>
    Dropped,

    /// <summary>More bytes would wait than allowed: the client is slow.</summary>
    TooMuch,
}
