using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.TestKit;
using Pipeline.TestKit.Recordings;
using Pipeline.Tests.Market;

namespace Pipeline.Tests.Venues.Binance;

public sealed class BinanceSpotParserTests
{
    [Fact]
    public void Parse_Trade_EveryField()
    {
        var trade = Assert.Single(BinanceFrames.Parse(Fixture.Read("binance/ws_trade.json")).Trades.Span.ToArray());
        Assert.Equal(
            new VenueTrade(
                0, 5689012345, 5689012345, Number.Parse("91234.56"), Number.Parse("0.0015"), AggressorSide.Sell, 1, TradeKind.Market, 1794900000104), trade);
    }

    [Fact]
    public void Parse_AggregateTrade_EveryField()
    {
        var trade = Assert.Single(BinanceFrames.Parse(Fixture.Read("binance/ws_aggTrade.json")).Trades.Span.ToArray());
        Assert.Equal(
            new VenueTrade(
                0, 3812345678, 3812345678, Number.Parse("91234.56"), Number.Parse("0.0042"), AggressorSide.Buy, 3, TradeKind.Market, 1794900000104), trade);
    }

    [Fact]
    public void Parse_BookTicker_EveryField()
    {
        var quote = Assert.Single(BinanceFrames.Parse(Fixture.Read("binance/ws_bookTicker.json")).Quotes.Span.ToArray());
        Assert.Equal(
            new VenueQuote(
                0, 400900217, Number.Parse("91234.55"), Number.Parse("4.21"), Number.Parse("91234.56"), Number.Parse("1.03"), 0),
            quote);
    }

    [Fact]
    public void Parse_DepthUpdate_EveryFieldAndLevel()
    {
        var batch = BinanceFrames.Parse(Fixture.Read("binance/ws_depthUpdate.json"));
        Assert.Equal(new VenueBookUpdate(0, BookUpdateKind.Update, 157, 160, -1, 0, 2, 1, 1794900000200), Assert.Single(batch.BookUpdates.Span.ToArray()));
        Assert.Equal(["91234.55 4.3", "91234 0", "91240 0"], batch.Levels.Span.ToArray().Select(l => $"{l.Price} {l.Quantity}"));
    }

    [Fact]
    public void Parse_Kline_EveryField()
    {
        var candle = Assert.Single(BinanceFrames.Parse(Fixture.Read("binance/ws_kline.json")).Candles.Span.ToArray());
        Assert.Equal(
            new VenueCandle(
                0, CandleInterval.Parse("1m"), 1794900000000,
                Number.Parse("91234.56"), Number.Parse("91240.1"), Number.Parse("91230"), Number.Parse("91236"),
                Number.Parse("3.2145"), Number.Parse("293284.11"), Number.Parse("1.9"),
                57, 5689012345, 5689012401, false, 1794900002013),
            candle);
    }

    [Fact]
    public void Parse_EmptyKline_IsAValidCandle()
    {
        var candle = Assert.Single(BinanceFrames.Parse(Fixture.Read("binance/ws_kline_empty.json")).Candles.Span.ToArray());
        Assert.Equal((-1, -1, 0, true), (candle.FirstId, candle.LastId, candle.Trades, candle.Closed));
    }

    [Fact]
    public void Parse_Ticker_EveryField()
    {
        var ticker = Assert.Single(BinanceFrames.Parse(Fixture.Read("binance/ws_24hrTicker.json")).Tickers.Span.ToArray());
        Assert.Equal(
            new VenueTicker(
                0, Number.Parse("91240.1"), Number.Parse("0.0015"), Number.Parse("91240.09"), Number.Parse("4.21"), Number.Parse("91240.11"),
                Number.Parse("1.03"), Number.Parse("90500"), Number.Parse("91850"), Number.Parse("89880"), Number.Parse("18234.512"),
                Number.Parse("1657741234.56"), 1794900000420),
            ticker);
    }

    [Fact]
    public void Parse_PartialBook_TakesItsSymbolFromTheStream()
    {
        var batch = BinanceFrames.Parse(Fixture.Read("binance/ws_depth20.json"));
        Assert.Equal(new VenueBookUpdate(0, BookUpdateKind.Partial, 160, 160, -1, 0, 2, 1, 0), Assert.Single(batch.BookUpdates.Span.ToArray()));
        Assert.Equal(["91234.55 4.21", "91234.54 0.5", "91234.56 1.03"], batch.Levels.Span.ToArray().Select(l => $"{l.Price} {l.Quantity}"));
    }

