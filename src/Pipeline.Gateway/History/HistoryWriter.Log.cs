using Microsoft.Extensions.Logging;

namespace Pipeline.Gateway.History;

internal sealed partial class HistoryWriter
{
    [LoggerMessage(4200, LogLevel.Information, "History: log {LogId} is new here and is read from its beginning", EventName = "HistoryLogBegins")]
    private partial void LogBegins(string logId);

    [LoggerMessage(4201, LogLevel.Warning, "History: partition {Partition} of md.candles lacks offsets {From} to {To}: Kafka has deleted them", EventName = "HistoryHole")]
    private partial void LogHole(int partition, long from, long to);

    [LoggerMessage(4202, LogLevel.Error, "History: writing waits and is tried again. {Message}", EventName = "HistoryRetry")]
    private partial void LogRetry(string message);

    [LoggerMessage(4203, LogLevel.Critical, "History: writing has ended; what is stored is served. {Message}", EventName = "HistoryFailed")]
    private partial void LogFailed(string message);

    [LoggerMessage(4204, LogLevel.Warning, "History: reading begins again. {Message}", EventName = "HistoryReading")]
    private partial void LogReading(string message);

    [LoggerMessage(4205, LogLevel.Warning, "History: old candles cannot be removed now. {Message}", EventName = "HistoryTidy")]
    private partial void LogTidy(string message);
}
