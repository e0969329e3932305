using System.Globalization;
using System.Text;
using Pipeline.Core.Diagnostics;

namespace Pipeline.Host.Collecting.Http;

/// <summary>
/// A collector's figures in Prometheus' text format 0.0.4: names with underscores, <c>_total</c> behind counters, each family once with
/// HELP and TYPE.
/// </summary>
internal static class MetricsText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <param name="memory">Working set, bytes.</param>
    public static string Of(CollectorStatistics statistics, PipelineMetrics metrics, long memory)
    {
        var text = new StringBuilder(16 * 1024);
        var samples = metrics.Snapshot().ToLookup(sample => sample.Name, StringComparer.Ordinal);
        foreach (var family in metrics.Families)
        {
            Begin(text, NameOf(family), family.Description, family.IsCounter ? "counter" : "gauge");
            foreach (var sample in samples[family.Name])
            {
                Append(text, NameOf(family), sample.Value, (family.TagName, sample.Tag), (family.DetailName, sample.Detail));
            }
        }

        AppendQueues(text, metrics.Queues);
        AppendConnections(text, statistics);
        Begin(text, "pipeline_uptime_seconds", "Age of the collector", "gauge");
        text.Append(CultureInfo.InvariantCulture, $"pipeline_uptime_seconds {statistics.UptimeSeconds}\n");
        Begin(text, "process_resident_memory_bytes", "Working set of the process", "gauge");
        Append(text, "process_resident_memory_bytes", memory);
        return text.ToString();
    }

    /// <summary><c>pipeline.feed.frames</c> is <c>pipeline_feed_frames_total</c>; what is no letter, digit or underscore becomes one.</summary>
    internal static string NameOf(MetricFamily family)
    {
        var name = string.Concat(family.Name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        var unit = family.Unit switch
        {
            "By" when !name.EndsWith("bytes", StringComparison.Ordinal) => "_bytes",
            "us" => "_microseconds",
            _ => "",
        };
        return (char.IsAsciiDigit(name[0]) ? "_" : "") + name + unit + (family.IsCounter ? "_total" : "");
    }

    private static void AppendQueues(StringBuilder text, IReadOnlyCollection<QueueGauge> queues)
    {
        Begin(text, "pipeline_queue_length", "Items waiting in a bounded queue", "gauge");
        foreach (var queue in queues)
        {
            Append(text, "pipeline_queue_length", queue.Length(), ("queue", queue.Name));
        }

        Begin(text, "pipeline_queue_capacity", "Items that may wait in it", "gauge");
        foreach (var queue in queues)
        {
            Append(text, "pipeline_queue_capacity", queue.Capacity, ("queue", queue.Name));
        }
    }

    private static void AppendConnections(StringBuilder text, CollectorStatistics statistics)
    {
        (string Name, string Help, Func<CollectorStatistics.Connection, long> Value)[] gauges =
        [
            ("pipeline_connection_up", "Whether the connection is open", one => one.Running ? 1 : 0),
            ("pipeline_connection_streams", "Streams wished for on the connection", one => one.Streams),
            ("pipeline_connection_confirmed", "Streams of the connection that the venue has confirmed", one => one.Confirmed),
        ];
        foreach (var (name, help, value) in gauges)
        {
            Begin(text, name, help, "gauge");
            foreach (var venue in statistics.Venues)
            {
                foreach (var connection in venue.Connections)
                {
                    Append(text, name, value(connection), ("venue", venue.Name), ("connection", connection.Name));
                }
            }
        }
    }

    private static void Begin(StringBuilder text, string name, string help, string type) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
            .Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static void Append(StringBuilder text, string name, long value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        text.Append(name);
        var open = '{';
        foreach (var label in labels)
        {
            if (label.Name.Length > 0)
            {
                text.Append(open).Append(label.Name).Append("=\"").Append(Escape(label.Value)).Append('"');
                open = ',';
            }
        }

        text.Append(open == ',' ? "} " : " ").Append(value).Append('\n');
    }

    private static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