    [Theory]
    [InlineData("币安人生usdt@depth20@100ms")]
    [InlineData("\\u5e01\\u5b89\\u4eba\\u751fusdt@depth5")]
    public void Parse_PartialBookOfAUnicodeSymbol_IsFound(string stream)
    {
        var frame = $$"""{"stream":"{{stream}}","data":{"lastUpdateId":1,"bids":[],"asks":[]} }""";
        Assert.Equal(1, Assert.Single(BinanceFrames.Parse(Encoding.UTF8.GetBytes(frame)).BookUpdates.Span.ToArray()).Symbol);
    }

    [Fact]
    public void Parse_ArrayOfAllSymbols_EveryRowIsRead()
    {
        var row = Encoding.UTF8.GetString(Fixture.Read("binance/ws_trade.json"));
        var trade = row[(row.IndexOf("\"data\":", StringComparison.Ordinal) + 7)..^1];
        var foreign = trade.Replace("BTCUSDT", "NOPEUSDT", StringComparison.Ordinal);
        var batch = BinanceFrames.Parse(Encoding.UTF8.GetBytes($$"""{"data":[{{trade}},{{foreign}},7,{"e":"brandNew"},{{trade}}],"stream":"!x@arr"}"""));
        Assert.Equal((2, 1), (batch.Trades.Count, batch.Unwanted));
        Assert.Equal(["malformed", "unknown-event"], batch.DeadLetters.Span.ToArray().Select(letter => letter.Reason));
        Assert.Equal("7{\"e\":\"brandNew\"}", Encoding.UTF8.GetString(batch.Bytes.Span));
    }

    [Theory]
    [InlineData("ws_trade.json")]
    [InlineData("ws_aggTrade.json")]
    [InlineData("ws_bookTicker.json")]
    [InlineData("ws_depthUpdate.json")]
    [InlineData("ws_kline.json")]
    [InlineData("ws_kline_empty.json")]
    [InlineData("ws_24hrTicker.json")]
    [InlineData("ws_depth20.json", true)]
    public void Parse_ShuffledUnknownSpacedOrRaw_SaysTheSame(string fixture, bool needsEnvelope = false)
    {
        var frame = Fixture.Read("binance/" + fixture);
        var expected = BinanceFrames.Describe(BinanceFrames.Parse(frame));
        var random = new Random(1);
        for (var i = 0; i < 500; i++)
        {
            var other = BinanceFrames.Disguise(frame, random, needsEnvelope);
            Assert.Equal(expected, BinanceFrames.Describe(BinanceFrames.Parse(other)));
        }
    }

    [Theory]
    [InlineData("""{"result":null,"id":1}""")]
    [InlineData("""{"id":7,"result":["btcusdt@trade"]}""")]
    [InlineData("""{"error":{"code":2,"msg":"Invalid request: invalid stream"},"id":3}""")]
    [InlineData("""{"code":3,"msg":"Invalid JSON: EOF while parsing a value"}""")]
    [InlineData("""{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1794900000123}}""")]
    public void Parse_ControlFrame_IsCountedAndNoDeadLetter(string frame)
    {
        var batch = BinanceFrames.Parse(Encoding.UTF8.GetBytes(frame));
        Assert.Equal((1, 0), (batch.ControlFrames, batch.Events.Count));
    }

