using System.Globalization;
using System.Text;

namespace Pipeline.Core.Diagnostics;

/// <summary>
/// Figures in Prometheus' text format 0.0.4: names with underscores, <c>_total</c> behind counters, each family once with HELP and TYPE.
/// </summary>
public sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new(16 * 1024);

    /// <summary><c>pipeline.feed.frames</c> is <c>pipeline_feed_frames_total</c>; what is no letter, digit or underscore becomes one.</summary>
    public static string NameOf(MetricFamily family)
    {
        ArgumentNullException.ThrowIfNull(family);
        var name = string.Concat(family.Name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        var unit = family.Unit switch
        {
            "By" when !name.EndsWith("bytes", StringComparison.Ordinal) => "_bytes",
            "us" => "_microseconds",
            _ => "",
        };
        return (char.IsAsciiDigit(name[0]) ? "_" : "") + name + unit + (family.IsCounter ? "_total" : "");
    }

    /// <summary>Every counter and gauge of a process, and its queues.</summary>
    /// <param name="area">Only families whose name begins so, such as <c>pipeline.gateway.</c>; empty = all.</param>
    public void Append(PipelineMetrics metrics, string area = "")
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var samples = metrics.Snapshot().ToLookup(sample => sample.Name, StringComparer.Ordinal);
        foreach (var family in metrics.Families.Where(family => family.Name.StartsWith(area, StringComparison.Ordinal)))
        {
            Begin(NameOf(family), family.Description, family.IsCounter ? "counter" : "gauge");
            foreach (var sample in samples[family.Name])
            {
                Append(NameOf(family), sample.Value, (family.TagName, sample.Tag), (family.DetailName, sample.Detail));
            }
        }

        Begin("pipeline_queue_length", "Items waiting in a bounded queue", "gauge");
        foreach (var queue in metrics.Queues)
        {
            Append("pipeline_queue_length", queue.Length(), ("queue", queue.Name));
        }

        Begin("pipeline_queue_capacity", "Items that may wait in it", "gauge");
        foreach (var queue in metrics.Queues)
        {
            Append("pipeline_queue_capacity", queue.Capacity, ("queue", queue.Name));
        }
    }

    /// <summary>A histogram of seconds.</summary>
    public void Append(string name, string help, LatencyHistogram histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        Begin(name, help, "histogram");
        var (counts, sum) = histogram.Read();
        var total = 0L;
        for (var i = 0; i < counts.Count; i++)
        {
            total += counts[i];
            var bound = i < LatencyHistogram.Bounds.Count ? Seconds(LatencyHistogram.Bounds[i]) : "+Inf";
            Append($"{name}_bucket", total, ("le", bound));
        }

        _text.Append(name).Append("_sum ").Append(Seconds(sum)).Append('\n');
        Append($"{name}_count", total);
    }

    /// <summary>Begins a family; its samples follow.</summary>
    /// <param name="type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
    public void Begin(string name, string help, string type)
    {
        ArgumentNullException.ThrowIfNull(help);
        _text.Append("# HELP ").Append(name).Append(' ')
            .Append(help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
            .Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    /// <param name="labels">Those without a name are left out.</param>
    public void Append(string name, long value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        AppendName(name, labels);
        _text.Append(value).Append('\n');
    }

    public void Append(string name, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        AppendName(name, labels);
        _text.Append(CultureInfo.InvariantCulture, $"{value}\n");
    }

    public override string ToString() => _text.ToString();

    private static string Seconds(long microseconds) => (microseconds / 1_000_000m).ToString("0.######", CultureInfo.InvariantCulture);

    private static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private void AppendName(string name, ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(name);
        var open = '{';
        foreach (var label in labels)
        {
            if (label.Name.Length > 0)
            {
                _text.Append(open).Append(label.Name).Append("=\"").Append(Escape(label.Value)).Append('"');
                open = ',';
            }
        }

        _text.Append(open == ',' ? "} " : " ");
    }
}
