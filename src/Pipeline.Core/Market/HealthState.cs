namespace Pipeline.Core.Market;

/// <summary>How far a stream can be trusted to be live.</summary>
public enum HealthState : byte
{
    /// <summary>Asked for; no data yet.</summary>
    Starting,

    /// <summary>Its data comes as it should.</summary>
    Fresh,

    /// <summary>Silent, and that is right: a probe or its history says so.</summary>
    Quiet,

    /// <summary>Its data does not come, or not in time.</summary>
    Stale,

    /// <summary>We do not read it: there is no room behind.</summary>
    Paused,

    /// <summary>Not wanted any more, or not to be had.</summary>
    Stopped,
}