    [Theory]
    [InlineData("unknown-event", """{"stream":"x","data":{"e":"brandNew","E":1,"s":"BTCUSDT"}}""")]
    [InlineData("unknown-event", """{"event":"subscribe","arg":{"channel":"trades","instId":"BTC-USDT"}}""")]
    [InlineData("unknown-event", """{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT","px":"1"}]}""")]
    [InlineData("unknown-event", "{}")]
    [InlineData("unknown-symbol", """{"e":"trade","E":1,"s":"NOPEUSDT","t":1,"p":"1","q":"1","T":1,"m":true,"M":true}""")]
    [InlineData("wrong-shape", """{"e":"trade","E":1,"s":"BTCUSDT","t":"1","p":"1","q":"1","T":1,"m":true,"M":true}""")]
    [InlineData("wrong-shape", """{"e":"trade","E":1,"s":"BTCUSDT","t":1,"p":1.5,"q":"1","T":1,"m":true,"M":true}""")]
    [InlineData("wrong-shape", """{"e":"trade","E":1,"s":"BTCUSDT","t":1,"p":"1e5","q":"1","T":1,"m":true,"M":true}""")]
    [InlineData("wrong-shape", """{"e":"trade","E":1,"s":["BTCUSDT"],"t":1,"p":"1","q":"1","T":1,"m":true,"M":true}""")]
    [InlineData("wrong-shape", """{"e":"trade","E":1,"s":"BTCUSDT","t":1,"p":"1","q":"1","T":1,"M":true}""")]
    [InlineData("wrong-shape", """{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":1,"u":2,"b":[["1"]],"a":[]}""")]
    [InlineData("wrong-shape", """{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":1,"u":2,"b":[[1,2]],"a":[]}""")]
    [InlineData("wrong-shape", """{"e":"kline","E":1,"s":"BTCUSDT","k":{"t":1}}""")]
    [InlineData("wrong-shape", """{"e":"24hrTicker","E":1,"s":"BTCUSDT","c":"1","o":"1","h":"1","l":"1"}""")]
    [InlineData("wrong-shape", """{"stream":"btcusdt@depth20","data":{"lastUpdateId":1,"bids":[]}}""")]
    [InlineData("wrong-shape", """{"stream":"btcusdt@depth20","data":{"lastUpdateId":1,"bids":[],"asks":[[1]]}}""")]
    [InlineData("unknown-symbol", """{"lastUpdateId":1,"bids":[],"asks":[]}""")]
    [InlineData("unknown-symbol", """{"stream":"nopeusdt@depth20","data":{"lastUpdateId":1,"bids":[],"asks":[]}}""")]
    [InlineData("unknown-symbol", """{"stream":"btcusdt@depth","data":{"lastUpdateId":1,"bids":[],"asks":[]}}""")]
    [InlineData("unknown-event", """{"e":"markPriceUpdate","E":1,"s":"BTCUSDT","p":"1","T":0}""")]
    [InlineData("unknown-event", """{"e":null,"u":1,"s":"BTCUSDT","b":"1","B":"1","a":"1","A":"1"}""")]
    [InlineData("impossible-value", """{"stream":"btcusdt@depth20","data":{"lastUpdateId":-1,"bids":[],"asks":[]}}""")]
    [InlineData("impossible-value", """{"e":"24hrTicker","E":-1,"s":"BTCUSDT","c":"1","o":"1","h":"1","l":"1","v":"1"}""")]
    [InlineData("impossible-value", """{"e":"24hrTicker","E":1,"s":"BTCUSDT","c":"1","o":"1","h":"1","l":"2","v":"1"}""")]
    [InlineData("impossible-value", """{"e":"trade","E":1,"s":"BTCUSDT","t":1,"p":"0.00","q":"1","T":1,"m":true,"M":true}""")]
    [InlineData("impossible-value", """{"e":"trade","E":1,"s":"BTCUSDT","t":1,"p":"-1","q":"1","T":1,"m":true,"M":true}""")]
    [InlineData("impossible-value", """{"e":"trade","E":1,"s":"BTCUSDT","t":-1,"p":"1","q":"1","T":1,"m":true,"M":true}""")]
    [InlineData("impossible-value", """{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":5,"u":2,"b":[],"a":[]}""")]
    [InlineData("impossible-value", """{"e":"trade","E":1,"s":"BTCUSDT","t":1,"p":"1","q":"1","T":1794900000104000,"m":true,"M":true}""")]
    [InlineData("impossible-value", """{"e":"depthUpdate","E":99999999999999999,"s":"BTCUSDT","U":1,"u":2,"b":[],"a":[]}""")]
    [InlineData("malformed", "")]
    [InlineData("malformed", "Pong timeout")]
    [InlineData("malformed", "[1,2]")]
    [InlineData("malformed", "null")]
    [InlineData("malformed", """{"e":"trade","E":1,"s":"BTCUSDT","t":1,"p":"1""")]
    [InlineData("malformed", """{"e":"trade","E":1,"s":"BTCUSDT","t":1,"p":"1","q":"1","T":1,"m":true,"M":true} x""")]
    public void Parse_BadFrame_IsADeadLetterWithItsReason(string reason, string frame)
    {
        var batch = BinanceFrames.Parse(Encoding.UTF8.GetBytes(frame));
        var letter = Assert.Single(batch.DeadLetters.Span.ToArray());
        Assert.Equal(reason, letter.Reason);
        Assert.Equal(frame, Encoding.UTF8.GetString(batch.Bytes.Span.Slice(letter.Offset, letter.Length)));
        Assert.Equal(1, batch.Events.Count);
    }

    [Theory]
    [InlineData("""{"stream":"btcusdt@trade","p":"1","data":{"e":"trade","E":1,"s":"BTCUSDT","t":1,"q":"1","T":1,"m":true,"M":true}}""")]
    [InlineData("""{"stream":"btcusdt@depth20","data":{"lastUpdateId":1,"b":[],"asks":[]}}""")]
    public void Parse_FieldBesideThePayloadOrOfAnotherEvent_IsNoneOfIt(string frame) =>
        Assert.Equal("wrong-shape", Assert.Single(BinanceFrames.Parse(Encoding.UTF8.GetBytes(frame)).DeadLetters.Span.ToArray()).Reason);

