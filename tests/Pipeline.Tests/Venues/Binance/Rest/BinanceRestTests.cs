using System.Net;
using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.Tests.Market;
using Pipeline.Venues.Binance.Rest;

namespace Pipeline.Tests.Venues.Binance.Rest;

public sealed class BinanceRestTests : IDisposable
{
    private static readonly CandleInterval Minute = CandleInterval.Parse("1m");

    private readonly RestWorld _world = new();
    private readonly VenueBatch _batch = RestWorld.Batch();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task GetInstruments_Spot_EveryFieldAndStatus()
    {
        var instruments = await _world.Answer("binance/rest_exchangeInfo").Spot.GetInstrumentsAsync(default);
        Assert.Equal("/api/v3/exchangeInfo?showPermissionSets=false", _world.Asked);
        Assert.Equal(
            [
                Spot("BTC-USDT", "BTCUSDT", "BTC", "USDT", "0.01", "0.00001", InstrumentStatus.Trading),
                Spot("ETH-BTC", "ETHBTC", "ETH", "BTC", "0.00001", null, InstrumentStatus.Halted),
                Spot("币安人生-USDT", "币安人生USDT", "币安人生", "USDT", "0.01", "0.00001", InstrumentStatus.Halted),
            ],
            instruments);
    }

    [Fact]
    public void ReadInstruments_OddRows_LoseNoOther()
    {
        var body = """{"symbols":[{"symbol":7},[],{"baseAsset":"X"},{"symbol":"GOOD"},{"symbol":null}]}"""u8.ToArray();
        var skipped = 0;
        var read = BinanceInstruments.Read(
            body,
            row => InstrumentSamples.Spot(row.GetProperty("symbol").GetString() ?? throw new FormatException("null")),
            count => skipped += count);

        Assert.Equal(["GOOD-USDT"], read.Select(one => one.Id));
        Assert.Equal(4, skipped);
    }

    [Fact]
    public async Task GetInstruments_Futures_PerpetualsOnly()
    {
        var instruments = await _world.Answer("binance-futures/rest_exchangeInfo").Futures.GetInstrumentsAsync(default);
        Assert.Equal("/fapi/v1/exchangeInfo", _world.Asked);
        Assert.Equal(
            new InstrumentInfo(
                "binance-futures", "BTC-USDT-PERP", "BTCUSDT", InstrumentKind.Perpetual, "BTC", "USDT", Number.Parse("0.1"), Number.Parse("0.001"),
                null, InstrumentStatus.Trading),
            instruments[0]);
        Assert.Equal(
            ["BTCUSDT Trading", "NEWUSDT PreOpen", "OLDUSDT Halted", "GONEUSDT Delisted"], instruments.Select(one => $"{one.Symbol} {one.Status}"));
    }

    [Fact]
    public async Task GetTurnover_Spot_QuoteVolumeBySymbol()
    {
        var turnover = await _world.Answer("binance/rest_ticker24hr").Spot.GetTurnoverAsync(default);
        Assert.Equal("/api/v3/ticker/24hr?type=MINI", _world.Asked);
        Assert.Equal((Number.Parse("1657741234.56"), Number.Parse("98765432109876")), (turnover["BTCUSDT"], turnover["BTCIDR"]));
    }

    [Fact]
    public async Task GetTurnover_Futures_QuoteVolumeBySymbol()
    {
        var turnover = await _world.Answer("binance-futures/rest_ticker24hr").Futures.GetTurnoverAsync(default);
        Assert.Equal("/fapi/v1/ticker/24hr", _world.Asked);
        Assert.Equal(Number.Parse("16577412345.67"), Assert.Single(turnover).Value);
    }

    [Fact]
    public async Task GetServerTime_Microseconds()
    {
        Assert.Equal(1794900000123000, await _world.Answer("binance/rest_time").Spot.GetServerTimeAsync(default));
        Assert.Equal("/api/v3/time", _world.Asked);
        Assert.Equal(1794900000123000, await _world.Answer("binance-futures/rest_time").Futures.GetServerTimeAsync(default));
        Assert.Equal("/fapi/v1/time", _world.Asked);
    }

