using System.Globalization;
using System.Text;
using System.Text.Json;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.Venues.Rest;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Okx;

/// <summary>
/// OKX's HTTP interface. Paths, limits and the order of rows (newest first) as in the venue's documentation of 2026-07-28. It answers from
/// several caches: a later call may know less than an earlier one.
/// </summary>
public sealed class OkxRest : IVenueRest
{
    /// <summary>Of <c>history-trades</c>, and of candles: the documentation allows 300 of these, some clients were cut at 100.</summary>
    private const int MostHistory = 100;
    private const int MostLevels = 400;

    /// <summary>The venue keeps its newest 1,440 candles at one path and those before at another; a margin for clocks that differ.</summary>
    private const int RecentCandles = 1400;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    private readonly VenueRestClient _client;
    private readonly TimeProvider _clock;
    private readonly OkxRestBudgets _budgets;

    /// <param name="http">Lives as long as this.</param>
    /// <param name="endpoint">Scheme and host, such as <c>https://openapi.okx.com</c>.</param>
    /// <param name="clock">Paces the requests, and decides which candles are recent.</param>
    /// <param name="metrics">Null = nobody counts.</param>
    public OkxRest(HttpClient http, Uri endpoint, TimeProvider clock, PipelineMetrics? metrics = null)
        : this(new VenueRestClient("okx", http, endpoint, clock, metrics: metrics), clock)
    {
    }

    internal OkxRest(VenueRestClient client, TimeProvider clock)
    {
        _client = client;
        _clock = clock;
        _budgets = new OkxRestBudgets(Window, clock);
        _budgets.ShowBy(client);
    }

    public string Venue => "okx";

    /// <summary>Spot, and the linear perpetuals quoted in USDT or USDC.</summary>
    public async Task<IReadOnlyList<InstrumentInfo>> GetInstrumentsAsync(CancellationToken cancellation)
    {
        var instruments = new List<InstrumentInfo>();
        foreach (var type in new[] { "SPOT", "SWAP" })
        {
            await ReadAsync(
                $"/api/v5/public/instruments?instType={type}", _budgets.Instruments, rows => instruments.AddRange(OkxInstruments.Read(rows)), cancellation);
        }

        return instruments;
    }

    public async Task<IReadOnlyDictionary<string, Number>> GetTurnoverAsync(CancellationToken cancellation)
    {
        var turnover = new Dictionary<string, Number>(StringComparer.Ordinal);
        foreach (var type in new[] { "SPOT", "SWAP" })
        {
            await ReadAsync(
                $"/api/v5/market/tickers?instType={type}", _budgets.Tickers, rows => OkxInstruments.ReadTurnover(rows, turnover), cancellation);
        }

        return turnover;
    }

