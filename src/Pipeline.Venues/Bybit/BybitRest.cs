using System.Text;
using System.Text.Json;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.Venues.Rest;

namespace Pipeline.Venues.Bybit;

/// <summary>Bybit v5 over HTTP, spot market data. Source: <c>v5/market/*</c> and <c>v5/rate-limit</c> of the documentation, 2026-07-24.</summary>
public sealed class BybitRest : IVenueRest
{
    /// <summary>Spot gives no more recent trades than these, whatever is asked.</summary>
    internal const int MostTrades = 60;

    internal const int MostCandles = 1000;

    /// <summary>Most levels a side on spot.</summary>
    internal const int MostLevels = 200;

    // The venue allows 600 in five seconds to an address; the rest is for other programs behind it.
    private const int RequestsPerWindow = 500;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    // "access too frequent", HTTP 403, lasts about ten minutes.
    private static readonly RestOptions Options = new() { BanPause = TimeSpan.FromMinutes(10) };

    private readonly VenueRestClient _client;
    private readonly WeightBudget _budget;

    /// <param name="endpoint">Scheme and host, such as <c>https://api.bybit.com</c>.</param>
    /// <param name="metrics">Null = nobody counts.</param>
    public BybitRest(HttpClient http, Uri endpoint, TimeProvider clock, PipelineMetrics? metrics = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(clock);
        _client = new VenueRestClient(Venue, http, endpoint, clock, Options, metrics);
        _budget = WeightBudget.Rolling(RequestsPerWindow, Window, clock);
        _client.Show("requests", _budget);
    }

    public string Venue => "bybit";

    public async Task<IReadOnlyList<InstrumentInfo>> GetInstrumentsAsync(CancellationToken cancellation)
    {
        using var answer = await AskAsync("/v5/market/instruments-info?category=spot", urgent: false, cancellation);
        return answer.Read(BybitAnswers.Instruments);
    }

    public async Task<IReadOnlyDictionary<string, Number>> GetTurnoverAsync(CancellationToken cancellation)
    {
        using var answer = await AskAsync("/v5/market/tickers?category=spot", urgent: false, cancellation);
        return answer.Read(BybitAnswers.Turnover);
    }

    public async Task<long> GetServerTimeAsync(CancellationToken cancellation)
    {
        using var answer = await AskAsync("/v5/market/time", urgent: true, cancellation);
        return answer.Read(BybitAnswers.ServerTime);
    }

    /// <summary>
    /// The newest trades, at most 60. Bybit cannot be asked for older ones, nor by id: <paramref name="fromId"/> is passed over, and what
    /// is known is returned. The caller tells copies by their ids. With an id it is repair that asks, and gives way to probes.
    /// </summary>
    /// <inheritdoc/>
    public async Task<int> GetTradesAsync(
        string symbol, string tradeSource, long? fromId, int limit, VenueBatch into, CancellationToken cancellation)
    {
        var number = NumberOf(symbol, into);
        var rows = Math.Clamp(limit, 1, MostTrades);
        using var answer = await AskAsync($"/v5/market/recent-trade?category=spot&symbol={Escape(symbol)}&limit={rows}", urgent: fromId is null, cancellation);
        return answer.Read(root => BybitAnswers.AddTrades(root, number, into));
    }

    /// <summary>Candles without a count of trades, as on the stream; closed are those that end before the answer was made.</summary>
    /// <inheritdoc/>
    public async Task<int> GetCandlesAsync(
        string symbol, CandleInterval interval, long from, long to, VenueBatch into, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(interval);
        var number = NumberOf(symbol, into);

        // The newest page of a range comes first: the range is cut to the one page that begins it. Both ends are part of it.
        var end = Math.Min(to, from + (MostCandles * interval.Microseconds));
        var (first, last) = (CeilingMilliseconds(from), CeilingMilliseconds(end) - 1);
        if (last < first)
        {
            return 0;
        }

        using var answer = await AskAsync(
            $"/v5/market/kline?category=spot&symbol={Escape(symbol)}&interval={BybitInterval.NameOf(interval)}&start={first}&end={last}&limit={MostCandles}",
            urgent: false,
            cancellation);
        return answer.Read(root => BybitAnswers.AddCandles(root, number, interval, first, last, into));
    }

    /// <summary>At most 200 levels a side.</summary>
    /// <inheritdoc/>
    public async Task<int> GetBookAsync(string symbol, int depth, VenueBatch into, CancellationToken cancellation)
    {
        var number = NumberOf(symbol, into);
        var levels = Math.Clamp(depth, 1, MostLevels);
        using var answer = await AskAsync($"/v5/market/orderbook?category=spot&symbol={Escape(symbol)}&limit={levels}", urgent: true, cancellation);
        return answer.Read(root => BybitAnswers.AddBook(root, number, into));
    }

    private static string Escape(string symbol) => Uri.EscapeDataString(symbol);

    private static long CeilingMilliseconds(long microseconds) => (microseconds + 999) / 1000;

    private static int NumberOf(string symbol, VenueBatch into)
    {
        ArgumentException.ThrowIfNullOrEmpty(symbol);
        ArgumentNullException.ThrowIfNull(into);
        var number = into.Source.Symbols.Find(Encoding.UTF8.GetBytes(symbol));
        return number >= 0 ? number : throw new ArgumentException($"The batch's source does not know {symbol}.", nameof(symbol));
    }

    private async Task<BybitAnswer> AskAsync(string pathAndQuery, bool urgent, CancellationToken cancellation)
    {
        using var answer = await _client.GetAsync(pathAndQuery, _budget, urgent: urgent, cancellation: cancellation);
        return BybitAnswer.Read(answer.Body, pathAndQuery, _client);
    }
}