    [Fact]
    public async Task GetTrades_AggregatedOnSpot_AsTheStreamWouldBringThem()
    {
        Assert.Equal(2, await _world.Answer("binance/rest_aggTrades").Spot.GetTradesAsync("BTCUSDT", "aggTrade", 26129, 5000, _batch, default));
        Assert.Equal("/api/v3/aggTrades?symbol=BTCUSDT&limit=1000&fromId=26129", _world.Asked);
        Assert.Equal(
            [
                new VenueTrade(
                    0, 26129, 26129, Number.Parse("91234.56"), Number.Parse("4.70443515"), AggressorSide.Sell, 3, TradeKind.Market, 1794900000104),
                new VenueTrade(
                    0, 26130, 26130, Number.Parse("91234.57"), Number.Parse("0.1"), AggressorSide.Buy, 1, TradeKind.Market, 1794900000110),
            ],
            _batch.Trades.Span.ToArray());
    }

    [Fact]
    public async Task GetTrades_AggregatedOnFutures_NewestPage()
    {
        Assert.Equal(1, await _world.Answer("binance-futures/rest_aggTrades").Futures.GetTradesAsync("BTCUSDT", "aggTrade", null, 500, _batch, default));
        Assert.Equal("/fapi/v1/aggTrades?symbol=BTCUSDT&limit=500", _world.Asked);
        Assert.Equal(3, _batch.Trades[0].Fills);
    }

    [Theory]
    [InlineData(null, 1000, "/api/v3/trades?symbol=BTCUSDT&limit=1000", "/fapi/v1/trades?symbol=BTCUSDT&limit=1000")]
    [InlineData(28457, 1000, "/api/v3/historicalTrades?symbol=BTCUSDT&limit=1000&fromId=28457", "/fapi/v1/historicalTrades?symbol=BTCUSDT&limit=500&fromId=28457")]
    public async Task GetTrades_Single_EveryField(int? fromId, int limit, string spot, string futures)
    {
        await _world.Answer("binance/rest_trades").Spot.GetTradesAsync("BTCUSDT", "trade", fromId, limit, _batch, default);
        Assert.Equal(spot, _world.Asked);
        await _world.Answer("binance-futures/rest_trades").Futures.GetTradesAsync("BTCUSDT", "trade", fromId, limit, _batch, default);
        Assert.Equal(futures, _world.Asked);
        Assert.Equal(
            [
                new VenueTrade(0, 28457, 28457, Number.Parse("91234.56"), Number.Parse("12"), AggressorSide.Sell, 1, TradeKind.Market, 1794900000104),
                new VenueTrade(0, 28457, 28457, Number.Parse("91234.5"), Number.Parse("12"), AggressorSide.Buy, 1, TradeKind.Market, 1794900000104),
            ],
            _batch.Trades.Span.ToArray());
    }

    [Theory]
    [InlineData(true, "/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=1794900000000&endTime=1794900119999&limit=1000")]
    [InlineData(false, "/fapi/v1/klines?symbol=BTCUSDT&interval=1m&startTime=1794900000000&endTime=1794900119999&limit=100")]
    public async Task GetCandles_EveryFieldAndTheLastOneOpen(bool isSpot, string asked)
    {
        IVenueRest rest = isSpot ? _world.Answer("binance/rest_klines").Spot : _world.Answer("binance-futures/rest_klines").Futures;
        Assert.Equal(2, await rest.GetCandlesAsync("BTCUSDT", Minute, 1794900000000000, 1794900120000000, _batch, default));
        Assert.Equal(asked, _world.Asked);
        Assert.Equal(
            new VenueCandle(
                0, Minute, 1794900000000, Number.Parse("91234.56"), Number.Parse("91240.1"), Number.Parse("91230"), Number.Parse("91236"),
                Number.Parse("3.2145"), Number.Parse("293284.11"), Number.Parse("1.9"), 57, -1, -1, true, 1794900059999),
            _batch.Candles[0]);
        Assert.Equal((false, 0L, 1794900061000), (_batch.Candles[1].Closed, _batch.Candles[1].Trades, _batch.Candles[1].Time));
    }

    [Theory]
    [InlineData(1, "limit=5")]
    [InlineData(100, "limit=100")]
    [InlineData(101, "limit=500")]
    [InlineData(9999, "limit=1000")]
    public async Task GetBook_Depth_AsksForAStepTheVenueHas(int depth, string limit)
    {
        await _world.Answer("binance-futures/rest_depth").Futures.GetBookAsync("BTCUSDT", depth, _batch, default);
        Assert.Equal("/fapi/v1/depth?symbol=BTCUSDT&" + limit, _world.Asked);
        Assert.Equal(new VenueBookUpdate(0, BookUpdateKind.Snapshot, 1027024, 1027024, -1, 0, 2, 1, 1794900000123), _batch.BookUpdates[0]);
    }

