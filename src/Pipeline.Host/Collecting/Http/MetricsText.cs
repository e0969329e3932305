using Pipeline.Core.Diagnostics;

namespace Pipeline.Host.Collecting.Http;

/// <summary>A collector's figures in Prometheus' text format.</summary>
internal static class MetricsText
{
    /// <param name="memory">Working set, bytes.</param>
    public static string Of(CollectorStatistics statistics, PipelineMetrics metrics, long memory)
    {
        var text = new PrometheusText();
        text.Append(metrics);
        AppendConnections(text, statistics);
        text.Begin("pipeline_uptime_seconds", "Age of the collector", "gauge");
        text.Append("pipeline_uptime_seconds", statistics.UptimeSeconds);
        text.Begin("process_resident_memory_bytes", "Working set of the process", "gauge");
        text.Append("process_resident_memory_bytes", memory);
        return text.ToString();
    }

    private static void AppendConnections(PrometheusText text, CollectorStatistics statistics)
    {
        (string Name, string Help, Func<CollectorStatistics.Connection, long> Value)[] gauges =
        [
            ("pipeline_connection_up", "Whether the connection is open", one => one.Running ? 1 : 0),
            ("pipeline_connection_streams", "Streams wished for on the connection", one => one.Streams),
            ("pipeline_connection_confirmed", "Streams of the connection that the venue has confirmed", one => one.Confirmed),
        ];
        foreach (var (name, help, value) in gauges)
        {
            text.Begin(name, help, "gauge");
            foreach (var venue in statistics.Venues)
            {
                foreach (var connection in venue.Connections)
                {
                    text.Append(name, value(connection), ("venue", venue.Name), ("connection", connection.Name));
                }
            }
        }
    }
}
