using Microsoft.Extensions.Logging;

namespace Pipeline.Host.Collecting;

/// <content>Our candles against the venues' own.</content>
internal static partial class CollectorLog
{
    [LoggerMessage(
        1080, LogLevel.Warning, "candle {Instrument} {Interval} of {OpenTime:u}, {Cause}; ours / the venue's: {Differences}", EventName = "AuditFinding")]
    public static partial void Audit(ILogger log, string instrument, string interval, DateTime openTime, string cause, string differences);

    [LoggerMessage(1081, LogLevel.Warning, "{Count} more findings about candles in the last minute: see md.audit", EventName = "MoreAuditFindings")]
    public static partial void MoreAudits(ILogger log, int count);

    [LoggerMessage(1082, LogLevel.Debug, "the venue's candles of {Instrument} could not be had: {Reason}", EventName = "AuditSampleFailed")]
    public static partial void SampleFailed(ILogger log, string instrument, string reason);

    [LoggerMessage(
        1083, LogLevel.Debug, "the venue's candles of {Instrument} from before it was collected could not be had: {Reason}",
        EventName = "CandleBackfillFailed")]
    public static partial void BackfillFailed(ILogger log, string instrument, string reason);

    [LoggerMessage(
        1084, LogLevel.Information, "{Venue}: {Done} series have their candles from before they were collected, {Waiting} wait; {Rows} candles read",
        EventName = "CandleBackfill")]
    public static partial void BackfillProgress(ILogger log, string venue, long done, int waiting, long rows);
}
