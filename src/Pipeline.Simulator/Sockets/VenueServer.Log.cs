using Microsoft.Extensions.Logging;

namespace Pipeline.Simulator.Sockets;

internal static partial class VenueServerLog
{
    [LoggerMessage(5101, LogLevel.Debug, "Connection {Id} opened {Path}", EventName = "ClientConnected")]
    public static partial void ClientConnected(this ILogger logger, int id, string path);

    [LoggerMessage(5102, LogLevel.Debug, "Connection {Id} left after {Frames} frames", EventName = "ClientLeft")]
    public static partial void ClientLeft(this ILogger logger, int id, long frames);

    [LoggerMessage(5103, LogLevel.Information, "Connection {Id} was ended: {Reason}; it had {Frames} frames", EventName = "ClientEnded")]
    public static partial void ClientEnded(this ILogger logger, int id, string reason, long frames);
}
