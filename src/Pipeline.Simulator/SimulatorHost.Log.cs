using Microsoft.Extensions.Logging;

namespace Pipeline.Simulator;

internal static partial class SimulatorHostLog
{
    [LoggerMessage(
        5001, LogLevel.Information, "Simulator listens at {Venues}, control at {Control}; mode {Mode}, {Symbols} symbols",
        EventName = "SimulatorStarted")]
    public static partial void Started(this ILogger logger, string venues, Uri control, string mode, int symbols);

    [LoggerMessage(5003, LogLevel.Error, "The world stands still: it failed under load", EventName = "LoadFailed")]
    public static partial void LoadFailed(this ILogger logger, Exception exception);

    [LoggerMessage(5002, LogLevel.Information, "Simulator stopped", EventName = "SimulatorStopped")]
    public static partial void Stopped(this ILogger logger);
}
