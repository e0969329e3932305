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
    public Task<(long OldestId, List<TruthTrade> Trades)> ReadAsync(
        string instrument, string symbol, bool aggregates, IdRange ids, CancellationToken cancellation) => aggregates
        ? ReadAggregatesAsync(RuleBook.VenueOf(instrument), symbol, ids, cancellation)
        : ReadRangeAsync(RuleBook.VenueOf(instrument), symbol, ids, cancellation);

    /// <summary>All trades whose raw ids lie in a range.</summary>
    public async Task<(long OldestId, List<TruthTrade> Trades)> ReadRangeAsync(
        string venue, string symbol, IdRange ids, CancellationToken cancellation)
    {
        var all = new List<TruthTrade>();
        for (var from = ids.First; ;)
        {
            var (oldest, page) = await ReadAsync(venue, symbol, from, (int)Math.Min(Page, ids.Last - from + 1), cancellation);
            all.AddRange(page.TakeWhile(trade => trade.Id <= ids.Last));
            if (page.Count == 0 || page[^1].Id >= ids.Last)
            {
                return (oldest, all);
            }

            from = page[^1].Id + 1;
        }
    }

    /// <summary>All trades of aggregates whose ids lie in a range; where in the raw ids these are is searched by halving.</summary>
    public async Task<(long OldestId, List<TruthTrade> Trades)> ReadAggregatesAsync(
        string venue, string symbol, IdRange aggregates, CancellationToken cancellation)
    {
        var (oldest, first) = await ReadAsync(venue, symbol, 0, 1, cancellation);
        var all = new List<TruthTrade>();
        if (first.Count == 0)
        {
            return (oldest, all);
        }

        // An aggregate has at least one trade: the raw id runs ahead of its id by no less than at the start.
        var from = await FindAsync(venue, symbol, first[0], aggregates.First, cancellation);
        while (true)
        {
            var (_, page) = await ReadAsync(venue, symbol, from, Page, cancellation);
            all.AddRange(page.Where(trade => aggregates.Holds(trade.AggregateId)));
            if (page.Count == 0 || page[^1].AggregateId > aggregates.Last)
            {
                return (first[0].AggregateId, all);
            }

            from = page[^1].Id + 1;
        }
    }

    public void Dispose() => http.Dispose();

    /// <summary>A raw id at or below the first of an aggregate, and not far below.</summary>
    private async Task<long> FindAsync(string venue, string symbol, TruthTrade first, long aggregate, CancellationToken cancellation)
    {
        var low = first.Id;
        long step = Page;
        while (true)
        {
            var (_, there) = await ReadAsync(venue, symbol, low + step, 1, cancellation);
            if (there.Count == 0 || there[0].AggregateId >= aggregate)
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
