using Microsoft.Extensions.Logging;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Pooling;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Kafka.Sink;

namespace Pipeline.Host.Collecting;

/// <summary>Changes of state in words; the flow itself is counted, not logged.</summary>
internal static partial class CollectorLog
{
    public static void Feed(ILogger log, FeedEvent happened)
    {
        switch (happened)
        {
            case ConnectionOpened { Info.Outage: var outage } opened:
                Opened(log, opened.Connection, opened.Info.Reason, outage.TotalMilliseconds, Describe(opened.Info.Compression));
                if (opened.Info.Compression == Compression.Declined)
                {
                    CompressionDeclined(log, opened.Connection);
                }

                break;
            case ConnectionLost { Info.Reason: DisconnectionReason.Stopped }:
                // We ended it; the command says so itself.
                break;
            case ConnectionLost { IsAside: true, Info.WasConnected: true }:
                // A socket that was replaced; the replacement has been told.
                break;
            case ConnectionLost { Info: { WasConnected: true } info } lost:
                Lost(log, lost.Connection, info.Reason, Describe(info), info.Lasted.TotalSeconds);
                break;
            case ConnectionLost { Info: { Advice: { } advice } info } lost:
                NeedsYou(log, lost.Connection, Describe(info), advice);
                break;
            case ConnectionLost { Info: var info } lost:
                Failed(log, lost.Connection, info.Reason, Describe(info));
                break;
            case ConnectionRetryScheduled { Info: { Delay: var delay, Attempt: var attempt } } scheduled when delay > TimeSpan.Zero:
                Retry(log, scheduled.Connection, attempt, delay.TotalSeconds);
                break;
            case ShutdownAnnounced announced:
                Announced(log, announced.Connection, announced.Words);
                break;
            case TrafficBudgetExceeded exceeded:
                BudgetExceeded(log, exceeded.Venue, exceeded.BytesPerSecond, exceeded.Budget);
                break;
            case TrafficWithinBudget within:
                WithinBudget(log, within.Venue, within.BytesPerSecond, within.Budget);
                break;
            case ConnectionGivenUp givenUp:
                GivenUp(log, givenUp.Connection, givenUp.Error?.Message ?? "it ended");
                break;
            case RequestsHeldBack { Wait: var wait } held:
                HeldBack(log, held.Connection, wait.TotalSeconds);
                break;
            case StreamsUnplaced { Streams: var homeless } unplaced:
                Unplaced(log, unplaced.Venue, homeless.Count, string.Join(", ", homeless.Take(5)), unplaced.Reason);
                break;
            case ConnectionRotated { Outcome: { IsDone: true } done } rotated:
                Rotated(log, rotated.Connection, rotated.Cause, done.Took.TotalSeconds, done.Unproven);
                break;
            case ConnectionRotated { Outcome: var kept } rotated:
                NotRotated(log, rotated.Connection, rotated.Cause, kept.Reason ?? "no reason is known");
                break;
            case StreamsSettled { Outcome: { IsConfirmed: true } outcome } settled:
                var streams = outcome.Streams is [var only] ? only : $"{outcome.Streams.Count} streams";
                Confirmed(log, settled.Connection, streams, outcome.Action);
                break;
            case StreamsSettled { Outcome: var outcome } settled:
                Refused(log, settled.Connection, string.Join(", ", outcome.Streams.Take(5)), outcome.Streams.Count, outcome.Reason!);
                break;
            default:
                Keeping(log, happened);
                break;
        }
    }

    public static void Kafka(ILogger log, KafkaNotice notice)
    {
        var level = notice.Severity switch
        {
            KafkaNoticeSeverity.Information => LogLevel.Information,
            KafkaNoticeSeverity.Error => LogLevel.Error,
            _ => LogLevel.Warning,
        };
        var more = notice.Suppressed == 0 ? "" : $" ({notice.Suppressed} more held back)";
        KafkaNoticed(log, level, notice.Code, notice.Message, more);
    }

    public static void BookSnapshotFailed(ILogger log, BookSnapshotFailure failure) =>
        SnapshotFailed(log, failure.Instrument.Key, failure.Message);

    private static string Describe(Compression compression) => compression == Compression.Negotiated ? ", compressed" : "";

    private static string Describe(DisconnectionInfo info)
    {
        var parts = new List<string>();
        if (info.CloseCode is { } code)
        {
            parts.Add($"close {code} {info.CloseText}".TrimEnd());
        }

        if (info.HttpStatus is { } status)
        {
            parts.Add($"HTTP {status}");
        }

        // What was said last explains an end that the venue made; ours needs no explanation.
        if (info is { LastFrame: { } words, Reason: DisconnectionReason.ClosedByVenue or DisconnectionReason.Aborted })
        {
            parts.Add($"last frame: {words}");
        }

        if (info.Exception is { } error)
        {
            parts.Add(error.Message);
        }

        return parts.Count == 0 ? "no more is known" : string.Join(", ", parts);
    }

