namespace Pipeline.Gateway.History;

/// <summary>How the history's writing stands.</summary>
internal enum HistoryState
{
    /// <summary>No log is known yet.</summary>
    Waiting,

    /// <summary>Reading what was written while it was away.</summary>
    CatchingUp,

    Running,

    /// <summary>The disk refuses; what comes waits in Kafka and is tried again.</summary>
    Retrying,

    /// <summary>The file cannot be written any more; what is in it is served.</summary>
    Failed,
}
