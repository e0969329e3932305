namespace Pipeline.Core.Feeds.Pooling;

/// <summary>What is to be done with a twin.</summary>
internal enum TwinVerdict
{
    /// <summary>Nothing yet.</summary>
    Wait,

    /// <summary>It takes over.</summary>
    Switch,

    /// <summary>It is closed, and the leg kept.</summary>
    GiveUp,
}
