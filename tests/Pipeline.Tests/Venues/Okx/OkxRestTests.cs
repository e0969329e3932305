using System.Net;
using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.TestKit.Time;
using Pipeline.Tests.Venues.Rest;
using Pipeline.Venues.Okx;

namespace Pipeline.Tests.Venues.Okx;

public sealed class OkxRestTests : IDisposable
{
    private readonly SynchronizationContext? _context = SynchronizationContext.Current;
    private readonly TestTimeProvider _time = new();
    private readonly ScriptedHandler _venue;
    private readonly HttpClient _http;
    private readonly OkxRest _rest;
    private readonly VenueBatch _batch = new() { Source = OkxFrames.Source };

    public OkxRestTests()
    {
        _venue = new ScriptedHandler(_time);
        _http = new HttpClient(_venue);
        _rest = new OkxRest(_http, new Uri("https://venue.test"), _time);
    }

    public void Dispose()
    {
        SynchronizationContext.SetSynchronizationContext(_context);
        _http.Dispose();
        _venue.Dispose();
    }

    [Fact]
    public async Task GetInstruments_SpotAndLinearSwaps_EveryField()
    {
        AnswerFile("http_instruments_spot.json");
        AnswerFile("http_instruments_swap.json");
        Assert.Equal(
            [
                new InstrumentInfo(
                    "okx", "BTC-USDT", "BTC-USDT", InstrumentKind.Spot, "BTC", "USDT", Number.Parse("0.1"), Number.Parse("0.00000001"), null, InstrumentStatus.Trading),
                new InstrumentInfo(
                    "okx", "NEW-USDC", "NEW-USDC", InstrumentKind.Spot, "NEW", "USDC", Number.Parse("0.0001"), Number.Parse("0.1"), null, InstrumentStatus.PreOpen),
                new InstrumentInfo(
                    "okx", "BTC-USDT-PERP", "BTC-USDT-SWAP", InstrumentKind.Perpetual, "BTC", "USDT", Number.Parse("0.1"), Number.Parse("0.01"), Number.Parse("0.01"), InstrumentStatus.Trading),
                new InstrumentInfo(
                    "okx", "OLD-USDC-PERP", "OLD-USDC-SWAP", InstrumentKind.Perpetual, "OLD", "USDC", Number.Parse("0.001"), Number.Parse("1"), Number.Parse("10"), InstrumentStatus.Delisted),
                new InstrumentInfo(
                    "okx", "SUS-USDT-PERP", "SUS-USDT-SWAP", InstrumentKind.Perpetual, "SUS", "USDT", Number.Parse("0.001"), Number.Parse("1"), Number.Parse("1"), InstrumentStatus.Halted),
            ],
            await _rest.GetInstrumentsAsync(default));
        Assert.Equal(["/api/v5/public/instruments?instType=SPOT", "/api/v5/public/instruments?instType=SWAP"], Asked());
    }

    [Fact]
    public async Task GetTurnover_SpotInQuoteAndSwapsByTheirPrice()
    {
        Answer("""[{"instType":"SPOT","instId":"BTC-USDT","last":"91234.5","volCcy24h":"812345678.12","vol24h":"8912"},{"instType":"SPOT","instId":"NEW-USDT","last":"","volCcy24h":""}]""");
        Answer("""[{"instType":"SWAP","instId":"BTC-USDT-SWAP","last":"91234.5","volCcy24h":"45678.125","vol24h":"4567812"},{"instType":"SWAP","instId":"BTC-USD-SWAP","last":"91234.5","volCcy24h":"1"}]""");
        var turnover = await _rest.GetTurnoverAsync(default);
        Assert.Equal(
            [("BTC-USDT", "812345678.12"), ("BTC-USDT-SWAP", "4167420895.31")],
            turnover.Select(known => (known.Key, known.Value.ToString())));
    }

    [Fact]
    public async Task GetServerTime_InMicroseconds()
    {
        Answer("""[{"ts":"1794900000123"}]""");
        Assert.Equal(1794900000123000, await _rest.GetServerTimeAsync(default));
    }

    [Fact]
    public async Task GetTrades_FromAnId_AsksForThePageBelowAndTurnsIt()
    {
        AnswerFile("http_history_trades.json");
        Assert.Equal(2, await _rest.GetTradesAsync("BTC-USDT", "trades", 101, 1000, _batch, default));
        Assert.Equal(
            [
                new VenueTrade(0, 101, 101, Number.Parse("91234.5"), Number.Parse("0.02"), AggressorSide.Buy, 1, TradeKind.Market, 1794900000120),
                new VenueTrade(0, 102, 102, Number.Parse("91234.4"), Number.Parse("0.5"), AggressorSide.Sell, 1, TradeKind.Market, 1794900000130),
            ],
            _batch.Trades.Span.ToArray());
        Assert.Equal("/api/v5/market/history-trades?instId=BTC-USDT&type=1&after=201&limit=100", Assert.Single(Asked()));
    }

    [Fact]
    public async Task GetTrades_WithoutAnId_AsksForTheNewest()
    {
        AnswerFile("http_history_trades.json");
        Assert.Equal(3, await _rest.GetTradesAsync("BTC-USDT", "trades-all", null, 1000, _batch, default));
        Assert.Equal([100, 101, 102], _batch.Trades.Span.ToArray().Select(trade => trade.Id));
        Assert.Equal("/api/v5/market/history-trades?instId=BTC-USDT&limit=100", Assert.Single(Asked()));
    }

