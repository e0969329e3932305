using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.TestKit;
using Pipeline.Venues.Bybit;

namespace Pipeline.Tests.Venues.Bybit;

public sealed class BybitParserTests
{
    private const string Head = "\"topic\":\"publicTrade.BTCUSDT\",\"type\":\"snapshot\",\"ts\":1";

    private readonly ParserHarness _parser = new(MakeSource(), BybitOrderFreeReader.Read);

    public static TheoryData<string> Fixtures => [.. ParserHarness.Fixtures("bybit").Select(path => Path.GetFileName(path))];

    public static TheoryData<string> DataFixtures =>
        [.. ParserHarness.Fixtures("bybit").Select(path => Path.GetFileName(path)).Where(name => !name.Contains("subscribe") && !name.Contains("pong"))];

    [Fact]
    public void Parse_Trades_EveryFieldOfEveryRow()
    {
        var trades = Read("ws_publicTrade.json").Trades.Span.ToArray();
        Assert.Equal(
            [
                new VenueTrade(
                    0, 3595728650936088734, 3595728650936088734, Number.Parse("91234.6"), Number.Parse("0.001"), AggressorSide.Buy, 1,
                    TradeKind.Market, 1794900000119),
                new VenueTrade(
                    0, 6296788898226966836, 6296788898226966836, Number.Parse("91234.5"), Number.Parse("0.25"), AggressorSide.Sell, 1,
                    TradeKind.Market, 1794900000120),
            ],
            trades);
    }

    [Fact]
    public void Parse_NumericTradeId_IsTheNumber()
    {
        var trade = Assert.Single(Read("ws_publicTrade_numericId.json").Trades.Span.ToArray());
        Assert.Equal(
            new VenueTrade(
                0, 2290000000067683805, 2290000000067683805, Number.Parse("91234.6"), Number.Parse("0.00141"), AggressorSide.Sell, 1,
                TradeKind.Market, 1794900000119),
            trade);
    }

    [Fact]
    public void Parse_Depth1_IsAQuoteAtTheEnginesTime()
    {
        var batch = Read("ws_orderbook_1.json");
        Assert.Equal(
            new VenueQuote(
                0, 18521288, Number.Parse("91234.5"), Number.Parse("4.21"), Number.Parse("91234.6"), Number.Parse("1.03"), 1794900000119),
            Assert.Single(batch.Quotes.Span.ToArray()));
        Assert.Equal((0, 0), (batch.Levels.Count, batch.BookUpdates.Count));
    }

    [Fact]
    public void Parse_Depth1WithoutBids_HasAnEmptyBid()
    {
        var quote = Assert.Single(Read("ws_orderbook_1_oneSided.json").Quotes.Span.ToArray());
        Assert.Equal((Number.Zero, Number.Zero, "91234.6"), (quote.Bid, quote.BidQuantity, quote.Ask.ToString()));
    }

    [Theory]
    [InlineData("ws_orderbook_200_snapshot.json", BookUpdateKind.Snapshot, 18521288, 2, 1, 1794900000119, "91234.5 4.21|91234.4 0.7|91234.6 1.03")]
    [InlineData("ws_orderbook_200_delta.json", BookUpdateKind.Update, 18521289, 1, 2, 1794900000219, "91234.4 0|91234.6 0.9|91240 2.5")]
    [InlineData("ws_orderbook_200_restart.json", BookUpdateKind.Snapshot, 1, 1, 1, 1794900000319, "91234.1 1|91234.2 2")]
    public void Parse_Book_EveryFieldAndLevel(string fixture, BookUpdateKind kind, long id, int bids, int asks, long time, string levels)
    {
        var batch = Read(fixture);
        Assert.Equal(new VenueBookUpdate(0, kind, id, id, -1, 0, bids, asks, time), Assert.Single(batch.BookUpdates.Span.ToArray()));
        Assert.Equal(levels, string.Join('|', batch.Levels.Span.ToArray().Select(level => $"{level.Price} {level.Quantity}")));
    }

    [Theory]
    [InlineData("ws_kline_1.json", "3.2", "291999.1", false, 1794900000130)]
    [InlineData("ws_kline_1_closed.json", "0", "0", true, 1794900060002)]
    public void Parse_Kline_EveryField(string fixture, string volume, string turnover, bool closed, long time)
    {
        var candle = Assert.Single(Read(fixture).Candles.Span.ToArray());
        Assert.Equal(
            new VenueCandle(
                0, CandleInterval.Parse("1m"), 1794900000000, Number.Parse("91230"), Number.Parse("91240.1"), Number.Parse("91228"),
                Number.Parse("91234.6"), Number.Parse(volume), Number.Parse(turnover), null, -1, -1, -1, closed, time),
            candle);
    }

