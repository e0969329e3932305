using Microsoft.Extensions.Logging;

namespace Pipeline.Gateway.Diagnostics;

/// <summary>Changes of state in words; the flow itself is counted, not logged. Nothing that a client sent is in it.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(4100, LogLevel.Information, "listening on {Addresses}", EventName = "Listening")]
    public static partial void Listening(ILogger log, string addresses);

    [LoggerMessage(4101, LogLevel.Information, "stopping: {Clients} clients are told to connect elsewhere", EventName = "Stopping")]
    public static partial void Stopping(ILogger log, int clients);

    [LoggerMessage(4102, LogLevel.Warning, "{Clients} clients were still there after {Seconds} s and are cut", EventName = "DrainTimedOut")]
    public static partial void DrainTimedOut(ILogger log, int clients, double seconds);

    [LoggerMessage(4103, LogLevel.Error, "a request failed ({Endpoint})", EventName = "RequestFailed")]
    public static partial void RequestFailed(ILogger log, string endpoint, Exception fault);

    [LoggerMessage(4104, LogLevel.Information, "ready: everything that was in the log has been read", EventName = "Ready")]
    public static partial void Ready(ILogger log);

    [LoggerMessage(4105, LogLevel.Warning, "not ready any more: {Reason}", EventName = "NotReady")]
    public static partial void NotReady(ILogger log, string reason);

    [LoggerMessage(4106, LogLevel.Warning, "memory {Memory} bytes is above the limit of {Limit}: outboxes are written out", EventName = "MemoryExceeded")]
    public static partial void MemoryExceeded(ILogger log, long memory, long limit);

    [LoggerMessage(4107, LogLevel.Warning, "memory {Memory} bytes is still above the limit: {Clients} of the slowest clients with {Bytes} waiting bytes let go", EventName = "ClientsShed")]
    public static partial void ClientsShed(ILogger log, long memory, int clients, long bytes);

    [LoggerMessage(4108, LogLevel.Information, "memory {Memory} bytes is below the limit again", EventName = "MemoryFine")]
    public static partial void MemoryFine(ILogger log, long memory);

    [LoggerMessage(4109, LogLevel.Warning, "everybody who can reach {Address} is let in: set gateway.tokens or gateway.jwt", EventName = "OpenToAll")]
    public static partial void OpenToAll(ILogger log, string address);

    // Highest id used: 4109
}
