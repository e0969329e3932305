using System.Globalization;
using Pipeline.Core.Market;
using Pipeline.Host.Status;

namespace Pipeline.Host.Collecting;

/// <summary>A collector's figures for the status table: rates are the differences of two looks.</summary>
internal sealed class CollectorFigures(TimeProvider time)
{
    // Bounded by something else, such as one item a series.
    private const long Unbounded = int.MaxValue;

    private const int MaxReasons = 4;
    private const int MaxConnectionRows = 3;

    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(10);

    private static readonly (string Name, string Counter)[] Flow =
    [
        ("frames", "pipeline.feed.frames"), ("events", "pipeline.graph.events"), ("acknowledged", "messaging.client.sent.messages"),
    ];

    private static readonly (string Name, string Counter)[] Troubles =
    [
        ("dead letters", "pipeline.feed.dead_letters"), ("holes", "pipeline.sequence.holes"), ("dropped", "pipeline.graph.dropped"),
        ("refused by Kafka", "pipeline.kafka.produce_errors"), ("observer errors", "pipeline.feed.observer_errors"),
    ];

    private static readonly string Fresh = HealthStateNames.Of(HealthState.Fresh);
    private static readonly string Quiet = HealthStateNames.Of(HealthState.Quiet);

    /// <summary>All but fresh, as they are listed.</summary>
    private static readonly string[] OtherStates =
    [
        HealthStateNames.Of(HealthState.Stale), HealthStateNames.Of(HealthState.Paused), HealthStateNames.Of(HealthState.Starting),
        HealthStateNames.Of(HealthState.Stopped), Quiet,
    ];

    private volatile Sample? _before;
    private volatile Sample? _last;

    /// <param name="statistics">Null = the collector no longer answers: what was seen is forgotten.</param>
    public void Apply(CollectorStatistics? statistics) =>
        (_before, _last) = statistics is null ? (null, null) : (_last, new Sample(statistics, time.GetTimestamp()));

    /// <summary>The figures themselves; null while there are none.</summary>
    public CollectorStatistics? Last => _last?.Statistics;

    public IReadOnlyList<StatusSection> ToSections()
    {
        if (_last is not { } last)
        {
            return [new StatusSection("flow", [new StatusRow("collector", "no figures yet", StatusTone.Warning)])];
        }

        return
        [
            new StatusSection("flow", [.. Flow.Select(FlowRow), .. LagRow(), .. StreamsRow(), .. GapsRow(), .. Troubles.Select(TroubleRow).OfType<StatusRow>()]),
            .. VenueSections(last.Statistics.Venues),
            new StatusSection("queues", Queues(last.Statistics.Queues)),
        ];
    }

    /// <summary>A section for the only venue, with all its connections; several venues share one, so that the table fits a screen.</summary>
    private IEnumerable<StatusSection> VenueSections(IReadOnlyList<CollectorStatistics.Venue> venues) => venues.Count == 1
        ? [new StatusSection(venues[0].Name, [.. MissingRow(venues[0]), .. venues[0].Connections.Select(one => ConnectionRow(venues[0], one).Row)])]
        : [new StatusSection("venues", [.. venues.SelectMany(VenueRows)])];

    /// <summary>A venue's connections in one row when there are many, and then those that are not well.</summary>
    private IEnumerable<StatusRow> VenueRows(CollectorStatistics.Venue venue)
    {
        var rows = venue.Connections.Select(one => ConnectionRow(venue, one)).ToList();
        if (rows.Count <= MaxConnectionRows)
        {
            return [.. MissingRow(venue), .. rows.Select(one => one.Row)];
        }

        var unwell = rows.Where(one => !one.IsWell).Select(one => one.Row).ToList();
        var more = unwell.Count > MaxConnectionRows ? $"; {unwell.Count - MaxConnectionRows} more are unwell" : "";
        var rate = Rate(statistics => statistics.Venues.Where(one => one.Name == venue.Name).SelectMany(one => one.Connections).Sum(one => one.Frames));
        var text = $"{venue.Connections.Sum(one => one.Confirmed)} of {venue.Connections.Sum(one => one.Streams)} streams on "
            + $"{venue.Connections.Count} connections, {rate}, {Count(venue.Connections.Sum(one => one.Reconnects))} reconnects{more}";
        return
        [
            new StatusRow(venue.Name, text, unwell.Count == 0 ? StatusTone.Good : StatusTone.Warning), .. unwell.Take(MaxConnectionRows),
        ];
    }

    private static IEnumerable<StatusRow> MissingRow(CollectorStatistics.Venue venue) =>
        venue.Missing is { } reason ? [new StatusRow(venue.Name, $"not collected from: {reason}", StatusTone.Warning)] : [];

    private static long Sum(CollectorStatistics statistics, string counter) =>
        statistics.Counters.Where(one => one.Name == counter).Sum(one => one.Value);

    /// <summary>The queues that hold something; most of the time none does.</summary>
    private static List<StatusRow> Queues(IReadOnlyList<CollectorStatistics.Queue> queues)
    {
        var rows = queues.Where(queue => queue.Length > 0).Select(QueueRow).ToList();
        return rows.Count > 0 ? rows : [new StatusRow($"all {queues.Count}", "empty")];
    }

    private static StatusRow QueueRow(CollectorStatistics.Queue queue) =>
        new(queue.Name, queue.Capacity >= Unbounded ? $"{queue.Length}" : $"{queue.Length} of {queue.Capacity}", queue.Length >= queue.Capacity ? StatusTone.Warning : StatusTone.Plain);

