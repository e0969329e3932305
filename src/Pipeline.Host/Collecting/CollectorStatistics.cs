using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Kafka.Ownership;

namespace Pipeline.Host.Collecting;

/// <summary>Answer of the collector's <c>GET /statistics</c>: what the collector writes and the status table reads.</summary>
/// <param name="MarketTime">Now by the market clock, microseconds since the Unix epoch.</param>
internal sealed record CollectorStatistics(
    double UptimeSeconds,
    long MarketTime,
    IReadOnlyList<CollectorStatistics.Venue> Venues,
    IReadOnlyList<CollectorStatistics.Counter> Counters,
    IReadOnlyList<CollectorStatistics.Queue> Queues)
{
    /// <summary>Connections that carry the same streams side by side, and how each does; empty while none do.</summary>
    public IReadOnlyList<LegStatistics> Legs { get; init; } = [];

    /// <summary>Managed heap after the last collection, what was dead and not given back among it, bytes; 0 before the first.</summary>
    public long ManagedHeapBytes { get; init; }

    /// <summary>The collector's name.</summary>
    public string Instance { get; init; } = "";

    /// <summary>Who owns which partition, as this collector sees it.</summary>
    public IReadOnlyList<Partition> Partitions { get; init; } = [];

    public static Partition Describe(PartitionStanding one) =>
        new(one.Partition, one.Owner, one.Phase.ToString().ToLowerInvariant(), one.IsWanted, one.Epoch);

    /// <param name="missing">Venues that have not joined yet, and why.</param>
    /// <param name="order">Names of all venues.</param>
    public static CollectorStatistics Of(
        TimeSpan uptime,
        long marketTime,
        IEnumerable<VenueFeedStatistics> feeds,
        IReadOnlyList<(string Venue, string Reason)> missing,
        IReadOnlyList<string> order,
        PipelineMetrics metrics,
        StreamHealthBoard? health = null) => new(
        Math.Round(uptime.TotalSeconds, 3),
        marketTime,
        [
            .. feeds.Select(feed => new Venue(feed.Venue, [.. feed.Connections.Select(Describe)], Health: health?.CountsOf(feed.Venue)))
                .Concat(missing.Select(one => new Venue(one.Venue, [], one.Reason))).DistinctBy(venue => venue.Name)
                .OrderBy(venue => order.ToList().IndexOf(venue.Name)),
        ],
        [.. metrics.Snapshot().Select(sample => new Counter(sample.Name, sample.Tag, sample.Detail, sample.Value))],
        [.. metrics.Queues.Select(queue => new Queue(queue.Name, queue.Length(), queue.Capacity))])
        {
            Legs = metrics.Legs,
            ManagedHeapBytes = GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes,
        };

    private static Connection Describe(ConnectionStatistics one) => new(
        one.Id, one.Streams, one.Confirmed, one.IsRunning, one.Frames, one.Reconnections, one.LastMessageAt,
        one.WireBytes, one.PayloadBytes, one.BytesPerSecond, one.IsCompressed);

    /// <param name="Missing">Why it is not collected from yet; null when it is.</param>
    /// <param name="Health">Streams by health, in the order of <see cref="Core.Market.HealthState"/>; null when nobody watches.</param>
    internal sealed record Venue(
        string Name, IReadOnlyList<Connection> Connections, string? Missing = null, IReadOnlyList<int>? Health = null);

    /// <param name="LastMessageAt">Market-clock time, microseconds since the Unix epoch; 0 before the first frame.</param>
    /// <param name="WireBytes">Bytes of frames since creation, headers included, before inflation.</param>
    /// <param name="PayloadBytes">Bytes of messages since creation.</param>
    /// <param name="BytesPerSecond">On the wire, mean of the last ten seconds.</param>
    internal sealed record Connection(
        string Name, int Streams, int Confirmed, bool Running, long Frames, long Reconnects, long LastMessageAt,
        long WireBytes = 0, long PayloadBytes = 0, long BytesPerSecond = 0, bool Compressed = false);

    internal sealed record Counter(string Name, string Tag, string Detail, long Value);

    /// <param name="Number">Of the partition.</param>
    /// <param name="Owner">Name of the collector that owns it; null = nobody that is known.</param>
    /// <param name="Phase">How far this one has come with it; <c>owning</c> = it is ours.</param>
    /// <param name="Wanted">The group wants this one to have it.</param>
    /// <param name="Epoch">Offset of this one's claim; -1 without one.</param>
    internal sealed record Partition(int Number, string? Owner, string Phase, bool Wanted, long Epoch);

    internal sealed record Queue(string Name, long Length, long Capacity);
}
