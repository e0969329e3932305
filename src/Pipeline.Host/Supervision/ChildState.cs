namespace Pipeline.Host.Supervision;

internal enum ChildState
{
    /// <summary>Not started yet, or stopped.</summary>
    Stopped,

    /// <summary>Started; its probe has not answered yet.</summary>
    Starting,

    Ready,

    /// <summary>It died and is started again after a pause.</summary>
    Restarting,

    Stopping,
}