    public async Task<long> GetServerTimeAsync(CancellationToken cancellation)
    {
        const string Asked = "/api/v5/public/time";
        var time = 0L;
        await ReadAsync(
            Asked,
            _budgets.Time,
            rows => time = rows.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } row
                && row.TryGetProperty("ts", out var text) && text.ValueKind == JsonValueKind.String
                && long.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
                && UnixMilliseconds.IsPossible(milliseconds)
                    ? milliseconds * 1000
                    : throw BadAnswer(Asked, "no time in it"),
            cancellation);
        return time;
    }

    /// <summary>
    /// Single fills, whatever the stream: the ids are the same. OKX pages backwards, hence the page of the <paramref name="limit"/> ids from
    /// <paramref name="fromId"/> on is the one below <c>fromId + limit</c>; when none of these ids exists, the lowest above them are looked
    /// for. An empty answer says that it knows none from <paramref name="fromId"/> on, or that nothing proves which of them do not exist.
    /// The newest come by the same path: the rows of <c>market/trades</c> may stand for several fills under the last one's id.
    /// </summary>
    public async Task<int> GetTradesAsync(
        string symbol, string tradeSource, long? fromId, int limit, VenueBatch into, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(into);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var pages = new OkxTradePages(symbol, Math.Min(limit, MostHistory), into.Source, AskAsync);
        var trades = fromId is { } from ? await pages.FromAsync(from) : await pages.NewestAsync();
        foreach (var trade in trades)
        {
            into.Add(trade);
        }

        return trades.Count;

        async Task<ValueList<VenueTrade>> AskAsync(string path)
        {
            var rows = new VenueBatch { Source = into.Source };
            await ReadRowsAsync(path, _budgets.HistoryTrades, urgent: fromId is null, HeadOf(symbol, OkxChannel.AllTrades, into), rows, cancellation);
            return rows.Trades;
        }
    }

    /// <summary>The oldest <see cref="MostHistory"/> of the span at most.</summary>
    public async Task<int> GetCandlesAsync(
        string symbol, CandleInterval interval, long from, long to, VenueBatch into, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(interval);
        ArgumentNullException.ThrowIfNull(into);
        var head = HeadOf(symbol, OkxChannel.Candle, into);
        head.Interval = interval;

        // Both bounds of the venue are exclusive, and it begins with the newest: the span is cut to one page of the oldest.
        var first = (from + 999) / 1000;
        var end = Math.Min((to + 999) / 1000, first + (MostHistory * interval.Microseconds / 1000));
        var now = MarketTime.Now(_clock);
        var isRecent = now - from < RecentCandles * interval.Microseconds;
        var path = string.Create(
            CultureInfo.InvariantCulture,
            $"/api/v5/market/{(isRecent ? "candles" : "history-candles")}?instId={Uri.EscapeDataString(symbol)}&bar={OkxCandles.NameOf(interval)}&before={first - 1}&after={end}&limit={MostHistory}");
        var rows = new VenueBatch { Source = into.Source };
        await ReadRowsAsync(path, isRecent ? _budgets.Candles : _budgets.HistoryCandles, urgent: false, head, rows, cancellation);
        return AddInOrder(
            rows.Candles, candle => candle.OpenTime, candle => candle.OpenTime >= first && candle.OpenTime < end, candle => into.Add(candle));
    }

    /// <summary>Up to 400 levels a side; the venue's <c>seqId</c> is the id by which the stream's updates follow on.</summary>
    public async Task<int> GetBookAsync(string symbol, int depth, VenueBatch into, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(into);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(depth);
        var head = HeadOf(symbol, OkxChannel.Book, into);
        head.Action = BookUpdateKind.Snapshot;
        var before = into.BookUpdates.Count;
        var path = string.Create(
            CultureInfo.InvariantCulture, $"/api/v5/market/books?instId={Uri.EscapeDataString(symbol)}&sz={Math.Min(depth, MostLevels)}");
        await ReadRowsAsync(path, _budgets.Books, urgent: true, head, into, cancellation);
        return into.BookUpdates.Count - before;
    }

    private static OkxHead HeadOf(string symbol, OkxChannel channel, VenueBatch into)
    {
        ArgumentException.ThrowIfNullOrEmpty(symbol);
        var number = into.Source.Symbols.Find(Encoding.UTF8.GetBytes(symbol));
        return number >= 0
            ? new OkxHead { Channel = channel, Symbol = number, HasSymbol = true, HasArg = true }
            : throw new ArgumentException($"The batch's source does not know {symbol}.", nameof(symbol));
    }

    private static VenueRestException BadAnswer(string asked, string what, Exception? inner = null) =>
        new(VenueRestFailure.BadAnswer, $"okx GET {asked}: {what}", inner: inner);

    /// <summary>Adds what is wanted of rows that came newest first, oldest first; returns how many.</summary>
    private static int AddInOrder<T>(ValueList<T> rows, Func<T, long> key, Func<T, bool> isWanted, Action<T> add)
    {
        var wanted = rows.Span.ToArray().Where(isWanted).OrderBy(key).ToList();
        wanted.ForEach(add);
        return wanted.Count;
    }

    private async Task ReadAsync(string asked, WeightBudget budget, Action<JsonElement> read, CancellationToken cancellation)
    {
        using var answer = await _client.GetAsync(asked, budget, cancellation: cancellation);
        var data = OkxEnvelope.Open(answer.Body, asked, _client);
        try
        {
            using var rows = JsonDocument.Parse(data);
            read(rows.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw BadAnswer(asked, error.Message, error);
        }
    }

    /// <summary>Rows are those of the streams, hence their reader reads them; one that it cannot read makes the answer a bad one.</summary>
    private async Task ReadRowsAsync(
        string asked, WeightBudget budget, bool urgent, OkxHead head, VenueBatch into, CancellationToken cancellation)
    {
        using var answer = await _client.GetAsync(asked, budget, urgent: urgent, cancellation: cancellation);
        var data = OkxEnvelope.Open(answer.Body, asked, _client);
        if (OkxOrderFreeReader.ReadAnswer(data.Span, head, into.Source.Symbols, into) is { } reason)
        {
            throw BadAnswer(asked, $"a row that is no record ({reason})");
        }
    }
}
