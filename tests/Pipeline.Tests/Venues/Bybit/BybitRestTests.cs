using System.Net;
using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.TestKit;
using Pipeline.TestKit.Time;
using Pipeline.Tests.Venues.Rest;
using Pipeline.Venues.Bybit;

namespace Pipeline.Tests.Venues.Bybit;

public sealed class BybitRestTests : IDisposable
{
    private const long Minute = 60_000_000;
    private const long Start = 1794900000_000_000;
    private static readonly CandleInterval OneMinute = CandleInterval.Parse("1m");

    private readonly TestTimeProvider _time = new();
    private readonly ScriptedHandler _venue;
    private readonly HttpClient _http;
    private readonly BybitRest _rest;
    private readonly VenueBatch _batch = new() { Source = MakeSource() };

    public BybitRestTests()
    {
        _venue = new ScriptedHandler(_time);
        _http = new HttpClient(_venue);
        _rest = new BybitRest(_http, new Uri("https://venue.test"), _time);
    }

    public void Dispose()
    {
        _http.Dispose();
        _venue.Dispose();
    }

    [Fact]
    public async Task GetInstruments_Answer_EveryField()
    {
        Script("http_instruments_info.json");
        var instruments = await _rest.GetInstrumentsAsync(default);
        Assert.Equal(
            [
                new InstrumentInfo(
                    "bybit", "BTC-USDT", "BTCUSDT", InstrumentKind.Spot, "BTC", "USDT", Number.Parse("0.01"), Number.Parse("0.000001"), null,
                    InstrumentStatus.Trading),
                new InstrumentInfo(
                    "bybit", "1INCH-USDC", "1INCHUSDC", InstrumentKind.Spot, "1INCH", "USDC", Number.Parse("0.0001"), null, null,
                    InstrumentStatus.Halted),
            ],
            instruments);
        Assert.Equal("/v5/market/instruments-info?category=spot", Asked());
    }

    [Fact]
    public async Task GetTurnover_Answer_LeavesOutWhatIsNoNumber()
    {
        Script("http_tickers.json");
        Assert.Equal([KeyValuePair.Create("BTCUSDT", Number.Parse("812345678.12003"))], await _rest.GetTurnoverAsync(default));
    }

    [Fact]
    public async Task GetServerTime_Answer_IsInMicroseconds()
    {
        Script("http_time.json");
        Assert.Equal(1794900060499213, await _rest.GetServerTimeAsync(default));
    }

    [Theory]
    [InlineData(null, 5, 5)]
    [InlineData(123L, 1000, 60)]
    public async Task GetTrades_WhateverTheId_AreTheNewestOldestFirst(long? fromId, int limit, int asked)
    {
        Script("http_recent_trade.json");
        Assert.Equal(2, await _rest.GetTradesAsync("BTCUSDT", "publicTrade", fromId, limit, _batch, default));
        Assert.Equal($"/v5/market/recent-trade?category=spot&symbol=BTCUSDT&limit={asked}", Asked());
        Assert.Equal(
            [
                new VenueTrade(
                    0, 2290000000067683805, 2290000000067683805, Number.Parse("91234.6"), Number.Parse("0.00141"), AggressorSide.Sell, 1,
                    TradeKind.Market, 1794900000119),
                new VenueTrade(
                    0, 2290000000067683807, 2290000000067683807, Number.Parse("91234.7"), Number.Parse("0.5"), AggressorSide.Buy, 1,
                    TradeKind.Market, 1794900060400),
            ],
            _batch.Trades.Span.ToArray());
    }

    [Fact]
    public async Task GetCandles_Range_TakesOpenTimesInItAndTellsWhichAreClosed()
    {
        Script("http_kline.json");
        Assert.Equal(2, await _rest.GetCandlesAsync("BTCUSDT", OneMinute, Start, Start + (2 * Minute), _batch, default));
        Assert.Equal("/v5/market/kline?category=spot&symbol=BTCUSDT&interval=1&start=1794900000000&end=1794900119999&limit=1000", Asked());
        Assert.Equal(
            new VenueCandle(
                0, OneMinute, 1794900000000, Number.Parse("91230"), Number.Parse("91240.1"), Number.Parse("91228"), Number.Parse("91234.6"),
                Number.Parse("3.2"), Number.Parse("291999.1"), null, -1, -1, -1, true, 1794900060500),
            _batch.Candles[0]);
        Assert.Equal((1794900060000, false), (_batch.Candles[1].OpenTime, _batch.Candles[1].Closed));
    }

