using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Verifying;

/// <summary>
/// Asks the venues themselves for trades, page by page by their ids, within their budgets and as repair does: a share is left to others.
/// What a venue does not serve any more, or never by id, is not told, and then cannot be proved.
/// </summary>
internal sealed class RestTruth : ITradeTruth
{
    // The most that any venue gives in one answer.
    private const int Page = 1_000;

    private readonly Dictionary<string, IVenueRest?> _venues = new(StringComparer.Ordinal);
    private readonly List<IDisposable> _clients = [];
    private readonly InstrumentRegistry _instruments = new();
    private readonly PipelineMetrics _metrics = new();
    private readonly Func<string, IVenueRest?> _open;
    private readonly Func<string, string> _sourceOf;

    public RestTruth(TopologyFile topology, TimeProvider time)
    {
        _open = venue => Open(topology, venue, time);
        _sourceOf = venue => topology.Venues.FirstOrDefault(one => one.Name == venue)?.TradeSource ?? "";
    }

    /// <summary>For tests.</summary>
    internal RestTruth(IVenueRest rest, string tradeSource) => (_open, _sourceOf) = (_ => rest, _ => tradeSource);

    /// <summary>Why venues were asked in vain, each once.</summary>
    public HashSet<string> Failures { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<(long OldestId, List<TruthTrade> Trades)> ReadAsync(
        string instrument, string symbol, bool aggregates, IdRange ids, CancellationToken cancellation)
    {
        var venue = RuleBook.VenueOf(instrument);
        var all = new List<TruthTrade>();
        if (RestOf(venue) is not { } rest)
        {
            Failures.Add($"{venue} has no REST address in the topology, or none of the kind");
            return (long.MaxValue, all);
        }

        try
        {
            await ReadAsync(rest, instrument, symbol, ids, all, cancellation);
        }
        catch (Exception error) when (error is VenueRestException or NotSupportedException)
        {
            // What was told before stands only as far as it goes, and the rest would look like inventions.
            Failures.Add($"{venue}: {error.Message}");
            return (long.MaxValue, []);
        }

        // Nothing from there on, or only later trades: they are not kept, or not served yet.
        return (all.Count == 0 ? long.MaxValue : all[0].Id, all);
    }

    public void Dispose()
    {
        _clients.ForEach(one => one.Dispose());
        _metrics.Dispose();
    }

    private async Task ReadAsync(
        IVenueRest rest, string instrument, string symbol, IdRange ids, List<TruthTrade> all, CancellationToken cancellation)
    {
        var venue = rest.Venue;
        var source = _sourceOf(venue);
        var adapter = KnownVenues.Adapter(venue);
        var symbols = new SymbolTable();
        symbols.Add(_instruments.GetOrAdd(venue, instrument[(venue.Length + 1)..], symbol, adapter.RulesFor(source)));
        var feed = FeedSource.OfRest(adapter, symbols);
        for (var from = ids.First; from <= ids.Last;)
        {
            var batch = new VenueBatch { Source = feed };
            await rest.GetTradesAsync(symbol, source, from, Page, batch, cancellation);
            var last = from - 1;
            for (var i = 0; i < batch.Trades.Count; i++)
            {
                var trade = batch.Trades[i];
                last = Math.Max(last, trade.Id);
                if (ids.Holds(trade.Id))
                {
                    all.Add(new TruthTrade(
                        trade.Id, trade.Id, trade.Price, trade.Quantity, trade.Side, trade.Time * feed.TimeUnit, trade.Kind == TradeKind.Market));
                }
            }

            if (last < from)
            {
                return;
            }

            from = last + 1;
        }
    }

    private IVenueRest? RestOf(string venue)
    {
        if (!_venues.TryGetValue(venue, out var rest))
        {
            _venues.Add(venue, rest = _open(venue));
        }

        return rest;
    }

    private IVenueRest? Open(TopologyFile topology, string venue, TimeProvider time)
    {
        if (topology.Venues.FirstOrDefault(one => one.Name == venue) is not { } options)
        {
            return null;
        }

        var clients = new VenueClients([options], time, _metrics);
        _clients.Add(clients);
        return clients.MakeRest(options, KnownVenues.Of(venue).Rest);
    }
}
