namespace Pipeline.Fanout.Handshake;

/// <summary>What became of the head of a connection's first request.</summary>
internal enum HeadOutcome
{
    /// <summary>More of it has to come.</summary>
    Incomplete,

    /// <summary>It is there.</summary>
    Complete,

    /// <summary>Not ours.</summary>
    PassOn,

    /// <summary>Taken or refused.</summary>
    Answered,
}
