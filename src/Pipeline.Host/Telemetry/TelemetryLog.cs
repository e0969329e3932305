using Microsoft.Extensions.Logging;

namespace Pipeline.Host.Telemetry;

internal static partial class TelemetryLog
{
    [LoggerMessage(6000, LogLevel.Warning, "{Signal} cannot be sent to {To}; they are tried on, and said when it succeeds", EventName = "ExportFailed")]
    public static partial void ExportFailed(ILogger log, string signal, Uri to);

    [LoggerMessage(6001, LogLevel.Information, "{Signal} are sent to {To} again", EventName = "ExportWorks")]
    public static partial void ExportWorks(ILogger log, string signal, Uri to);
}
