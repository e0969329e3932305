using Microsoft.Extensions.Logging;

namespace Pipeline.Simulator.Replay;

internal static partial class ReplaySessionLog
{
    [LoggerMessage(5201, LogLevel.Error, "The replay to connection {Id} failed after {Frames} frames", EventName = "ReplayFailed")]
    public static partial void ReplayFailed(this ILogger logger, Exception exception, int id, long frames);
}
