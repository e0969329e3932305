using System.Globalization;
using System.Text.Json;
using Pipeline.Core.Market;
using Pipeline.Kafka.Verification;

namespace Pipeline.Host.Gaps;

/// <summary>A gap for people, and as a line of JSON.</summary>
internal static class GapText
{
    public static readonly string[] Columns = ["instrument", "state", "range", "missing", "reason", "opened", "age", "took"];

    /// <summary>One text for each of the <see cref="Columns"/>.</summary>
    /// <param name="now">Microseconds since the Unix epoch, UTC.</param>
    public static string[] CellsOf(GapRow gap, long now) =>
    [
        $"{gap.Venue}:{gap.Instrument}",
        GapStateNames.Of(gap.State),
        gap.IsTime ? $"{Time(gap.FromTime)} to {Time(gap.ToTime)}" : $"{gap.FromId}…{gap.ToId}",
        MissingOf(gap),
        gap.Reason,
        Time(gap.OpenedTime),
        Duration(now - gap.OpenedTime),
        gap.IsOpen ? "" : Duration(gap.UpdatedTime - gap.OpenedTime),
    ];

    public static string JsonOf(GapRow gap, long now) => JsonSerializer.Serialize(new
    {
        gap.Venue,
        gap.Instrument,
        State = GapStateNames.Of(gap.State),
        gap.FromId,
        gap.ToId,
        Missing = gap.Missing.Select(range => new[] { range.First, range.Last }),
        gap.Reason,
        gap.Series,
        gap.FromTime,
        gap.ToTime,
        gap.OpenedTime,
        gap.UpdatedTime,
        Announced = gap.IsAnnounced,
        gap.TradesOffset,
        AgeSeconds = Seconds(now - gap.OpenedTime),
        TookSeconds = gap.IsOpen ? (double?)null : Seconds(gap.UpdatedTime - gap.OpenedTime),
    }, JsonSerializerOptions.Web);

    private static string MissingOf(GapRow gap)
    {
        if (gap.IsTime)
        {
            return gap.IsOpen || gap.State == GapState.Abandoned ? "unknown" : "";
        }

        var count = gap.Missing.Sum(range => range.Count);
        return count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{count:#,0} of {gap.ToId - gap.FromId + 1:#,0}");
    }

    private static double Seconds(long microseconds) => microseconds / 1e6;

    private static string Time(long microseconds) =>
        microseconds <= 0 ? "unknown" : MarketTime.ToInstant(microseconds).ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Duration(long microseconds)
    {
        var time = TimeSpan.FromMicroseconds(Math.Max(0, microseconds));
        return time.TotalDays >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0.0} d")
            : time.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.0} h")
            : time.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.0} min")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
    }
}
