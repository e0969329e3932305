using Microsoft.Extensions.Logging;

namespace Pipeline.Host.Venues;

/// <summary>What becomes known of the venues' instruments, in words.</summary>
internal static partial class VenueLog
{
    [LoggerMessage(1110, LogLevel.Warning, "{Venue}: no list of instruments yet ({Reason}), again in {Seconds:F0} s", EventName = "InstrumentListRetry")]
    public static partial void ListRetry(ILogger log, string venue, string reason, double seconds);

    [LoggerMessage(1111, LogLevel.Warning, "{Venue}: no list of instruments ({Reason}); their names are taken on trust", EventName = "InstrumentListUnavailable")]
    public static partial void ListUnavailable(ILogger log, string venue, string reason);

    [LoggerMessage(1112, LogLevel.Warning, "{Warning}", EventName = "InstrumentWarning")]
    public static partial void Warn(ILogger log, string warning);

    [LoggerMessage(1113, LogLevel.Information, "{Venue}: {Count} instruments, {Streams} streams", EventName = "VenuePlanned")]
    public static partial void Planned(ILogger log, string venue, int count, int streams);

    [LoggerMessage(1114, LogLevel.Warning, "{Venue}: its instruments could not be asked for again ({Reason})", EventName = "InstrumentRefreshFailed")]
    public static partial void RefreshFailed(ILogger log, string venue, string reason);

    [LoggerMessage(1115, LogLevel.Warning, "{Venue}: {Instrument} {Change}", EventName = "InstrumentGone")]
    public static partial void Gone(ILogger log, string venue, string instrument, string change);

    [LoggerMessage(1116, LogLevel.Information, "{Venue}: {Instrument} is {Status} now", EventName = "InstrumentChanged")]
    public static partial void Changed(ILogger log, string venue, string instrument, string status);

    [LoggerMessage(
        1124, LogLevel.Warning, "{Venue}: {Name} of the topology is {Instrument} ({Symbol}) by now, as md.instruments has it: write that",
        EventName = "InstrumentSucceeded")]
    public static partial void Succeeded(ILogger log, string venue, string name, string instrument, string symbol);

    [LoggerMessage(1117, LogLevel.Information, "{Venue}: {Count} newly listed fit the topology ({Instruments})", EventName = "InstrumentsListed")]
    public static partial void Listed(ILogger log, string venue, int count, string instruments);

    [LoggerMessage(1123, LogLevel.Information, "{Venue}: its list has changed: +{Added} streams, −{Removed}, {Untouched} untouched", EventName = "InstrumentsFollowed")]
    public static partial void Followed(ILogger log, string venue, int added, int removed, int untouched);

    [LoggerMessage(1119, LogLevel.Error, "{Venue} is not collected from: {Reason} Again in {Seconds:F0} s", EventName = "VenueNotCollected")]
    public static partial void NotCollected(ILogger log, string venue, string reason, double seconds);

    [LoggerMessage(1120, LogLevel.Error, "left out: {Reason}", EventName = "InstrumentLeftOut")]
    public static partial void LeftOut(ILogger log, string reason);

    [LoggerMessage(1121, LogLevel.Error, "{Venue}: following its instruments failed and goes on ({Reason})", EventName = "InstrumentWatchFailed")]
    public static partial void WatchFailed(ILogger log, string venue, string reason);

    [LoggerMessage(
        1122, LogLevel.Warning, "{Venue}: {Count} tokens were met, and no more are taken; what is told of others is dropped (symbols-full)",
        EventName = "SymbolsFull")]
    public static partial void SymbolsFull(ILogger log, string venue, int count);

    [LoggerMessage(1118, LogLevel.Warning, "what {Topic} says of instruments could not be read ({Reason}); their revisions begin anew", EventName = "InstrumentsUnread")]
    public static partial void Unread(ILogger log, string topic, string reason);
}
