using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Verifying;

/// <summary>
/// Asks the venues themselves for trades, page by page by their ids, within their budgets and as repair does: a share is left to others.
/// Where ids tell nothing of order there is the newest page alone. What a venue does not serve any more, or not yet, is not told, and then
/// cannot be proved.
/// </summary>
internal sealed class RestTruth(VenueRests venues, Func<string, string> sourceOf) : ITradeTruth
{
    // The most that any venue gives in one answer.
    private const int Page = 1_000;

    private readonly InstrumentRegistry _instruments = new();

    public RestTruth(VenueRests venues, TopologyFile topology)
        : this(venues, venue => topology.Venues.FirstOrDefault(one => one.Name == venue)?.TradeSource ?? "")
    {
    }

    /// <summary>Told what is asked for, and how many trades of it have come; null = nobody is.</summary>
    public Action<string, long>? Progress { get; init; }

    /// <summary>Why venues were asked in vain, each once.</summary>
    public HashSet<string> Failures { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<TruthTrades> ReadAsync(
        string instrument, string symbol, bool aggregates, IdRange ids, CancellationToken cancellation) =>
        AskAsync(instrument, symbol, asked => ReadAsync(asked, ids, cancellation));

    /// <inheritdoc/>
    public Task<TruthTrades> ReadTimesAsync(string instrument, string symbol, long from, long to, CancellationToken cancellation) =>
        AskAsync(instrument, symbol, asked => ReadNewestAsync(asked, from, to, cancellation));

    public void Dispose()
    {
        // The interfaces are not its own.
    }

    private async Task<TruthTrades> ReadAsync(Question asked, IdRange ids, CancellationToken cancellation)
    {
        var all = new List<TruthTrade>();
        var newest = long.MinValue;
        for (var from = ids.First; from <= ids.Last;)
        {
            var page = await asked.PageAsync(from, cancellation);
            var last = page.Select(trade => trade.Id).Append(from - 1).Max();
            if (last < from)
            {
                break;
            }

            all.AddRange(page.Where(trade => trade.Id >= from && trade.Id <= ids.Last));
            newest = last;
            from = last + 1;
            Progress?.Invoke($"trades of {asked.Rest.Venue}:{asked.Symbol} by REST", all.Count);
        }

        // Nothing from there on, or only later trades: they are not kept, or not served yet.
        return new TruthTrades(all.Count == 0 ? long.MaxValue : all[0].Id, newest, all);
    }

    /// <summary>The newest page. Of its first time others may lie before it, of its last one some may not be served yet.</summary>
    private static async Task<TruthTrades> ReadNewestAsync(Question asked, long from, long to, CancellationToken cancellation)
    {
        // With an id it gives way to probes, as repair does.
        var page = await asked.PageAsync(0, cancellation);
        return page.Count == 0
            ? TruthTrades.Nothing
            : new TruthTrades(
                page.Min(trade => trade.Time) + asked.TimeUnit,
                page.Max(trade => trade.Time) - 1,
                [.. page.Where(trade => trade.Time >= from && trade.Time <= to).DistinctBy(trade => trade.Id).OrderBy(trade => trade.Time)]);
    }

    private async Task<TruthTrades> AskAsync(string instrument, string symbol, Func<Question, Task<TruthTrades>> read)
    {
        var venue = RuleBook.VenueOf(instrument);
        if (venues.Find(venue) is not { } rest)
        {
            Failures.Add($"{venue} has no REST address in the topology, or none of the kind");
            return TruthTrades.Nothing;
        }

        try
        {
            return await read(Ask(rest, venue, instrument[(venue.Length + 1)..], symbol));
        }
        catch (Exception error) when (error is VenueRestException or NotSupportedException or ArgumentException)
        {
            // An argument it cannot take: the venue has no trades by this source or symbol. What was told before it failed stands only as
            // far as it goes, and the rest would look like inventions.
            Failures.Add($"{venue}: {error.Message}");
            return TruthTrades.Nothing;
        }
    }

    private Question Ask(IVenueRest rest, string venue, string id, string symbol)
    {
        var source = sourceOf(venue);
        var adapter = KnownVenues.Adapter(venue);
        var symbols = new SymbolTable();
        symbols.Add(_instruments.GetOrAdd(venue, id, symbol, adapter.RulesFor(source)));
        return new Question(rest, symbol, source, FeedSource.OfRest(adapter, symbols));
    }

    private sealed record Question(IVenueRest Rest, string Symbol, string TradeSource, FeedSource Source)
    {
        public int TimeUnit => Source.TimeUnit;

        public async Task<List<TruthTrade>> PageAsync(long from, CancellationToken cancellation)
        {
            var batch = new VenueBatch { Source = Source };
            await Rest.GetTradesAsync(Symbol, TradeSource, from, Page, batch, cancellation);
            var page = new List<TruthTrade>(batch.Trades.Count);
            for (var i = 0; i < batch.Trades.Count; i++)
            {
                var trade = batch.Trades[i];
                page.Add(new TruthTrade(
                    trade.Id, trade.Id, trade.Price, trade.Quantity, trade.Side, trade.Time * Source.TimeUnit, trade.Kind == TradeKind.Market));
            }

            return page;
        }
    }
}
