namespace Pipeline.Gateway.Hub;

/// <summary>What a worker has left to do.</summary>
internal enum HubWork
{
    None,

    /// <summary>It waits for a client to take what was sent: soon again.</summary>
    Soon,

    /// <summary>In the next turn.</summary>
    More,
}
