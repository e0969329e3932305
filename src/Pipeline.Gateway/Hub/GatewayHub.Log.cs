using Microsoft.Extensions.Logging;

namespace Pipeline.Gateway.Hub;

internal sealed partial class GatewayHub
{
    [LoggerMessage(4000, LogLevel.Information, "Reading log {LogId}, {Records} records to catch up with", EventName = "LogBegins")]
    private static partial void LogBegins(ILogger logger, string logId, long records);

    [LoggerMessage(4001, LogLevel.Information, "The broker can be reached", EventName = "Connected")]
    private static partial void Connected(ILogger logger);

    [LoggerMessage(4002, LogLevel.Warning, "The broker cannot be reached; clients stay connected and get nothing new", EventName = "Disconnected")]
    private static partial void Disconnected(ILogger logger);

    [LoggerMessage(4003, LogLevel.Warning, "Reading has failed and begins again", EventName = "ReadingFailed")]
    private static partial void ReadingFailed(ILogger logger, Exception exception);

    [LoggerMessage(4004, LogLevel.Error, "A command has failed", EventName = "CommandFailed")]
    private static partial void CommandFailed(ILogger logger, Exception exception);

    [LoggerMessage(4005, LogLevel.Critical, "The hub has ended", EventName = "Ended")]
    private static partial void Ended(ILogger logger, Exception exception);
}
