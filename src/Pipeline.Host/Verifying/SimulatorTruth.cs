using System.Globalization;
using System.Text.Json;
using Pipeline.Core.Market;

namespace Pipeline.Host.Verifying;

/// <summary>Asks a simulator's control port for the trades that it made.</summary>
internal sealed class SimulatorTruth(HttpClient http, Uri control) : ITradeTruth
{
    private const int Page = 20_000;

    /// <summary>The trades with raw ids from <paramref name="fromId"/> on, oldest first, and the oldest id that is kept.</summary>
    /// <exception cref="HttpRequestException">It does not answer as asked.</exception>
    public async Task<(long OldestId, List<TruthTrade> Trades)> ReadAsync(
        string venue, string symbol, long fromId, int limit, CancellationToken cancellation)
    {
        var query = string.Create(
            CultureInfo.InvariantCulture, $"/truth/trades?venue={Uri.EscapeDataString(venue)}&symbol={Uri.EscapeDataString(symbol)}&fromId={fromId}&limit={limit}");
        using var answer = await http.GetAsync(new Uri(control, query), HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{control} answers {(int)answer.StatusCode} to {query}: {await answer.Content.ReadAsStringAsync(cancellation)}");
        }

        await using var content = await answer.Content.ReadAsStreamAsync(cancellation);
        using var json = await JsonDocument.ParseAsync(content, cancellationToken: cancellation);
        return (json.RootElement.GetProperty("oldestId").GetInt64(), [.. json.RootElement.GetProperty("trades").EnumerateArray().Select(TradeOf)]);
    }

    /// <inheritdoc/>
    public Task<TruthTrades> ReadAsync(
        string instrument, string symbol, bool aggregates, IdRange ids, CancellationToken cancellation) => aggregates
        ? ReadAggregatesAsync(RuleBook.VenueOf(instrument), symbol, ids, cancellation)
        : ReadRangeAsync(RuleBook.VenueOf(instrument), symbol, ids, cancellation);

    /// <summary>All trades whose raw ids lie in a range.</summary>
    public async Task<TruthTrades> ReadRangeAsync(string venue, string symbol, IdRange ids, CancellationToken cancellation)
    {
        var all = new List<TruthTrade>();
        for (var from = ids.First; ;)
        {
            var (oldest, page) = await ReadAsync(venue, symbol, from, (int)Math.Min(Page, ids.Last - from + 1), cancellation);
            all.AddRange(page.TakeWhile(trade => trade.Id <= ids.Last));
            if (page.Count == 0 || page[^1].Id >= ids.Last)
            {
                return new TruthTrades(oldest, long.MaxValue, all);
            }

            from = page[^1].Id + 1;
        }
    }

    /// <summary>All trades of aggregates whose ids lie in a range; where in the raw ids these are is searched by halving.</summary>
    public Task<TruthTrades> ReadAggregatesAsync(string venue, string symbol, IdRange aggregates, CancellationToken cancellation) =>
        ReadAsync(venue, symbol, trade => trade.AggregateId, aggregates.First, aggregates.Last, cancellation);

    /// <inheritdoc/>
    public Task<TruthTrades> ReadTimesAsync(string instrument, string symbol, long from, long to, CancellationToken cancellation) =>
        ReadAsync(RuleBook.VenueOf(instrument), symbol, trade => trade.Time, from, to, cancellation);

    public void Dispose() => http.Dispose();

    /// <summary>All trades whose key lies in a range; where in the raw ids these are is searched by halving.</summary>
    /// <param name="keyOf">Something that never falls while raw ids rise.</param>
    private async Task<TruthTrades> ReadAsync(
        string venue, string symbol, Func<TruthTrade, long> keyOf, long first, long last, CancellationToken cancellation)
    {
        var (_, oldest) = await ReadAsync(venue, symbol, 0, 1, cancellation);
        if (oldest.Count == 0)
        {
            return TruthTrades.Nothing;
        }

        var all = new List<TruthTrade>();
        var from = await FindAsync(venue, symbol, oldest[0].Id, trade => keyOf(trade) >= first, cancellation);
        while (true)
        {
            var (_, page) = await ReadAsync(venue, symbol, from, Page, cancellation);
            all.AddRange(page.Where(trade => keyOf(trade) >= first && keyOf(trade) <= last));
            if (page.Count == 0 || keyOf(page[^1]) > last)
            {
                return new TruthTrades(keyOf(oldest[0]), long.MaxValue, all);
            }

            from = page[^1].Id + 1;
        }
    }

    /// <summary>A raw id at or below the first that is wanted, and not far below.</summary>
    private async Task<long> FindAsync(string venue, string symbol, long oldest, Func<TruthTrade, bool> isWanted, CancellationToken cancellation)
    {
        var low = oldest;
        long step = Page;
        while (true)
        {
            var (_, there) = await ReadAsync(venue, symbol, low + step, 1, cancellation);
            if (there.Count == 0 || isWanted(there[0]))
            {
                if (step <= Page)
                {
                    return low;
                }

                step = Math.Max(Page, step / 4);
            }
            else
            {
                low = there[0].Id;
                step *= 2;
            }
        }
    }

    private static TruthTrade TradeOf(JsonElement trade) => new(
        trade.GetProperty("id").GetInt64(),
        trade.GetProperty("aggregateId").GetInt64(),
        Number.Parse(trade.GetProperty("price").GetString()!),
        Number.Parse(trade.GetProperty("quantity").GetString()!),
        trade.GetProperty("side").GetString() == "buy" ? AggressorSide.Buy : AggressorSide.Sell,
        trade.GetProperty("time").GetInt64(),
        trade.GetProperty("kind").GetString() == "Market");
}