    [Fact]
    public async Task GetCandles_LongRange_AsksForItsFirstPage()
    {
        Script("http_kline.json");
        await _rest.GetCandlesAsync("BTCUSDT", OneMinute, Start, Start + (5000 * Minute), _batch, default);
        Assert.Contains($"&start=1794900000000&end={1794900000000 + (1000 * 60_000) - 1}&", Asked(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetBook_Answer_IsASnapshotBidsFirst()
    {
        Script("http_orderbook.json");
        Assert.Equal(1, await _rest.GetBookAsync("BTCUSDT", 500, _batch, default));
        Assert.EndsWith("&limit=200", Asked(), StringComparison.Ordinal);
        Assert.Equal(
            new VenueBookUpdate(0, BookUpdateKind.Snapshot, 230704, 230704, -1, 0, 1, 2, 1794900000119),
            Assert.Single(_batch.BookUpdates.Span.ToArray()));
        Assert.Equal(["91234.5 4.21", "91234.6 1.03", "91240 2.5"], _batch.Levels.Span.ToArray().Select(level => $"{level.Price} {level.Quantity}"));
    }

    [Theory]
    [InlineData("""{"retCode":10001,"retMsg":"Not supported symbols","result":{}}""", VenueRestFailure.Refused)]
    [InlineData("""{"retCode":10006,"retMsg":"Too many visits!","result":{}}""", VenueRestFailure.RateLimited)]
    [InlineData("""{"retCode":10016,"retMsg":"Server error","result":{}}""", VenueRestFailure.Unavailable)]
    [InlineData("""{"retCode":0,"result":{}}""", VenueRestFailure.BadAnswer)]
    [InlineData("""{"retCode":0,"result":{"list":{}}}""", VenueRestFailure.BadAnswer)]
    [InlineData("""{"retCode":0,"result":{"list":[{"execId":"1","price":"1","size":"1","side":"Buy","time":"x"}]}}""", VenueRestFailure.BadAnswer)]
    [InlineData("""{"retCode":0,"result":{"list":[7]}}""", VenueRestFailure.BadAnswer)]
    [InlineData("[]", VenueRestFailure.BadAnswer)]
    [InlineData("<html>", VenueRestFailure.BadAnswer)]
    public async Task GetTrades_AnythingElse_FailsAndAddsNothing(string body, VenueRestFailure failure)
    {
        _venue.Answer(HttpStatusCode.OK, body);
        var error = await Assert.ThrowsAsync<VenueRestException>(() => _rest.GetTradesAsync("BTCUSDT", "publicTrade", null, 60, _batch, default));
        Assert.Equal(failure, error.Failure);
        Assert.Contains("/v5/market/recent-trade", error.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0), (_batch.Events.Count, _batch.Trades.Count));
    }

    [Fact]
    public async Task GetCandles_ShortRow_FailsAndAddsNothing()
    {
        _venue.Answer(HttpStatusCode.OK, """{"retCode":0,"result":{"list":[["1794900000000","1"],["1794900000000","1","1","1","1","1","1"]]},"time":1}""");
        var error = await Assert.ThrowsAsync<VenueRestException>(
            () => _rest.GetCandlesAsync("BTCUSDT", OneMinute, Start, Start + Minute, _batch, default));
        Assert.Equal((VenueRestFailure.BadAnswer, 0), (error.Failure, _batch.Candles.Count));
    }

    [Fact]
    public async Task GetBook_SymbolTheBatchDoesNotKnow_IsTheCallersFault() =>
        await Assert.ThrowsAsync<ArgumentException>(() => _rest.GetBookAsync("NOPEUSDT", 1, _batch, default));

    private static FeedSource MakeSource()
    {
        var symbols = new SymbolTable();
        symbols.Add(new Instrument(0, "bybit", "BTC-USDT", "BTCUSDT"));
        return new FeedSource("bybit", "bybit-rest", null, symbols, 1000);
    }

    private void Script(string fixture) => _venue.Answer(HttpStatusCode.OK, Encoding.UTF8.GetString(Fixture.Read("bybit/" + fixture)));

    private string Asked() => Assert.Single(_venue.Requests).Asked;
}
