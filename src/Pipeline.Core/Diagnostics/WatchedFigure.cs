using System.Diagnostics.Metrics;

namespace Pipeline.Core.Diagnostics;

/// <summary>A figure that somebody else holds and that is read when it is looked at.</summary>
internal sealed class WatchedFigure : Metric
{
    private readonly Func<MetricLook, IEnumerable<(string Tag, string Detail, long Value)>> _read;

    public WatchedFigure(Meter meter, MetricFamily family, Func<MetricLook, IEnumerable<(string Tag, string Detail, long Value)>> read)
        : base(family)
    {
        _read = read;
        Publish(meter);
    }

    public override void CopyTo(List<MetricSample> samples, MetricLook look)
    {
        foreach (var (tag, detail, value) in _read(look))
        {
            samples.Add(new MetricSample(Family.Name, tag, detail, value));
        }
    }
}