    [Fact]
    public void Parse_DeeplyNestedFrame_IsADeadLetter()
    {
        var frame = Encoding.UTF8.GetBytes("{\"x\":" + new string('[', 100_000) + new string(']', 100_000) + "}");
        Assert.Equal("malformed", Assert.Single(BinanceFrames.Parse(frame).DeadLetters.Span.ToArray()).Reason);
    }

    [Fact]
    public void Parse_InvalidUtf8_IsADeadLetter()
    {
        var frame = Fixture.Read("binance/ws_trade.json");
        frame[15] = 0xC3;
        frame[16] = 0x28;
        Assert.Equal("malformed", Assert.Single(BinanceFrames.Parse(frame).DeadLetters.Span.ToArray()).Reason);
    }

    [Fact]
    public void Parse_BadFrameBetweenGoodOnes_LosesNothingElse()
    {
        var good = Fixture.Read("binance/ws_trade.json");
        var batch = BinanceFrames.Parse(good, "{"u8.ToArray(), good);
        Assert.Equal(
            [MarketEventKind.Trade, MarketEventKind.DeadLetter, MarketEventKind.Trade], batch.Events.Span.ToArray().Select(e => e.Kind));
    }

    [Theory]
    [InlineData("""{"e":"trade","E":1,"s":"币安人生USDT","t":1,"p":"1","q":"1","T":1,"m":true,"M":true}""")]
    [InlineData("""{"e":"trade","E":1,"s":"\u5e01\u5b89\u4eba\u751fUSDT","t":1,"p":"1","q":"1","T":1,"m":true,"M":true}""")]
    public void Parse_UnicodeSymbol_RawOrEscaped_IsFound(string frame)
    {
        var trade = Assert.Single(BinanceFrames.Parse(Encoding.UTF8.GetBytes(frame)).Trades.Span.ToArray());
        Assert.Equal("币安人生-USDT", BinanceFrames.Source.Symbols[trade.Symbol].Id);
    }

    [Fact]
    public void Parse_RandomDamage_NeverThrowsAndPredictionNeverDisagrees()
    {
        var random = new Random(2023);
        byte[][] frames = [.. Directory.GetFiles(Path.Combine(Fixture.RepositoryRoot, "tests", "fixtures", "binance"), "ws_*").Select(File.ReadAllBytes)];
        for (var i = 0; i < 100_000; i++)
        {
            var frame = BinanceFrames.Damage(frames[random.Next(frames.Length)], random);
            var both = BinanceFrames.Describe(BinanceFrames.Parse(frame));
            Assert.Equal(BinanceFrames.Describe(BinanceFrames.ParseOrderFree(frame)), both);
        }
    }

    [RecordingFact]
    public void Parse_Recording_EveryFrameBecomesARecord()
    {
        var recording = Recording.Read(Recording.BinanceSpotTrades);
        var batch = BinanceFrames.Parse([.. recording.Frames]);
        Assert.Equal(
            (3144, 8015, 3929, 0), (batch.Trades.Count, batch.Quotes.Count, batch.BookUpdates.Count, batch.DeadLetters.Count));
        Assert.Equal(recording.Frames.Count, batch.Events.Count);
    }

    [RecordingFact]
    public void Parse_OlderRecording_EveryFrameBecomesARecord()
    {
        var recording = Recording.Read(Recording.BinanceSpotMixed);
        var batch = BinanceFrames.Parse([.. recording.Frames]);
        Assert.Equal(
            (2, 84, 177, 2, 0),
            (batch.Trades.Count, batch.Quotes.Count, batch.BookUpdates.Count, batch.Candles.Count, batch.DeadLetters.Count));
        Assert.Equal(recording.Frames.Count, batch.Events.Count + batch.ControlFrames);
    }

    [RecordingFact]
    public void Parse_ForeignRecording_EveryFrameIsADeadLetter()
    {
        var batch = BinanceFrames.Parse([.. Recording.Read(Recording.Okx).Frames]);
        Assert.Equal(410, batch.DeadLetters.Count);
        Assert.All(batch.DeadLetters.Span.ToArray(), letter => Assert.Equal("unknown-event", letter.Reason));
    }

#if !DEBUG
    // Unoptimised code boxes what optimised code does not: the claim is about what ships.
    [RecordingFact]
    public void Parse_SteadyState_AllocatesNothing() =>
        BinanceFrames.AssertNoAllocation(BinanceFrames.Source, [.. Recording.Read(Recording.BinanceSpotTrades).Frames.Take(250)]);

    [Fact]
    public void Parse_EveryKindByEitherReader_AllocatesNothing() =>
        BinanceFrames.AssertNoAllocation(BinanceFrames.Source, BinanceFrames.InBothOrders("binance"));
#endif
}