    [Fact]
    public void Parse_Ticker_EveryField()
    {
        var ticker = Assert.Single(Read("ws_tickers.json").Tickers.Span.ToArray());
        Assert.Equal(
            new VenueTicker(
                0, Number.Parse("91234.6"), null, null, null, null, null, Number.Parse("90100"), Number.Parse("91800"),
                Number.Parse("89900.1"), Number.Parse("8912.3345"), Number.Parse("812345678.12003"), 1794900000131),
            ticker);
    }

    [Theory]
    [MemberData(nameof(DataFixtures))]
    public void TryRead_UsualMessage_IsPredicted(string fixture)
    {
        // The quick reader looks beyond the end of a frame: it needs the padding a batch gives.
        var frames = FrameBatch.Of(_parser.Source, 1, Fixture.Read("bybit/" + fixture));
        var batch = new VenueBatch();
        Assert.True(BybitPredictiveReader.TryRead(frames[0], _parser.Source.Symbols, batch));
        Assert.NotEqual(0, batch.Events.Count);
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Parse_ShuffledUnknownOrSpaced_SaysTheSame(string fixture) =>
        _parser.AssertDisguisesSayTheSame(Path.Combine(Fixture.RepositoryRoot, "tests", "fixtures", "bybit", fixture));

    [Fact]
    public void Parse_RandomDamage_NeverThrowsAndPredictionNeverDisagrees() => _parser.AssertDamageNeverDisagrees("bybit", 60_000);

    [Theory]
    [InlineData("ws_subscribe.json")]
    [InlineData("ws_subscribe_error.json")]
    [InlineData("ws_pong.json")]
    public void Parse_Answer_IsAControlFrame(string fixture)
    {
        var batch = Read(fixture);
        Assert.Equal((1, 0), (batch.ControlFrames, batch.Events.Count));
    }

    [Fact]
    public void Parse_TimesAsText_AreTheSameTimes()
    {
        var frame = """{"topic":"orderbook.200.BTCUSDT","type":"snapshot","ts":"1794900000122","data":{"s":"BTCUSDT","b":[],"a":[],"u":7,"seq":1}}""";
        Assert.Equal(1794900000122, Assert.Single(_parser.Parse(frame).BookUpdates.Span.ToArray()).Time);
    }

    [Fact]
    public void Parse_OneBadRow_KeepsTheGoodOnesAndTheFrame()
    {
        var row = """{"T":1,"s":"BTCUSDT","S":"Buy","v":"1","p":"2","i":"7","BT":false}""";
        var batch = _parser.Parse($$"""{{{Head}},"data":[{{row}},{{row.Replace("\"7\"", "\"x\"")}},{{row.Replace("\"7\"", "\"8\"")}}]}""");
        Assert.Equal([7L, 8L], batch.Trades.Span.ToArray().Select(trade => trade.Id));
        Assert.Equal("wrong-shape", Assert.Single(batch.DeadLetters.Span.ToArray()).Reason);
    }

    [Theory]
    [InlineData("unknown-event", "{}")]
    [InlineData("unknown-event", """{"topic":"liquidation.BTCUSDT","ts":1,"data":{}}""")]
    [InlineData("unknown-event", """{"topic":"orderbook.rpi.BTCUSDT","ts":1,"type":"snapshot","data":{"b":[],"a":[],"u":2}}""")]
    [InlineData("unknown-event", """{"topic":"kline.M.BTCUSDT","ts":1,"data":[]}""")]
    [InlineData("unknown-event", """{"topic":17,"ts":1,"data":[]}""")]
    [InlineData("unknown-event", """{"e":"trade","E":1,"s":"BTCUSDT","t":1,"p":"1","q":"1","T":1,"m":true,"M":true}""")]
    [InlineData("unknown-symbol", """{"topic":"publicTrade.NOPEUSDT","ts":1,"data":[]}""")]
    [InlineData("wrong-shape", """{"topic":"publicTrade.BTCUSDT","ts":1}""")]
    [InlineData("wrong-shape", """{"topic":"publicTrade.BTCUSDT","ts":1,"data":{}}""")]
    [InlineData("wrong-shape", """{"topic":"publicTrade.BTCUSDT","ts":1,"data":[3]}""")]
    [InlineData("wrong-shape", """{"topic":"publicTrade.BTCUSDT","ts":1,"data":[{"T":1,"S":"Hold","v":"1","p":"2","i":"7"}]}""")]
    [InlineData("wrong-shape", """{"topic":"publicTrade.BTCUSDT","ts":1,"data":[{"T":1,"S":"Buy","v":"1","p":2,"i":"7"}]}""")]
    [InlineData("wrong-shape", """{"topic":"publicTrade.BTCUSDT","ts":1,"data":[{"T":1,"S":"Buy","v":"1","p":"2","i":"20f43950-d8dd-5b31-9112-a178eb6023zz"}]}""")]
    [InlineData("wrong-shape", """{"topic":"orderbook.1.BTCUSDT","ts":1,"type":"delta","data":{"s":"BTCUSDT","b":[["1","2"]],"a":[],"u":5,"seq":1}}""")]
    [InlineData("wrong-shape", """{"topic":"orderbook.200.BTCUSDT","ts":1,"type":"whole","data":{"s":"BTCUSDT","b":[],"a":[],"u":5,"seq":1}}""")]
    [InlineData("wrong-shape", """{"topic":"orderbook.200.BTCUSDT","ts":1,"type":"delta","data":{"s":"BTCUSDT","b":[["1"]],"a":[],"u":5,"seq":1}}""")]
    [InlineData("wrong-shape", """{"topic":"orderbook.200.BTCUSDT","type":"delta","data":{"s":"BTCUSDT","b":[],"a":[],"u":5,"seq":1}}""")]
    [InlineData("wrong-shape", """{"topic":"tickers.BTCUSDT","ts":1,"type":"delta","data":{"symbol":"BTCUSDT","lastPrice":"1"}}""")]
    [InlineData("wrong-shape", """{"topic":"kline.1.BTCUSDT","data":[{"start":1,"open":"1","close":"1","high":"1","low":"1","volume":"1","turnover":"1","confirm":true}]}""")]
    [InlineData("impossible-value", """{"topic":"publicTrade.BTCUSDT","ts":1,"data":[{"T":1,"S":"Buy","v":"1","p":"0","i":"7"}]}""")]
    [InlineData("impossible-value", """{"topic":"publicTrade.BTCUSDT","ts":1,"data":[{"T":1794900000119000,"S":"Buy","v":"1","p":"1","i":"7"}]}""")]
    [InlineData("impossible-value", """{"topic":"orderbook.200.BTCUSDT","ts":1,"type":"delta","data":{"s":"BTCUSDT","b":[],"a":[],"u":-5,"seq":1}}""")]
    [InlineData("impossible-value", """{"topic":"kline.1.BTCUSDT","ts":1,"data":[{"start":1,"open":"1","close":"1","high":"1","low":"2","volume":"1","turnover":"1","confirm":true}]}""")]
    [InlineData("malformed", "")]
    [InlineData("malformed", "pong")]
    [InlineData("malformed", "[1,2]")]
    [InlineData("malformed", """{"topic":"publicTrade.BTCUSDT","ts":1,"data":[{"T":1,"S":"Buy","v":"1","p":"1","i":"7"},""")]
    [InlineData("wrong-shape", """{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1,"data":[]}""")]
    [InlineData("wrong-shape", """{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1,"data":[{"T":"+1","S":"Buy","v":"1","p":"2","i":"7"}]}""")]
    [InlineData("malformed", """{"topic":"publicTrade.BTCUSDT","ts":1,"data":[{"T":1,"S":"Buy","v":"1","p":"1","i":"7"}]} x""")]
    public void Parse_BadFrame_IsADeadLetterAlone(string reason, string frame)
    {
        Assert.Equal(reason, _parser.ReasonOf(frame));
        var batch = _parser.Parse(frame);
        Assert.Equal((1, 0), (batch.Events.Count, batch.Levels.Count));
    }

#if !DEBUG
    // Unoptimised code boxes what optimised code does not: the claim is about what ships.
    [Fact]
    public void Parse_SteadyState_AllocatesNothing()
    {
        var (bytes, frames) = _parser.MeasureAllocation("bybit");
        Assert.InRange(bytes, 0, frames / 10);
    }
#endif

    private static FeedSource MakeSource()
    {
        var symbols = new SymbolTable();
        symbols.Add(new Instrument(0, "bybit", "BTC-USDT", "BTCUSDT"));
        return new FeedSource("bybit", "bybit-1", new BybitParser(), symbols, 1000);
    }

    private VenueBatch Read(string fixture) => _parser.Parse(Fixture.Read("bybit/" + fixture));
}
