using Microsoft.Extensions.Logging;

namespace Pipeline.Host.Collecting;

/// <content>Recordings of what venues send.</content>
internal static partial class CollectorLog
{
    [LoggerMessage(
        1070, LogLevel.Error, "{Venue} is not recorded any more: {Reason}; collecting goes on", EventName = "NotRecorded")]
    public static partial void NotRecorded(ILogger log, string venue, string reason);

    [LoggerMessage(1071, LogLevel.Warning, "the recording of {Venue}: {What}", EventName = "RecordingLoses")]
    public static partial void RecordingLoses(ILogger log, string venue, string what);
}
