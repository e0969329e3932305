using System.Globalization;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Okx;

/// <summary>Pages of OKX's <c>history-trades</c>, which go backwards, turned into pages that go forward.</summary>
/// <param name="count">Rows of a page.</param>
/// <param name="askAsync">Asks for a path and query; rows come newest first.</param>
internal sealed class OkxTradePages(string symbol, int count, FeedSource source, Func<string, Task<ValueList<VenueTrade>>> askAsync)
{
    // Halving finds the first trade behind a hole of any width that the venue can have in fewer steps.
    private const int MostSteps = 48;

    /// <summary>The newest, oldest first.</summary>
    public async Task<List<VenueTrade>> NewestAsync() => Sorted(await askAsync(Path("")), from: 0).Rows;

    /// <summary>
    /// The lowest ids from <paramref name="from"/> on, rising; nothing between them is left out. Empty = it knows none, or nothing proves that
    /// those before the lowest do not exist: a page proves that by reaching below <paramref name="from"/>. One without rows proves nothing,
    /// for venues in trouble answer so too.
    /// </summary>
    public async Task<List<VenueTrade>> FromAsync(long from)
    {
        var low = from + count;
        var (rows, isProven) = await BelowAsync(low, from);
        if (!isProven)
        {
            return [];
        }

        if (rows.Count > 0)
        {
            return rows;
        }

        // None of these: either it has not got that far, or they do not exist. Those above tell.
        (rows, isProven) = Sorted(await askAsync(Path("")), from);
        for (var step = 0; rows.Count > 0 && !isProven && step < MostSteps; step++)
        {
            // No id is in [from, low); the lowest known above is rows[0], and what lies between is not known.
            var high = rows[0].Id;
            if (high - low <= count)
            {
                // A page that is full has every id there can be: none is in [from, low).
                (var between, isProven) = await BelowAsync(high, from);
                return isProven || between.Count == count ? [.. between.Concat(rows).Take(count)] : [];
            }

            var middle = low + ((high - low) / 2);
            var (lower, isWhole) = await BelowAsync(middle, from);
            if (lower.Count > 0)
            {
                (rows, isProven) = (lower, isWhole);
            }
            else if (isWhole)
            {
                low = middle;
            }
            else
            {
                return [];
            }
        }

        return isProven ? rows : [];
    }

    private async Task<(List<VenueTrade> Rows, bool IsProven)> BelowAsync(long id, long from) =>
        Sorted(await askAsync(Path(string.Create(CultureInfo.InvariantCulture, $"&type=1&after={id}"))), from);

    /// <summary>Rows from an id on, rising, and whether no other can be before them: the page reached below it, or they begin with it.</summary>
    private (List<VenueTrade> Rows, bool IsProven) Sorted(ValueList<VenueTrade> page, long from)
    {
        var rows = new List<VenueTrade>(page.Count);
        var number = source.Symbols.Find(System.Text.Encoding.UTF8.GetBytes(symbol));
        foreach (ref readonly var trade in page.Span)
        {
            if (trade.Id >= from && trade.Symbol == number)
            {
                rows.Add(trade);
            }
        }

        rows.Sort((one, other) => one.Id.CompareTo(other.Id));
        return (rows, rows.Count < page.Count || (rows.Count > 0 && rows[0].Id == from));
    }

    private string Path(string page) => string.Create(
        CultureInfo.InvariantCulture, $"/api/v5/market/history-trades?instId={Uri.EscapeDataString(symbol)}{page}&limit={count}");
}
