using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Auditing;

/// <summary>The instruments of records, with the rules that hold for the topology's stream of their trades.</summary>
internal sealed class AuditInstruments(TopologyFile topology)
{
    private readonly InstrumentRegistry _registry = new();

    public Instrument Of(string venue, string id) => Of(venue, id, "");

    /// <param name="symbol">The venue's spelling; empty = by its rule.</param>
    public Instrument Of(string venue, string id, string symbol)
    {
        var parts = KnownVenues.All.Any(known => known.Name == venue) ? KnownVenues.Of(venue) : null;
        var spelling = symbol.Length > 0 ? symbol : parts?.Adapter.SymbolOf(id) ?? id;
        return _registry.GetOrAdd(venue, id, spelling, RulesOf(parts, venue));
    }

    private SequenceRules RulesOf(VenueParts? parts, string venue) =>
        parts?.Adapter.RulesFor(topology.Venues.FirstOrDefault(one => one.Name == venue)?.TradeSource ?? "") ?? SequenceRules.Default;
}
