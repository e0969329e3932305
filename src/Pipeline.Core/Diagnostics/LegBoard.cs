using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Pipeline.Core.Diagnostics;

/// <summary>The figures of all legs. Each lane keeps its own; here they are put together, when somebody looks.</summary>
internal sealed class LegBoard
{
    private readonly ConcurrentQueue<LegFigures> _figures = new();

    public LegBoard(Meter meter)
    {
        meter.CreateObservableCounter(
            "pipeline.legs.wins", () => Observe(leg => leg.Wins), "{trade}", "Trades of which a leg brought the first copy");
        meter.CreateObservableCounter(
            "pipeline.legs.losses", () => Observe(leg => leg.Losses), "{trade}", "Trades a leg never brought while another was open");
        meter.CreateObservableGauge(
            "pipeline.legs.lead_p50", () => Observe(leg => leg.LeadP50), "us", "How far a leg's first copies were ahead, median");
        meter.CreateObservableGauge(
            "pipeline.legs.lead_p99", () => Observe(leg => leg.LeadP99), "us", "How far a leg's first copies were ahead, 99 %");
    }

    public LegFigures Add(string venue, string connection)
    {
        var figures = new LegFigures(venue, connection);
        _figures.Enqueue(figures);
        return figures;
    }

    public IReadOnlyList<LegStatistics> Read() =>
    [
        .. _figures.GroupBy(one => (one.Venue, one.Connection)).Select(lanes => Merge([.. lanes]))
            .OrderBy(leg => leg.Venue, StringComparer.Ordinal).ThenBy(leg => leg.Connection, StringComparer.Ordinal),
    ];

    public void CopyTo(List<MetricSample> samples)
    {
        foreach (var leg in Read())
        {
            samples.Add(new MetricSample("pipeline.legs.wins", leg.Venue, leg.Connection, leg.Wins));
            samples.Add(new MetricSample("pipeline.legs.losses", leg.Venue, leg.Connection, leg.Losses));
            samples.Add(new MetricSample("pipeline.legs.lead_p50", leg.Venue, leg.Connection, leg.LeadP50));
            samples.Add(new MetricSample("pipeline.legs.lead_p99", leg.Venue, leg.Connection, leg.LeadP99));
        }
    }

    private static LegStatistics Merge(LegFigures[] lanes)
    {
        LeadHistogram[] leads = [.. lanes.Select(one => one.Lead)];
        return new LegStatistics(
            lanes[0].Venue,
            lanes[0].Connection,
            lanes.Sum(one => one.Wins),
            lanes.Sum(one => one.Losses),
            LeadHistogram.Quantile(leads, 0.5),
            LeadHistogram.Quantile(leads, 0.99));
    }

    private IEnumerable<Measurement<long>> Observe(Func<LegStatistics, long> figure)
    {
        foreach (var leg in Read())
        {
            yield return new Measurement<long>(
                figure(leg),
                new KeyValuePair<string, object?>("venue", leg.Venue),
                new KeyValuePair<string, object?>("connection", leg.Connection));
        }
    }
}