    [LoggerMessage(1000, LogLevel.Information, "{Connection} open ({Reason}), outage {OutageMs:F0} ms{Compression}", EventName = "ConnectionOpened")]
    private static partial void Opened(ILogger log, string connection, ReconnectionReason reason, double outageMs, string compression);

    [LoggerMessage(1001, LogLevel.Warning, "{Connection} lost ({Reason}) after {Seconds:F0} s: {Detail}", EventName = "ConnectionLost")]
    private static partial void Lost(ILogger log, string connection, DisconnectionReason reason, string detail, double seconds);

    [LoggerMessage(1002, LogLevel.Warning, "{Connection} could not be opened ({Reason}): {Detail}", EventName = "ConnectFailed")]
    private static partial void Failed(ILogger log, string connection, DisconnectionReason reason, string detail);

    [LoggerMessage(1003, LogLevel.Information, "{Connection} attempt {Attempt} in {Seconds:F1} s", EventName = "RetryScheduled")]
    private static partial void Retry(ILogger log, string connection, int attempt, double seconds);

    [LoggerMessage(1004, LogLevel.Error, "{Connection} given up: {Detail}", EventName = "ConnectionGivenUp")]
    private static partial void GivenUp(ILogger log, string connection, string detail);

    [LoggerMessage(1005, LogLevel.Information, "{Connection} {Streams} confirmed ({Action})", EventName = "StreamsConfirmed")]
    private static partial void Confirmed(ILogger log, string connection, string streams, SubscriptionAction action);

    [LoggerMessage(1006, LogLevel.Error, "{Connection} {Count} streams refused ({Streams}): {Reason}", EventName = "StreamsRefused")]
    private static partial void Refused(ILogger log, string connection, string streams, int count, string reason);

    [LoggerMessage(1020, LogLevel.Warning, "{Connection} makes no requests for {Seconds:F0} s: the venue allows no more", EventName = "RequestsHeldBack")]
    private static partial void HeldBack(ILogger log, string connection, double seconds);

    [LoggerMessage(1021, LogLevel.Error, "{Venue}: no room for {Count} streams ({Streams}): {Reason}", EventName = "StreamsUnplaced")]
    private static partial void Unplaced(ILogger log, string venue, int count, string streams, string reason);

    [LoggerMessage(
        1022, LogLevel.Information, "{Connection} replaced ({Cause}) in {Seconds:F1} s, {Unproven} streams were quiet", EventName = "ConnectionRotated")]
    private static partial void Rotated(ILogger log, string connection, RotationCause cause, double seconds, int unproven);

    [LoggerMessage(1023, LogLevel.Warning, "{Connection} not replaced ({Cause}): {Reason}", EventName = "RotationFailed")]
    private static partial void NotRotated(ILogger log, string connection, RotationCause cause, string reason);

    [LoggerMessage(EventId = 3000, EventName = "KafkaNotice", Message = "Kafka {Code}: {Detail}{More}")]
    private static partial void KafkaNoticed(ILogger log, LogLevel level, string code, string detail, string more);

    [LoggerMessage(1007, LogLevel.Warning, "no snapshot of the book of {Instrument}: {Reason}", EventName = "BookSnapshotFailed")]
    private static partial void SnapshotFailed(ILogger log, string instrument, string reason);

    [LoggerMessage(
        1008, LogLevel.Error, "the books of {Venue} begin with a snapshot by REST: add venues.{Venue}.endpoints.rest, or there will be none",
        EventName = "NoBookSnapshots")]
    public static partial void NoBookSnapshots(ILogger log, string venue);

    [LoggerMessage(
        1030, LogLevel.Warning, "{Connection} comes uncompressed: the venue declined what websocket.compression offers", EventName = "CompressionDeclined")]
    private static partial void CompressionDeclined(ILogger log, string connection);

    [LoggerMessage(1031, LogLevel.Error, "{Connection} is refused and will be for as long as nothing changes: {Detail} {Advice}", EventName = "ConnectRefused")]
    private static partial void NeedsYou(ILogger log, string connection, string detail, string advice);

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

    [LoggerMessage(2000, LogLevel.Warning, "{Count} more {What} in the last {Seconds} s ({Detail})", EventName = "Trouble")]
    public static partial void Trouble(ILogger log, long count, string what, double seconds, string detail);
}
