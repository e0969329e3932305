using Microsoft.Extensions.Logging;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Pooling;

namespace Pipeline.Host.Collecting;

/// <content>How connections are kept: what is suspected, replaced and held back.</content>
internal static partial class CollectorLog
{
    /// <summary>Everything but openings and ends, which <see cref="ConnectionJournal"/> tells.</summary>
    public static void Keeping(ILogger log, FeedEvent happened)
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
                DataBack(log, name, recovered.Reason, recovered.Outage.TotalMilliseconds);
                break;
            case ConnectionRotated { Outcome: { IsDone: true } outcome } rotated:
                Rotated(log, name, rotated.Cause, outcome.Took.TotalSeconds, outcome.Unproven);
                break;
            case ConnectionRotated rotated:
                NotRotated(log, name, rotated.Cause, rotated.Outcome.Reason!);
                break;
            case ShutdownAnnounced announced:
                Announced(log, name, announced.Words);
                break;
            case TrafficBudgetExceeded exceeded:
                BudgetExceeded(log, exceeded.Venue, exceeded.BytesPerSecond, exceeded.Budget);
                break;
            case TrafficWithinBudget within:
                WithinBudget(log, within.Venue, within.BytesPerSecond, within.Budget);
                break;
            case RequestsHeldBack { Wait: var wait }:
                HeldBack(log, name, wait.TotalSeconds);
                break;
            case StreamsUnplaced { Streams: var homeless } unplaced:
                Unplaced(log, unplaced.Venue, homeless.Count, string.Join(", ", homeless.Take(5)), unplaced.Reason);
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

    [LoggerMessage(1014, LogLevel.Information, "{Connection} has data again ({Reason}) after {Ms:F0} ms", EventName = "ConnectionDataBack")]
    private static partial void DataBack(ILogger log, string connection, ReconnectionReason reason, double ms);

    [LoggerMessage(
        1015, LogLevel.Information, "{Connection} replaced ({Cause}) in {Seconds:F1} s, {Unproven} streams quiet", EventName = "ConnectionRotated")]
    private static partial void Rotated(ILogger log, string connection, RotationCause cause, double seconds, int unproven);

    [LoggerMessage(1016, LogLevel.Warning, "{Connection} not replaced ({Cause}): {Reason}", EventName = "RotationFailed")]
    private static partial void NotRotated(ILogger log, string connection, RotationCause cause, string reason);

    [LoggerMessage(1020, LogLevel.Warning, "{Connection} makes no requests for {Seconds:F0} s: the venue allows no more", EventName = "RequestsHeldBack")]
    private static partial void HeldBack(ILogger log, string connection, double seconds);

    [LoggerMessage(1021, LogLevel.Error, "{Venue}: no room for {Count} streams ({Streams}): {Reason}", EventName = "StreamsUnplaced")]
    private static partial void Unplaced(ILogger log, string venue, int count, string streams, string reason);

    [LoggerMessage(
        1030, LogLevel.Warning, "{Connection} comes uncompressed: the venue declined what websocket.compression offers", EventName = "CompressionDeclined")]
    public static partial void CompressionDeclined(ILogger log, string connection);

    [LoggerMessage(1031, LogLevel.Error, "{Connection} is refused and will be for as long as nothing changes: {Detail} {Advice}", EventName = "ConnectRefused")]
    public static partial void NeedsYou(ILogger log, string connection, string detail, string advice);

    [LoggerMessage(1032, LogLevel.Information, "{Connection} is about to be ended by the venue: {Words}", EventName = "ShutdownAnnounced")]
    private static partial void Announced(ILogger log, string connection, string words);

    [LoggerMessage(
        1033, LogLevel.Warning,
        "{Venue} brings {BytesPerSecond} bytes a second over the wire, budget {Budget}: take fewer instruments or channels "
        + "(topology/live-small.yaml is an example), or raise trafficBudget",
        EventName = "TrafficBudgetExceeded")]
    private static partial void BudgetExceeded(ILogger log, string venue, long bytesPerSecond, long budget);

    [LoggerMessage(
        1034, LogLevel.Information, "{Venue} is within its traffic budget again: {BytesPerSecond} bytes a second of {Budget}",
        EventName = "TrafficWithinBudget")]
    private static partial void WithinBudget(ILogger log, string venue, long bytesPerSecond, long budget);
}
