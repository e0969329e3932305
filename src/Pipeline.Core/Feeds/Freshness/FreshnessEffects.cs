namespace Pipeline.Core.Feeds.Freshness;

/// <summary>What is to be done about a stream.</summary>
[Flags]
internal enum FreshnessEffects
{
    None = 0,

    /// <summary>State or reason are other ones: say so.</summary>
    Changed = 1,

    /// <summary>Find out whether it missed something.</summary>
    Probe = 2,

    /// <summary>Leave it and subscribe to it again.</summary>
    Resubscribe = 4,

    /// <summary>The connection may be mute.</summary>
    Suspect = 8,
}
