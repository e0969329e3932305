using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Core.Recordings;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Replaying;

/// <summary>How the frames of a recording are read: by its own header, or, where it has none, by the topology.</summary>
internal sealed class ReplaySources
{
    private readonly Dictionary<(string Venue, string Connection), FeedSource?> _sources = [];
    private readonly Dictionary<string, (IVenueParser Parser, SymbolTable Symbols, int TimeUnit)> _venues = new(StringComparer.Ordinal);
    private readonly InstrumentRegistry _registry = new();
    private readonly Func<string, string, bool> _takes;
    private readonly string _only;

    /// <param name="venue">Venue of a recording that does not say; null = the topology's only one.</param>
    /// <param name="takes">Whether an instrument of a venue, both by name, is replayed.</param>
    /// <exception cref="RecordingException">It cannot be told what the frames are.</exception>
    public ReplaySources(RecordingHeader header, TopologyFile topology, string? venue, Func<string, string, bool> takes)
    {
        _takes = takes;
        if (header.Venues.Count > 0)
        {
            foreach (var recorded in header.Venues)
            {
                Add(recorded);
            }

            _only = header.Venues[0].Name;
            return;
        }

        var options = topology.Venues.Where(one => venue is null || one.Name == venue).ToList() is [var only]
            ? only
            : throw new RecordingException(
                $"the recording does not say of which venue it is: give --venue and a topology that names its instruments "
                + $"(there: {string.Join(", ", topology.Venues.Select(one => one.Name))})");
        _only = options.Name;
        var access = new VenueAccess(options, KnownVenues.Adapter(options.Name), null);
        var plan = VenuePlan.Of(access, VenueListing.OfNames(access), _registry);
        Add(new RecordedVenue(
            options.Name,
            options.TradeSource,
            access.Adapter.TimeUnit,
            plan.TakesEveryToken,
            [.. plan.Registered.Select(one => new RecordedInstrument(one.Id, one.Symbol))]));
    }

    /// <summary>Instruments whose frames are read.</summary>
    public IReadOnlyList<Instrument> Instruments => _registry.All;

    /// <summary>How the batch is read; null when its venue is in no header, which must be counted.</summary>
    public FeedSource? Of(RecordedBatch batch)
    {
        var venue = batch.Venue.Length == 0 ? _only : batch.Venue;
        if (!_sources.TryGetValue((venue, batch.Connection), out var source))
        {
            source = _venues.TryGetValue(venue, out var parts)
                ? new FeedSource(venue, batch.Connection, parts.Parser, parts.Symbols, parts.TimeUnit)
                : null;
            _sources.Add((venue, batch.Connection), source);
        }

        return source;
    }

    private void Add(RecordedVenue venue)
    {
        if (!KnownVenues.All.Any(one => one.Name == venue.Name))
        {
            throw new RecordingException($"the recording is of the venue '{venue.Name}', which this program does not know");
        }

        var adapter = KnownVenues.Adapter(venue.Name);
        var rules = adapter.RulesFor(venue.TradeSource);
        var symbols = venue.TakesEverySymbol
            ? new SymbolTable(symbol => _registry.GetOrAdd(venue.Name, symbol, symbol, rules))
            : new SymbolTable();
        foreach (var one in venue.Instruments.Where(one => _takes(venue.Name, one.Id)))
        {
            symbols.Add(_registry.GetOrAdd(venue.Name, one.Id, one.Symbol, rules, SizeOf(one)));
        }

        _venues[venue.Name] = (adapter.Parser, symbols, venue.TimeUnit);
    }

    private static Number? SizeOf(RecordedInstrument instrument) => instrument.ContractSize switch
    {
        null => null,
        { } text when Number.TryParse(text, out var size) => size,
        { } text => throw new RecordingException($"the recording's header has '{text}' as contract size of {instrument.Id}"),
    };
}