    [Fact]
    public async Task GetBook_UnicodeSymbolOnSpot_EveryLevel()
    {
        Assert.Equal(1, await _world.Answer("binance/rest_depth").Spot.GetBookAsync("币安人生USDT", 1000, _batch, default));
        Assert.Equal("/api/v3/depth?symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT&limit=1000", _world.Asked);
        Assert.Equal(new VenueBookUpdate(1, BookUpdateKind.Snapshot, 1027024, 1027024, -1, 0, 2, 1, 0), _batch.BookUpdates[0]);
        Assert.Equal(["91234.55 4.21", "91234 0.5", "91234.56 1.03"], _batch.Levels.Span.ToArray().Select(l => $"{l.Price} {l.Quantity}"));
    }

    [Fact]
    public async Task GetTrades_RowThatIsNotUnderstood_IsADeadLetterAndLosesNoOther()
    {
        const string Good = """{"a":1,"p":"1","q":"1","f":1,"l":1,"T":1,"m":true}""";
        _world.AnswerText($$"""[{{Good}},{"a":2,"p":[{"a":9}],"T":1},7,{{Good}}]""");
        Assert.Equal(2, await _world.Spot.GetTradesAsync("BTCUSDT", "aggTrade", 1, 1000, _batch, default));
        Assert.Equal(2, _batch.Trades.Count);
        Assert.Equal("""{"a":2,"p":[{"a":9}],"T":1}7""", Encoding.UTF8.GetString(_batch.Bytes.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("null")]
    public async Task Get_AnswerOfAnotherShape_IsABadAnswer(string body)
    {
        Func<Task>[] calls =
        [
            () => _world.Spot.GetTradesAsync("BTCUSDT", "aggTrade", 1, 1000, _batch, default),
            () => _world.Spot.GetCandlesAsync("BTCUSDT", Minute, 0, 60_000_000, _batch, default),
            () => _world.Spot.GetBookAsync("BTCUSDT", 100, _batch, default),
            () => _world.Spot.GetInstrumentsAsync(default),
            () => _world.Spot.GetTurnoverAsync(default),
            () => _world.Spot.GetServerTimeAsync(default),
        ];
        foreach (var call in calls)
        {
            _world.AnswerText(body);
            Assert.Equal(VenueRestFailure.BadAnswer, (await Assert.ThrowsAsync<VenueRestException>(call)).Failure);
        }

        Assert.Equal(0, _batch.Events.Count);
    }

    [Fact]
    public async Task GetBook_InvalidSymbol_IsRefusedWithTheVenuesWords()
    {
        _world.Handler.Answer(HttpStatusCode.BadRequest, """{"code":-1121,"msg":"Invalid symbol."}""");
        var error = await Assert.ThrowsAsync<VenueRestException>(() => _world.Spot.GetBookAsync("BTCUSDT", 100, _batch, default));
        Assert.Equal(VenueRestFailure.Refused, error.Failure);
        Assert.Contains("Invalid symbol.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_SymbolOrSourceUnknown_IsTheCallersError()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _world.Spot.GetBookAsync("NOPEUSDT", 100, _batch, default));
        await Assert.ThrowsAsync<ArgumentException>(() => _world.Spot.GetTradesAsync("BTCUSDT", "trades", 1, 100, _batch, default));
    }

    [Fact]
    public async Task GetBook_BudgetUsedUpByOthers_StillHasTheUrgentShare()
    {
        // The venue says 4,250 of 6,000: history and repair wait for the next minute, a book does not.
        _world.Time.Advance(TimeSpan.FromSeconds(2));
        _world.Handler.Answer(HttpStatusCode.OK, """{"serverTime":1}""", ("X-MBX-USED-WEIGHT-1M", "4250"));
        await _world.Spot.GetServerTimeAsync(default);
        var history = _world.Spot.GetCandlesAsync("BTCUSDT", Minute, 0, 60_000_000, _batch, default);
        var repair = _world.Spot.GetTradesAsync("BTCUSDT", "aggTrade", 1, 1000, _batch, default);
        await _world.Answer("binance/rest_depth").Spot.GetBookAsync("BTCUSDT", 1000, _batch, default);
        Assert.False(history.IsCompleted || repair.IsCompleted);
        Assert.Equal(2, _world.Handler.Requests.Count);
    }

    private static InstrumentInfo Spot(string id, string symbol, string baseAsset, string quoteAsset, string price, string? quantity, InstrumentStatus status) =>
        new(
            "binance", id, symbol, InstrumentKind.Spot, baseAsset, quoteAsset, Number.Parse(price),
            quantity is null ? null : Number.Parse(quantity), null, status);
}
