using Microsoft.Extensions.Logging;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Pooling;

namespace Pipeline.Host.Collecting;

/// <content>How connections are kept: what is suspected, replaced and held back.</content>
internal static partial class CollectorLog
{
    private static void Keeping(ILogger log, FeedEvent happened)
    {
        var name = happened.Leg ?? happened.Connection;
        switch (happened)
        {
            case ConnectionPaused { Held: var held }:
                Paused(log, name, held.TotalMilliseconds);
                break;
            case ConnectionResumed { Lasted: var lasted }:
                Resumed(log, name, lasted.TotalMilliseconds);
                break;
            case ConnectionSuspected { Reason: var reason }:
                Suspected(log, name, reason);
                break;
            case ConnectionCleared { Reason: var reason }:
                Cleared(log, name, reason);
                break;
            case ConnectionRecovered recovered:
                Recovered(log, name, recovered.Reason, recovered.Outage.TotalMilliseconds);
                break;
            case ConnectionRotated { Outcome: { IsDone: true } outcome } rotated:
                Rotated(log, name, rotated.Cause, outcome.Took.TotalSeconds, outcome.Unproven);
                break;
            case ConnectionRotated rotated:
                NotRotated(log, name, rotated.Cause, rotated.Outcome.Reason!);
                break;
        }
    }

    [LoggerMessage(1010, LogLevel.Warning, "{Connection} held back for {Ms:F0} ms: no room behind it", EventName = "ConnectionPaused")]
    private static partial void Paused(ILogger log, string connection, double ms);

    [LoggerMessage(1011, LogLevel.Information, "{Connection} goes on after {Ms:F0} ms", EventName = "ConnectionResumed")]
    private static partial void Resumed(ILogger log, string connection, double ms);

    [LoggerMessage(1012, LogLevel.Warning, "{Connection} suspected: {Reason}", EventName = "ConnectionSuspected")]
    private static partial void Suspected(ILogger log, string connection, string reason);

    [LoggerMessage(1013, LogLevel.Information, "{Connection} kept: {Reason}", EventName = "ConnectionCleared")]
    private static partial void Cleared(ILogger log, string connection, string reason);

    [LoggerMessage(1014, LogLevel.Information, "{Connection} has data again ({Reason}) after {Ms:F0} ms", EventName = "ConnectionRecovered")]
    private static partial void Recovered(ILogger log, string connection, ReconnectionReason reason, double ms);

    [LoggerMessage(
        1015, LogLevel.Information, "{Connection} replaced ({Cause}) in {Seconds:F1} s, {Unproven} streams quiet", EventName = "ConnectionRotated")]
    private static partial void Rotated(ILogger log, string connection, RotationCause cause, double seconds, int unproven);

    [LoggerMessage(1016, LogLevel.Warning, "{Connection} not replaced ({Cause}): {Reason}", EventName = "RotationFailed")]
    private static partial void NotRotated(ILogger log, string connection, RotationCause cause, string reason);
}
