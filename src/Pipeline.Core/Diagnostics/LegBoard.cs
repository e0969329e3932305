using System.Collections.Concurrent;

namespace Pipeline.Core.Diagnostics;

/// <summary>The figures of all legs. Each lane keeps its own; here they are put together, when somebody looks.</summary>
internal sealed class LegBoard
{
    private readonly ConcurrentQueue<LegFigures> _figures = new();

    public LegBoard(MetricSet set)
    {
        var legs = new MetricSource<IReadOnlyList<LegStatistics>>();
        legs.Attach(Read);
        Watch("pipeline.legs.wins", "{trade}", "Trades of which a leg brought the first copy", leg => leg.Wins, isCounter: true);
        Watch("pipeline.legs.losses", "{trade}", "Trades a leg never brought while another was open", leg => leg.Losses, isCounter: true);
        Watch("pipeline.legs.lead_p50", "us", "How far a leg's first copies were ahead, median", leg => leg.LeadP50);
        Watch("pipeline.legs.lead_p99", "us", "How far a leg's first copies were ahead, 99 %", leg => leg.LeadP99);

        void Watch(string name, string unit, string description, Func<LegStatistics, long> figure, bool isCounter = false) => set.Watch(
            name, unit, description, legs, all => all.Select(leg => (leg.Venue, leg.Connection, figure(leg))), "venue", "leg", isCounter);
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
}