    [Fact]
    public async Task GetTrades_NoneThere_IsNoFailure()
    {
        Answer("[ ]");
        Answer("[ ]");
        Assert.Equal(0, await _rest.GetTradesAsync("BTC-USDT", "trades-all", 5, 10, _batch, default));
    }

    [Theory]
    [InlineData(1000, "/api/v5/market/candles")]
    [InlineData(2000, "/api/v5/market/history-candles")]
    public async Task GetCandles_RecentOrOld_AsksTheRightPathForTheOldestPage(int hoursAgo, string path)
    {
        var hour = CandleInterval.Parse("1h");
        var now = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        var from = hour.OpenOf(now) - (hoursAgo * hour.Microseconds);
        var second = (from / 1000) + 3_600_000;
        Answer(
            $"""[["{second + 360_000_000}","1","1","1","1","1","1","1","1"],["{second}","2","3","1","2","5","0","10","0"],["{from / 1000}","1","2","1","2","5","0","10","1"],["{(from / 1000) - 1}","1","2","1","2","5","0","10","1"]]""");
        Assert.Equal(2, await _rest.GetCandlesAsync("BTC-USDT", hour, from, from + (5000 * hour.Microseconds), _batch, default));
        Assert.Equal(
            [(from / 1000, true), (second, false)], _batch.Candles.Span.ToArray().Select(candle => (candle.OpenTime, candle.Closed)));
        Assert.Equal(
            $"{path}?instId=BTC-USDT&bar=1H&before={(from / 1000) - 1}&after={(from / 1000) + 360_000_000}&limit=100", Assert.Single(Asked()));
    }

    [Fact]
    public async Task GetBook_IsASnapshotWithTheStreamsId()
    {
        AnswerFile("http_books.json");
        Assert.Equal(1, await _rest.GetBookAsync("BTC-USDT-SWAP", 5000, _batch, default));
        Assert.Equal(
            new VenueBookUpdate(1, BookUpdateKind.Snapshot, 50012345680, 50012345680, -1, 0, 1, 2, 1794900000122),
            Assert.Single(_batch.BookUpdates.Span.ToArray()));
        Assert.Equal(["91234.5 4.21", "91234.6 1.03", "91234.9 0.5"], _batch.Levels.Span.ToArray().Select(level => $"{level.Price} {level.Quantity}"));
        Assert.Equal("/api/v5/market/books?instId=BTC-USDT-SWAP&sz=400", Assert.Single(Asked()));
    }

    [Theory]
    [InlineData(VenueRestFailure.RateLimited, """{"code":"50011","msg":"Too Many Requests","data":[]}""")]
    [InlineData(VenueRestFailure.Refused, """{"code":"51001","msg":"Instrument ID does not exist","data":[]}""")]
    [InlineData(VenueRestFailure.Unavailable, """{"code":"50013","msg":"Systems are busy. Please try again later.","data":[]}""")]
    [InlineData(VenueRestFailure.BadAnswer, """{"msg":"","data":[]}""")]
    [InlineData(VenueRestFailure.BadAnswer, """{"code":"0","msg":""}""")]
    [InlineData(VenueRestFailure.BadAnswer, """{"code":"0","msg":"","data":[{"instId":"BTC-USDT","tradeId":"1"}]}""")]
    [InlineData(VenueRestFailure.BadAnswer, """{"code":"0","msg":"","data":[""")]
    [InlineData(VenueRestFailure.BadAnswer, "<html>")]
    public async Task GetTrades_Refused_SaysWhyAndAddsNothing(VenueRestFailure failure, string body)
    {
        _venue.Answer(HttpStatusCode.OK, body);
        var error = await Assert.ThrowsAsync<VenueRestException>(() => _rest.GetTradesAsync("BTC-USDT", "trades-all", 1, 10, _batch, default));
        Assert.Equal(failure, error.Failure);
        Assert.Contains("/api/v5/market/history-trades", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _batch.Events.Count);
    }

    [Fact]
    public async Task GetServerTime_RateLimitedInAGoodAnswer_PausesEveryCall()
    {
        _venue.Answer(HttpStatusCode.OK, """{"code":"50011","msg":"Too Many Requests","data":[]}""");
        await Assert.ThrowsAsync<VenueRestException>(() => _rest.GetServerTimeAsync(default));
        var error = await Assert.ThrowsAsync<VenueRestException>(() => _rest.GetInstrumentsAsync(default));
        Assert.Equal((VenueRestFailure.RateLimited, 1), (error.Failure, _venue.Requests.Count));
    }

    [Fact]
    public async Task GetBook_BeyondThePathsLimit_WaitsWithoutHoldingOthersUp()
    {
        for (var i = 0; i < 42; i++)
        {
            AnswerFile("http_books.json");
        }

        var books = Enumerable.Range(0, 41).Select(_ => _rest.GetBookAsync("BTC-USDT", 5, new VenueBatch { Source = OkxFrames.Source }, default)).ToList();
        await Task.WhenAll(books.Take(40));
        Assert.False(books[40].IsCompleted);
        Assert.Equal(1794900000122000, await _rest.GetServerTimeAsync(default));
        Assert.Equal(41, _venue.Requests.Count);
        _time.Advance(TimeSpan.FromSeconds(3));
        await books[40];
        Assert.Equal(42, _venue.Requests.Count);
    }

    private IEnumerable<string> Asked() => _venue.Requests.Select(request => request.Asked);

    private void Answer(string data) => _venue.Answer(HttpStatusCode.OK, $$"""{"code":"0","msg":"","data":{{data}}}""");

    private void AnswerFile(string fixture) => _venue.Answer(HttpStatusCode.OK, Encoding.UTF8.GetString(OkxFrames.Read(fixture)));
}
