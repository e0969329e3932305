using Microsoft.Extensions.Logging;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Kafka;

namespace Pipeline.Host.Collecting;

/// <summary>Changes of state in words; the flow itself is counted, not logged.</summary>
internal static partial class CollectorLog
{
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

    /// <summary>Everything that is known of how a connection ended.</summary>
    public static string Describe(DisconnectionInfo info)
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

    [LoggerMessage(1000, LogLevel.Information, "{Connection} open{Compression}", EventName = "ConnectionOpened")]
    public static partial void Opened(ILogger log, string connection, string compression);

    [LoggerMessage(1001, LogLevel.Warning, "{Connection} lost ({Reason}) after {Seconds:F0} s: {Detail}", EventName = "ConnectionLost")]
    public static partial void Lost(ILogger log, string connection, DisconnectionReason reason, string detail, double seconds);

    [LoggerMessage(
        1002, LogLevel.Warning, "{Connection} cannot be opened ({Reason}): {Detail}; it is tried on, and said when it succeeds",
        EventName = "ConnectFailed")]
    public static partial void Failed(ILogger log, string connection, DisconnectionReason reason, string detail);

    [LoggerMessage(
        1003, LogLevel.Information, "{Connection} open again ({Reason}): outage {OutageMs:F0} ms, {Attempts} attempts", EventName = "ConnectionRecovered")]
    public static partial void Recovered(ILogger log, string connection, ReconnectionReason reason, double outageMs, int attempts);

    [LoggerMessage(1004, LogLevel.Error, "{Connection} given up: {Detail}", EventName = "ConnectionGivenUp")]
    public static partial void GivenUp(ILogger log, string connection, string detail);

    [LoggerMessage(1006, LogLevel.Error, "{Connection} {Count} streams refused ({Streams}): {Reason}", EventName = "StreamsRefused")]
    public static partial void Refused(ILogger log, string connection, string streams, int count, string reason);

    [LoggerMessage(EventId = 3000, EventName = "KafkaNotice", Message = "Kafka {Code}: {Detail}{More}")]
    private static partial void KafkaNoticed(ILogger log, LogLevel level, string code, string detail, string more);

    [LoggerMessage(1007, LogLevel.Warning, "no snapshot of the book of {Instrument}: {Reason}", EventName = "BookSnapshotFailed")]
    private static partial void SnapshotFailed(ILogger log, string instrument, string reason);

    [LoggerMessage(
        1008, LogLevel.Error, "the books of {Venue} begin with a snapshot by REST: add venues.{Venue}.endpoints.rest, or there will be none",
        EventName = "NoBookSnapshots")]
    public static partial void NoBookSnapshots(ILogger log, string venue);

    [LoggerMessage(1009, LogLevel.Error, "{Venue}: stream not subscribed to: {Reason}", EventName = "StreamNotWished")]
    public static partial void NotWished(ILogger log, string venue, string reason);

    [LoggerMessage(
        1044, LogLevel.Warning, "{Venue} does not give missing trades ({Instrument}): {Reason}; it is asked again, and nothing more is said until it does",
        EventName = "RepairFailed")]
    public static partial void RepairFailed(ILogger log, string venue, string instrument, string reason);

    [LoggerMessage(1040, LogLevel.Information, "topology ({Cause}): {Summary}", EventName = "TopologyReloaded")]
    public static partial void Reloaded(ILogger log, string cause, string summary);

    [LoggerMessage(1041, LogLevel.Error, "topology ({Cause}) not taken, what runs stays: {Error}", EventName = "TopologyRefused")]
    public static partial void ReloadRefused(ILogger log, string cause, string error);

    [LoggerMessage(
        1042, LogLevel.Warning, "the topology's folder is not watched ({Reason}): after an edit run 'pipeline reload'", EventName = "TopologyUnwatched")]
    public static partial void Unwatched(ILogger log, string reason);

    [LoggerMessage(1043, LogLevel.Warning, "the collector's status could not be written ({Reason})", EventName = "StatusFailed")]
    public static partial void StatusFailed(ILogger log, string reason);

    [LoggerMessage(2000, LogLevel.Warning, "{Count} more {What} in the last {Seconds} s ({Detail})", EventName = "Trouble")]
    public static partial void Trouble(ILogger log, long count, string what, double seconds, string detail);
}
