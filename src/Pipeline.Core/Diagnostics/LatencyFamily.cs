using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Pipeline.Core.Diagnostics;

/// <summary>
/// Histograms of one name, one for each value of its tags. Our own buckets are what the text for Prometheus tells; a listener of the meter
/// gets every latency as it is added, and only then does that cost anything.
/// </summary>
internal sealed class LatencyFamily : Metric
{
    private readonly ConcurrentDictionary<(string Tag, string Detail), LatencyHistogram> _all = new();
    private readonly Histogram<double> _instrument;

    public LatencyFamily(Meter meter, MetricFamily family)
        : base(family) =>
        _instrument = meter.CreateHistogram(
            family.Name, "s", family.Description,
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.. LatencyHistogram.Bounds.Select(bound => bound / 1e6)] });

    public IReadOnlyList<(string Tag, string Detail, LatencyHistogram Histogram)> All =>
    [
        .. _all.Select(one => (one.Key.Tag, one.Key.Detail, one.Value))
            .OrderBy(one => one.Tag, StringComparer.Ordinal).ThenBy(one => one.Detail, StringComparer.Ordinal),
    ];

    /// <summary>The histogram of a tag, to be kept by who adds to it.</summary>
    public LatencyHistogram Of(string tag = "", string detail = "") => _all.TryGetValue((tag, detail), out var known) ? known : Attach(new(), tag, detail);

    /// <summary>One that somebody else has made is the one of this tag.</summary>
    public LatencyHistogram Attach(LatencyHistogram histogram, string tag = "", string detail = "")
    {
        var kept = _all.GetOrAdd((tag, detail), histogram);
        kept.Tell(_instrument, Family.TagsOf(tag, detail));
        return kept;
    }

    /// <summary>Nothing: a distribution is no single number.</summary>
    public override void CopyTo(List<MetricSample> samples, MetricLook look)
    {
    }
}
