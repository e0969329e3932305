namespace Pipeline.Host.Supervision;

internal enum ChildState
{
    /// <summary>Not started yet, or stopped.</summary>
    Stopped,

    /// <summary>Started; it does not answer yet.</summary>
    Starting,

    /// <summary>It lives and is not ready.</summary>
    Alive,

    Ready,

    /// <summary>It died and is started again after a pause.</summary>
    Restarting,

    Stopping,
}