    private StatusRow FlowRow((string Name, string Counter) figure)
    {
        var total = Sum(_last!.Statistics, figure.Counter);
        return new StatusRow(figure.Name, $"{Rate(statistics => Sum(statistics, figure.Counter))}, {Count(total)} in all");
    }

    /// <summary>How old events are when they arrive, the difference of the clocks included; venues that tell, the slowest first.</summary>
    private IEnumerable<StatusRow> LagRow()
    {
        var lags = _last!.Statistics.Counters.Where(one => one is { Name: "pipeline.feed.lag", Detail: "newest", Value: not 0 })
            .OrderByDescending(one => one.Value)
            .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Tag} {one.Value / 1000.0:0.0} ms")).ToList();
        return lags.Count == 0 ? [] : [new StatusRow("latency", $"{string.Join(", ", lags)} (venue's time until received)")];
    }

    /// <summary>Holes in trades: those that are asked for, and what became of the others. None while there was no hole.</summary>
    private IEnumerable<StatusRow> GapsRow()
    {
        var open = Sum(_last!.Statistics, "pipeline.gaps.open");
        var closed = _last.Statistics.Counters.Where(one => one is { Name: "pipeline.gaps.closed", Value: > 0 })
            .GroupBy(one => one.Detail).Select(one => (Outcome: one.Key, Count: one.Sum(gap => gap.Value))).OrderByDescending(one => one.Count).ToList();
        return open == 0 && closed.Count == 0
            ? []
            : [new StatusRow("gaps", $"{Count(open)} open{string.Concat(closed.Select(one => $", {Count(one.Count)} {one.Outcome}"))}", open > 0 ? StatusTone.Warning : StatusTone.Good)];
    }

    /// <summary>None while no stream is judged by itself.</summary>
    private IEnumerable<StatusRow> StreamsRow()
    {
        var states = _last!.Statistics.Counters.Where(one => one.Name == "pipeline.streams")
            .GroupBy(one => one.Detail).ToDictionary(state => state.Key, state => state.Sum(one => one.Value));
        var total = states.Values.Sum();
        if (total == 0)
        {
            return [];
        }

        var rest = OtherStates.Where(state => states.GetValueOrDefault(state) > 0).Select(state => $", {Count(states[state])} {state}");
        var isWell = states.GetValueOrDefault(Fresh) + states.GetValueOrDefault(Quiet) == total;
        return [new StatusRow("fresh", $"{Count(states.GetValueOrDefault(Fresh))} of {Count(total)} streams{string.Concat(rest)}", isWell ? StatusTone.Good : StatusTone.Warning)];
    }

    /// <summary>Null while there is no trouble; with its reasons, the most frequent first.</summary>
    private StatusRow? TroubleRow((string Name, string Counter) figure)
    {
        var counters = _last!.Statistics.Counters.Where(one => one.Name == figure.Counter).ToList();
        var reasons = counters.Where(one => one.Detail.Length > 0).GroupBy(one => one.Detail, one => one.Value)
            .Select(reason => (Name: reason.Key, Count: reason.Sum())).OrderByDescending(reason => reason.Count).Take(MaxReasons)
            .Select(reason => $"{reason.Name} {Count(reason.Count)}").ToList();
        var total = counters.Sum(one => one.Value);
        var detail = reasons.Count == 0 ? "" : $" ({string.Join(", ", reasons)})";
        return total == 0 ? null : new StatusRow(figure.Name, Count(total) + detail, StatusTone.Warning);
    }

    private (StatusRow Row, bool IsWell) ConnectionRow(CollectorStatistics.Venue venue, CollectorStatistics.Connection connection)
    {
        var rate = Rate(statistics => statistics.Venues.Where(one => one.Name == venue.Name).SelectMany(one => one.Connections)
            .Where(one => one.Name == connection.Name).Sum(one => one.Frames));

        // Both by the market clock, which is not this machine's when a recording is replayed.
        TimeSpan? silence = connection.LastMessageAt == 0
            ? null
            : TimeSpan.FromMicroseconds(_last!.Statistics.MarketTime - connection.LastMessageAt);
        var text = $"{connection.Confirmed} of {connection.Streams} streams, {rate}, {Count(connection.Reconnects)} reconnects, "
            + (silence is { } quiet ? FormattableString.Invariant($"last {Math.Max(0, quiet.TotalSeconds):0.0} s ago") : "no message yet");
        var isWell = connection.Running && connection.Confirmed == connection.Streams && silence < FreshFor;
        var tone = isWell ? StatusTone.Good : StatusTone.Warning;
        return (new StatusRow(connection.Name, connection.Running ? text : $"not running, {text}", tone), isWell);
    }

    /// <summary>A counter that has gone back belongs to a new process: there is no rate across that.</summary>
    private string Rate(Func<CollectorStatistics, long> figure)
    {
        if (_before is not { } before || _last is not { } last)
        {
            return "…/s";
        }

        var seconds = time.GetElapsedTime(before.Timestamp, last.Timestamp).TotalSeconds;
        var difference = figure(last.Statistics) - figure(before.Statistics);
        return difference < 0 || seconds <= 0 ? "…/s" : $"{(difference / seconds).ToString("#,0", CultureInfo.InvariantCulture)}/s";
    }

    private static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private sealed record Sample(CollectorStatistics Statistics, long Timestamp);
}
