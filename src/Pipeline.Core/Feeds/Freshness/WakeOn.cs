namespace Pipeline.Core.Feeds.Freshness;

/// <summary>At which event the one who waits for a stream is told.</summary>
[Flags]
internal enum WakeOn
{
    Nothing = 0,

    /// <summary>At any.</summary>
    Data = 1,

    /// <summary>At one that is late.</summary>
    Late = 2,

    /// <summary>At one that is in time.</summary>
    InTime = 4,

    /// <summary>Not at all, but the next event may be as old as it likes: a subscription can begin with a state of long ago.</summary>
    Restart = 8,
}
