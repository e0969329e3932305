using System.Globalization;
using System.Text;
using System.Text.Json;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.Venues.Rest;

namespace Pipeline.Venues.Binance.Rest;

/// <summary>
/// The HTTP interface that Binance's markets share. Books, the newest trades (probes ask for them) and the server's time are urgent: a share of the budget stays free for them,
/// and repair and history take the rest. A row that is not understood becomes a dead letter of the batch and loses no other.
/// </summary>
public abstract class BinanceRest : IVenueRest
{
    /// <summary>Most rows of a list of trades.</summary>
    private const int MostTrades = 1000;

    private readonly BinanceRestRules _rules;
    private readonly TimeProvider _clock;
    private readonly VenueRestClient _client;
    private readonly WeightBudget _budget;

    private protected BinanceRest(
        string venue, BinanceRestRules rules, HttpClient http, Uri endpoint, TimeProvider clock, PipelineMetrics? metrics)
    {
        Venue = venue;
        _rules = rules;
        _clock = clock;
        _client = new VenueRestClient(venue, http, endpoint, clock, new RestOptions { UsedWeightHeader = "X-MBX-USED-WEIGHT-1M" }, metrics);
        _budget = WeightBudget.PerMinute(rules.WeightPerMinute, clock);
        _client.Show("weight", _budget);
    }

    public string Venue { get; }

    public Task<IReadOnlyList<InstrumentInfo>> GetInstrumentsAsync(CancellationToken cancellation) => GetAsync(
        "/exchangeInfo" + _rules.InstrumentsQuery, _rules.InstrumentsWeight, urgent: false,
        body => BinanceInstruments.Read(body, ReadInstrument, _client.RowsSkipped), cancellation);

    public Task<IReadOnlyDictionary<string, Number>> GetTurnoverAsync(CancellationToken cancellation) =>
        GetAsync(
            "/ticker/24hr" + _rules.TurnoverQuery, _rules.TurnoverWeight, urgent: false,
            body => BinanceInstruments.ReadTurnover(body, _client.RowsSkipped), cancellation);

    public Task<long> GetServerTimeAsync(CancellationToken cancellation) =>
        GetAsync("/time", 1, urgent: true, BinanceRestReader.ReadServerTime, cancellation);

    /// <remarks>Single trades by id need a key on futures; without one the venue refuses them. Aggregated trades need none anywhere.</remarks>
    public Task<int> GetTradesAsync(
        string symbol, string tradeSource, long? fromId, int limit, VenueBatch into, CancellationToken cancellation)
    {
        var number = Find(symbol, into);
        return tradeSource switch
        {
            "aggTrade" => GetAsync(
                TradesQuery("/aggTrades", symbol, fromId, limit, MostTrades), _rules.AggregateTradesWeight, urgent: fromId is null,
                body => BinanceRestReader.ReadAggregateTrades(body.Span, number, into), cancellation),
            "trade" => GetAsync(
                fromId is null
                    ? TradesQuery("/trades", symbol, null, limit, MostTrades)
                    : TradesQuery("/historicalTrades", symbol, fromId, limit, _rules.MostOldTrades),
                fromId is null ? _rules.NewestTradesWeight : _rules.OldTradesWeight, urgent: fromId is null,
                body => BinanceRestReader.ReadTrades(body.Span, number, into), cancellation),
            _ => throw new ArgumentException($"{Venue} has no trades by {tradeSource}.", nameof(tradeSource)),
        };
    }

    public Task<int> GetCandlesAsync(
        string symbol, CandleInterval interval, long from, long to, VenueBatch into, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(interval);
        var number = Find(symbol, into);
        if (from >= to)
        {
            return Task.FromResult(0);
        }

        // Both ends are inclusive, milliseconds. A row more than the span holds costs nothing and forgives times between two windows.
        var (most, weight) = BinanceRestRules.StepFor(_rules.Candles, ((to - from) / interval.Microseconds) + 1);
        var first = (from + 999) / 1000;
        var last = (to - 1) / 1000;
        var now = MarketTime.Now(_clock) / 1000;
        return GetAsync(
            Query($"/klines?symbol={Uri.EscapeDataString(symbol)}&interval={interval}&startTime={first}&endTime={last}&limit={most}"),
            weight, urgent: false, body => BinanceRestReader.ReadCandles(body.Span, number, interval, now, into), cancellation);
    }

    public Task<int> GetBookAsync(string symbol, int depth, VenueBatch into, CancellationToken cancellation)
    {
        var number = Find(symbol, into);
        var (limit, weight) = BinanceRestRules.StepFor(_rules.Books, depth);
        return GetAsync(
            Query($"/depth?symbol={Uri.EscapeDataString(symbol)}&limit={limit}"), weight, urgent: true,
            body => BinanceRestReader.ReadBook(body.Span, number, into), cancellation);
    }

    /// <summary>One element of the venue's list; null for what this adapter does not take.</summary>
    private protected abstract InstrumentInfo? ReadInstrument(JsonElement symbol);

    private static int Find(string symbol, VenueBatch into)
    {
        ArgumentException.ThrowIfNullOrEmpty(symbol);
        ArgumentNullException.ThrowIfNull(into);
        var number = into.Source.Symbols.Find(Encoding.UTF8.GetBytes(symbol));
        return number >= 0 ? number : throw new ArgumentException($"The batch's source does not know {symbol}.", nameof(symbol));
    }

    private static string TradesQuery(string path, string symbol, long? fromId, int limit, int most)
    {
        var query = Query($"{path}?symbol={Uri.EscapeDataString(symbol)}&limit={Math.Clamp(limit, 1, most)}");
        return fromId is null ? query : Query($"{query}&fromId={fromId}");
    }

    private static string Query(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private async Task<T> GetAsync<T>(
        string path, int weight, bool urgent, Func<ReadOnlyMemory<byte>, T> read, CancellationToken cancellation)
    {
        var asked = _rules.Prefix + path;
        using var answer = await _client.GetAsync(asked, _budget, weight, urgent, cancellation);
        try
        {
            return read(answer.Body);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new VenueRestException(VenueRestFailure.BadAnswer, $"{Venue} GET {asked}: {error.Message}", inner: error);
        }
    }
}
