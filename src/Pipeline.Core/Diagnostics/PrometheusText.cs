using System.Diagnostics.Metrics;
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
            "By/s" => "_bytes_per_second",
            "s" or "us" or "ms" => "_seconds",
            _ => "",
        };
        return (char.IsAsciiDigit(name[0]) ? "_" : "") + name + unit + (family.IsCounter ? "_total" : "");
    }

    /// <summary>Every metric of a process; those about other processes that have never had a value are left out.</summary>
    /// <param name="process">Whose are there even before they have a value, beside everybody's.</param>
    public void Append(PipelineMetrics metrics, MetricOwner process)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var samples = metrics.Snapshot().ToLookup(sample => sample.Name, StringComparer.Ordinal);
        foreach (var family in metrics.Families)
        {
            var isOurs = family.Owner == MetricOwner.Every || family.Owner == process;
            if (family.IsHistogram)
            {
                Append(family, [.. metrics.HistogramsOf(family).Where(one => isOurs || one.Histogram.Count > 0)]);
            }
            else if (isOurs || samples[family.Name].Any(sample => sample.Value != 0))
            {
                Append(family, samples[family.Name]);
            }
        }
    }

    /// <summary>
    /// The counters and gauges of a meter that is not ours, such as that of a library: as a listener of the meter reads them. What is counted as
    /// it happens, and not when it is read, is not among them.
    /// </summary>
    public void Append(Meter meter)
    {
        foreach (var (family, samples) in MeterReading.Of(meter))
        {
            Begin(NameOf(family), family.Description, family.IsCounter ? "counter" : "gauge");
            foreach (var (value, labels) in samples)
            {
                Append(NameOf(family), value, labels);
            }
        }
    }

    /// <summary>A histogram of seconds.</summary>
    public void Append(string name, string help, LatencyHistogram histogram)
    {
        Begin(name, help, "histogram");
        AppendBuckets(name, histogram, []);
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

    private void Append(MetricFamily family, IEnumerable<MetricSample> samples)
    {
        var name = NameOf(family);
        Begin(name, family.Description, family.IsCounter ? "counter" : "gauge");
        foreach (var sample in samples)
        {
            AppendName(name, [(family.TagName, sample.Tag), (sample.Detail.Length > 0 ? family.DetailName : "", sample.Detail)]);
            if (family.PerSecond is { } perSecond)
            {
                _text.Append(CultureInfo.InvariantCulture, $"{(decimal)sample.Value / perSecond:0.######}\n");
            }
            else
            {
                _text.Append(sample.Value).Append('\n');
            }
        }
    }

    private void Append(MetricFamily family, IReadOnlyList<(string Tag, string Detail, LatencyHistogram Histogram)> histograms)
    {
        if (histograms.Count > 0)
        {
            Begin(NameOf(family), family.Description, "histogram");
        }

        foreach (var (tag, detail, histogram) in histograms)
        {
            AppendBuckets(NameOf(family), histogram, [(family.TagName, tag), (detail.Length > 0 ? family.DetailName : "", detail)]);
        }
    }

    private void AppendBuckets(string name, LatencyHistogram histogram, (string Name, string Value)[] labels)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        var (counts, sum) = histogram.Read();
        var total = 0L;
        for (var i = 0; i < counts.Count; i++)
        {
            total += counts[i];
            var bound = i < LatencyHistogram.Bounds.Count ? Seconds(LatencyHistogram.Bounds[i]) : "+Inf";
            Append($"{name}_bucket", total, [.. labels, ("le", bound)]);
        }

        AppendName($"{name}_sum", labels);
        _text.Append(Seconds(sum)).Append('\n');
        Append($"{name}_count", total, labels);
    }

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
