using Pipeline.Core.Market;

namespace Pipeline.Host.Collecting;

/// <summary>A collector's figures as <c>md.status</c> has them, one record a venue; rates are the differences of two looks.</summary>
internal static class StatusReport
{
    /// <param name="before">The look before; null at the first.</param>
    /// <param name="memory">Working set, bytes.</param>
    /// <param name="hasStopped">It is the last look.</param>
    public static IReadOnlyList<CollectorStatus> Of(
        string collector, CollectorStatistics? before, CollectorStatistics now, long memory, bool hasStopped = false)
    {
        var fullest = now.Queues.Where(queue => queue.Length > 0)
            .OrderByDescending(queue => (decimal)queue.Length / Math.Max(1, queue.Capacity)).FirstOrDefault();
        return [.. now.Venues.Select(venue => Of(collector, before, now, venue, hasStopped) with
        {
            Memory = memory,
            Queue = fullest?.Name ?? "",
            QueueLength = fullest?.Length ?? 0,
            QueueCapacity = fullest?.Capacity ?? 0,
        })];
    }

    private static CollectorStatus Of(
        string collector, CollectorStatistics? before, CollectorStatistics now, CollectorStatistics.Venue venue, bool hasStopped)
    {
        long Sum(CollectorStatistics statistics, string counter) =>
            statistics.Counters.Where(one => one.Name == counter && one.Tag == venue.Name).Sum(one => one.Value);
        long Rate(string counter)
        {
            var seconds = before is null ? 0 : now.UptimeSeconds - before.UptimeSeconds;
            return seconds > 0 ? (long)Math.Round((Sum(now, counter) - Sum(before!, counter)) / seconds) : 0;
        }

        return new CollectorStatus
        {
            Collector = collector,
            Venue = venue.Name,
            Time = now.MarketTime,
            State = hasStopped ? "stopped" : venue.Missing is null ? "running" : "starting",
            Reason = hasStopped ? null : venue.Missing ?? Unwell(venue),
            Uptime = (long)now.UptimeSeconds,
            Connections = venue.Connections.Count,
            OpenConnections = hasStopped ? 0 : venue.Connections.Count(one => one.Running),
            Streams = venue.Connections.Sum(one => one.Streams),
            ConfirmedStreams = hasStopped ? 0 : venue.Connections.Sum(one => one.Confirmed),
            Health = venue.Health ?? [],
            Messages = Sum(now, "pipeline.feed.frames"),
            MessagesPerSecond = Rate("pipeline.feed.frames"),
            Bytes = Sum(now, "pipeline.feed.bytes"),
            BytesPerSecond = Rate("pipeline.feed.bytes"),
            Lag = now.Counters.FirstOrDefault(one => one.Name == "pipeline.feed.lag" && one.Tag == venue.Name)?.Value,
            Reconnects = venue.Connections.Sum(one => one.Reconnects),
            Disconnects = Sum(now, "pipeline.feed.disconnects"),
            ConnectFailures = Sum(now, "pipeline.feed.connect_failures"),
            Holes = Sum(now, "pipeline.sequence.holes"),
            Missing = Sum(now, "pipeline.sequence.missing"),
            DeadLetters = Sum(now, "pipeline.feed.dead_letters"),
            Dropped = Sum(now, "pipeline.graph.dropped"),
        };
    }

    private static string? Unwell(CollectorStatistics.Venue venue) =>
        venue.Connections.FirstOrDefault(one => !one.Running || one.Confirmed < one.Streams) is { } waiting
            ? $"{waiting.Name}: {(waiting.Running ? $"{waiting.Confirmed} of {waiting.Streams} streams confirmed" : "not connected")}"
            : null;
}
