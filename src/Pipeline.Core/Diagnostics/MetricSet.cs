using System.Diagnostics.Metrics;

namespace Pipeline.Core.Diagnostics;

/// <summary>
/// All metrics of a meter, in the order they were declared; complete before anybody counts. What is declared here is on the meter, in
/// <see cref="PipelineMetrics.Snapshot"/> and in the text for Prometheus, from the same numbers.
/// </summary>
internal sealed class MetricSet
{
    private readonly Meter _meter;
    private readonly MetricOwner _owner;
    private readonly List<Metric> _all;

    public MetricSet(Meter meter)
        : this(meter, MetricOwner.Every, [])
    {
    }

    private MetricSet(Meter meter, MetricOwner owner, List<Metric> all) => (_meter, _owner, _all) = (meter, owner, all);

    public IReadOnlyList<Metric> All => _all;

    /// <summary>The same set, for declaring what is about one process.</summary>
    public MetricSet Of(MetricOwner owner) => new(_meter, owner, _all);

    /// <summary>What is counted here.</summary>
    /// <param name="goesDown">What is counted comes and goes: the sum is how many there are now.</param>
    public TaggedCounter Add(string name, string unit, string description, string tagName = "", string detailName = "", bool goesDown = false) =>
        Keep(new TaggedCounter(_meter, Describe(name, unit, description, tagName, detailName, !goesDown), goesDown));

    /// <summary>What somebody else holds and is read when it is looked at.</summary>
    /// <param name="read">The values that there are, by their tags; from any thread.</param>
    /// <param name="isCounter">It only rises; else it is how much there is now.</param>
    public void Watch(
        string name, string unit, string description, Func<IEnumerable<(string Tag, string Detail, long Value)>> read,
        string tagName = "", string detailName = "", bool isCounter = false) =>
        Keep(new WatchedFigure(_meter, Describe(name, unit, description, tagName, detailName, isCounter), _ => read()));

    /// <summary>One of the figures that come from the same source.</summary>
    /// <param name="figure">Its values, by their tags.</param>
    /// <param name="isCounter">It only rises; else it is how much there is now.</param>
    public void Watch<T>(
        string name, string unit, string description, MetricSource<T> source, Func<T, IEnumerable<(string Tag, string Detail, long Value)>> figure,
        string tagName = "", string detailName = "", bool isCounter = false)
        where T : notnull =>
        Keep(new WatchedFigure(
            _meter, Describe(name, unit, description, tagName, detailName, isCounter), look => source.Read(look, figure)));

    /// <summary>Latencies in buckets, one histogram for each tag.</summary>
    public LatencyFamily AddLatency(string name, string description, string tagName = "", string detailName = "") =>
        Keep(new LatencyFamily(_meter, Describe(name, "us", description, tagName, detailName, isCounter: false) with { IsHistogram = true }));

    private MetricFamily Describe(string name, string unit, string description, string tagName, string detailName, bool isCounter) =>
        new(name, unit, description, tagName, detailName, isCounter) { Owner = _owner };

    private T Keep<T>(T metric)
        where T : Metric
    {
        _all.Add(metric);
        return metric;
    }
}
