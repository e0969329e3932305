using System.Text.Json;

namespace Pipeline.Host.Supervision;

/// <summary>Answer of the collector's <c>GET /statistics</c>, as far as the status table shows it.</summary>
internal sealed record CollectorStatistics(
    double UptimeSeconds,
    IReadOnlyList<CollectorStatistics.Venue> Venues,
    IReadOnlyList<CollectorStatistics.Counter> Counters,
    IReadOnlyList<CollectorStatistics.Queue> Queues)
{
    internal sealed record Venue(string Name, IReadOnlyList<Connection> Connections);

    internal sealed record Connection(
        string Name, int Streams, int Confirmed, bool Running, long Frames, long Reconnects, JsonElement LastMessageAt);

    internal sealed record Counter(string Name, string Tag, string Detail, long Value);

    internal sealed record Queue(string Name, long Length, long Capacity);
}
