using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Verification;

namespace Pipeline.Host.Verifying;

/// <summary>What the topology and <c>md.instruments</c> say of an instrument's trades.</summary>
internal sealed class RuleBook(TopologyFile topology)
{
    // Of a venue that the topology does not have: its default source, as its adapter names it first.
    private readonly Dictionary<string, string> _sources =
        topology.Venues.ToDictionary(venue => venue.Name, venue => venue.TradeSource, StringComparer.Ordinal);

    private readonly Dictionary<string, InstrumentInfo> _known = new(StringComparer.Ordinal);

    /// <summary>Takes note of a record of <c>md.instruments</c>.</summary>
    public void Add(KafkaRecord record)
    {
        if (record.Value is not null && InstrumentRecordReader.Read(record.Value) is { } known)
        {
            _known[$"{known.Info.Venue}:{known.Info.Id}"] = known.Info;
        }
    }

    public ProofRules Of(string key)
    {
        var venue = VenueOf(key);
        if (!KnownVenues.All.Any(known => known.Name == venue))
        {
            return new ProofRules();
        }

        var adapter = KnownVenues.Adapter(venue);
        var source = SourceOf(venue);
        return new ProofRules
        {
            Ids = adapter.RulesFor(source).Trades,
            ContractSize = _known.GetValueOrDefault(key)?.ContractSize ?? new Number(1, 0),
            CountsFills = !IsAggregate(key),

            // Raw trades of USDⓈ-M futures count what insurance fund and deleveraging fill; station 4 takes those out.
            HasOffMarketIds = venue == "binance-futures" && source == "trade",
        };
    }

    /// <summary>A record stands for all fills of one order at one price, and its id is not theirs.</summary>
    public bool IsAggregate(string key) => SourceOf(VenueOf(key)) == "aggTrade";

    /// <summary>The venue's own spelling; where it was not told, what most venues would call it.</summary>
    public string SymbolOf(string key)
    {
        var id = key[(key.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return _known.TryGetValue(key, out var info) ? info.Symbol
            : KnownVenues.All.FirstOrDefault(known => known.Name == VenueOf(key))?.SymbolOf?.Invoke(id) ?? id;
    }

    public static string VenueOf(string key) => key[..Math.Max(0, key.IndexOf(':', StringComparison.Ordinal))];

    private string SourceOf(string venue) =>
        _sources.TryGetValue(venue, out var source) && source.Length > 0 ? source
            : KnownVenues.All.Any(known => known.Name == venue) && KnownVenues.Adapter(venue).TradeSources is [var first, ..] ? first
            : "";
}
