using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.TestKit;
using Pipeline.Tests.Venues.Binance;

namespace Pipeline.Tests.Venues.Okx;

public sealed class OkxParserTests
{
    private const string Trade = """{"instId":"BTC-USDT","tradeId":"9","px":"2","sz":"3","side":"buy","ts":"1794900000120"}""";

    public static TheoryData<string> DataFixtures =>
        [.. FixtureNames().Where(name => !name.Contains("subscribe") && !name.Contains("error") && !name.Contains("notice"))];

    [Fact]
    public void Parse_Trades_EveryField()
    {
        var trade = Assert.Single(OkxFrames.Parse("ws_trades.json").Trades.Span.ToArray());
        Assert.Equal(
            new VenueTrade(
                0, 930639474, 930639472, Number.Parse("91234.5"), Number.Parse("0.12060306"), AggressorSide.Buy, 3, TradeKind.Market, 1794900000120),
            trade);
    }

    [Fact]
    public void Parse_SeveralRows_OneRecordEach()
    {
        var trades = OkxFrames.Parse("ws_trades_rows.json").Trades.Span.ToArray();
        Assert.Equal(
            [
                new VenueTrade(
                    0, 930639475, 930639475, Number.Parse("91234.5"), Number.Parse("0.5"), AggressorSide.Sell, 1, TradeKind.Market, 1794900000130),
                new VenueTrade(
                    0, 930639477, 930639476, Number.Parse("91234.4"), Number.Parse("0.25"), AggressorSide.Sell, 2, TradeKind.Market, 1794900000130),
            ],
            trades);
    }

    [Fact]
    public void Parse_AllTrades_EveryField()
    {
        var trade = Assert.Single(OkxFrames.Parse("ws_trades_all.json").Trades.Span.ToArray());
        Assert.Equal(
            new VenueTrade(
                0, 930639474, 930639474, Number.Parse("91234.5"), Number.Parse("0.02"), AggressorSide.Buy, 1, TradeKind.Market, 1794900000120),
            trade);
    }

    [Fact]
    public void Parse_BestQuote_EveryField()
    {
        var quote = Assert.Single(OkxFrames.Parse("ws_bbo_tbt.json").Quotes.Span.ToArray());
        Assert.Equal(
            new VenueQuote(
                0, 50012345679, Number.Parse("91234.5"), Number.Parse("4.21"), Number.Parse("91234.6"), Number.Parse("1.03"), 1794900000122),
            quote);
    }

    [Fact]
    public void Parse_BestQuoteWithoutAsks_HasZerosThere()
    {
        var quote = Assert.Single(OkxFrames.Parse(
            """{"arg":{"channel":"bbo-tbt","instId":"BTC-USDT"},"data":[{"asks":[],"bids":[["5","4","0","1"]],"ts":"1794900000122"}]}"""u8.ToArray()).Quotes.Span.ToArray());
        Assert.Equal(new VenueQuote(0, 1794900000122, Number.Parse("5"), Number.Parse("4"), default, default, 1794900000122), quote);
    }

    [Theory]
    [InlineData("ws_books_snapshot.json", BookUpdateKind.Snapshot, 123456, -1, 2, 3, 1794900000100, "91234.5 4.21|91234 0.000012345|91234.6 1.03|91240 0.7|91250.55 12")]
    [InlineData("ws_books_update.json", BookUpdateKind.Update, 123457, 123456, 0, 1, 1794900000200, "91240 0")]
    [InlineData("ws_books_keepalive.json", BookUpdateKind.Update, 123457, 123457, 0, 0, 1794900060200, "")]
    [InlineData("ws_books_reset.json", BookUpdateKind.Update, 3, 123457, 1, 0, 1794900060300, "91234 1.5")]
    [InlineData("ws_books5.json", BookUpdateKind.Partial, 50012345679, -1, 3, 2, 1794900000122, "91234.5 4.21|91234.4 0.01|91234 2|91234.6 1.03|91234.9 0.5")]
    public void Parse_Book_EveryFieldAndLevelBidsFirst(
        string fixture, BookUpdateKind kind, long id, long previous, int bids, int asks, long time, string levels)
    {
        var batch = OkxFrames.Parse(fixture);
        Assert.Equal(new VenueBookUpdate(0, kind, id, id, previous, 0, bids, asks, time), Assert.Single(batch.BookUpdates.Span.ToArray()));
        Assert.Equal(levels, string.Join('|', batch.Levels.Span.ToArray().Select(l => $"{l.Price} {l.Quantity}")));
    }

    [Fact]
    public void Parse_BookWithoutIds_TakesItsTimeAndNamesNoPrevious()
    {
        var batch = OkxFrames.Parse(
            """{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[{"asks":[],"bids":[["5","4","0","1"]],"ts":"1652459225464","checksum":-914047754}]}"""u8.ToArray());
        Assert.Equal(
            new VenueBookUpdate(0, BookUpdateKind.Update, 1652459225464, 1652459225464, -1, 0, 1, 0, 1652459225464),
            Assert.Single(batch.BookUpdates.Span.ToArray()));
    }

    [Fact]
    public void Parse_Candle_EveryField()
    {
        var candle = Assert.Single(OkxFrames.Parse("ws_candle1m.json").Candles.Span.ToArray());
        Assert.Equal(
            new VenueCandle(
                0, CandleInterval.Parse("1m"), 1794900000000,
                Number.Parse("91230"), Number.Parse("91240.1"), Number.Parse("91228"), Number.Parse("91234.5"),
                Number.Parse("3.2145"), Number.Parse("293284.11"), null, -1, -1, -1, false, 0),
            candle);
    }

    [Fact]
    public void Parse_UtcDays_AreOurDaysAndTheTurnoverIsInQuoteCurrency()
    {
        var candles = OkxFrames.Parse("ws_candle1Dutc.json").Candles.Span.ToArray();
        Assert.Equal([(1, "1d", true), (1, "1d", false)], candles.Select(candle => (candle.Symbol, candle.Interval.Name, candle.Closed)));
        Assert.Equal((Number.Parse("4567812.3"), Number.Parse("4156789012.55")), (candles[0].Volume, candles[0].QuoteVolume));
    }

    [Fact]
    public void Parse_SpotTicker_EveryField()
    {
        var ticker = Assert.Single(OkxFrames.Parse("ws_tickers.json").Tickers.Span.ToArray());
        Assert.Equal(
            new VenueTicker(
                0, Number.Parse("91234.5"), Number.Parse("0.0015"), Number.Parse("91234.5"), Number.Parse("4.21"), Number.Parse("91234.6"),
                Number.Parse("1.03"), Number.Parse("90100"), Number.Parse("91800"), Number.Parse("89900.1"), Number.Parse("8912.3345"),
                Number.Parse("812345678.12"), 1794900000123),
            ticker);
    }

    [Fact]
    public void Parse_SwapTicker_EmptyTextSaysNothingAndNoTurnoverIsClaimed()
    {
        var ticker = Assert.Single(OkxFrames.Parse("ws_tickers_swap.json").Tickers.Span.ToArray());
        Assert.Equal(
            new VenueTicker(
                1, Number.Parse("91240.1"), Number.Zero, Number.Parse("91240"), Number.Parse("312.4"), null, null,
                Number.Parse("90100"), Number.Parse("91800"), Number.Parse("89900.1"), Number.Parse("4567812.3"), null, 1794900000124),
            ticker);
    }

    [Fact]
    public void Parse_MarkPrice_EveryField() => Assert.Equal(
        new VenueMarkPrice(1, Number.Parse("91239.8"), null, 1794900000146),
        Assert.Single(OkxFrames.Parse("ws_mark_price.json").MarkPrices.Span.ToArray()));

    [Fact]
    public void Parse_FundingRate_EveryField() => Assert.Equal(
        new VenueFundingRate(1, Number.Parse("-0.0000875391284828"), 1794902400000, 1794900035402),
        Assert.Single(OkxFrames.Parse("ws_funding_rate.json").FundingRates.Span.ToArray()));

    [Fact]
    public void Parse_Liquidations_EveryDetailOfOursAndTheOthersCounted()
    {
        var batch = OkxFrames.Parse("ws_liquidation_orders.json");
        Assert.Equal(
            [
                new VenueLiquidation(1, AggressorSide.Sell, Number.Parse("91010.1"), null, Number.Parse("13"), 1794899999010),
                new VenueLiquidation(1, AggressorSide.Buy, Number.Parse("91310.2"), null, Number.Parse("0.4"), 1794899999000),
            ],
            batch.Liquidations.Span.ToArray());
        Assert.Equal((1, 0), (batch.Unwanted, batch.DeadLetters.Count));
    }

    [Fact]
    public void Parse_RenamedInstrument_CountsAsTheOneSubscribedTo()
    {
        var row = Trade.Replace("BTC-USDT", "XBT-USDT", StringComparison.Ordinal);
        var renamed = OkxFrames.Parse(Encoding.UTF8.GetBytes($$"""{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{{row}}]}"""));
        var other = OkxFrames.Parse(Encoding.UTF8.GetBytes($$"""{"arg":{"channel":"trades","instId":"UNI-USD-SWAP"},"data":[{{Trade}}]}"""));
        Assert.Equal((0, 0), (Assert.Single(renamed.Trades.Span.ToArray()).Symbol, Assert.Single(other.Trades.Span.ToArray()).Symbol));
    }

    [Theory]
    [MemberData(nameof(DataFixtures))]
    public void Parse_ShuffledUnknownOrSpaced_SaysTheSame(string fixture)
    {
        var frame = OkxFrames.Read(fixture);
        var expected = OkxFrames.Describe(OkxFrames.Parse(frame));
        var random = new Random(1);
        for (var i = 0; i < 500; i++)
        {
            var other = OkxFrames.Disguise(frame, random);
            Assert.Equal(expected, OkxFrames.Describe(OkxFrames.Parse(other)));
        }
    }

    [Theory]
    [MemberData(nameof(DataFixtures))]
    public void Parse_Fixture_BothReadersAgreeAndPredictionTakesTheCommonOnes(string fixture)
    {
        var frame = OkxFrames.Read(fixture);
        var predicted = OkxFrames.ParsePredicted(frame);
        Assert.Equal(fixture is "ws_funding_rate.json" or "ws_liquidation_orders.json" or "ws_tickers_swap.json", predicted is null);
        Assert.Equal(OkxFrames.Describe(OkxFrames.ParseOrderFree(frame)), OkxFrames.Describe(predicted ?? OkxFrames.Parse(frame)));
    }

    [Theory]
    [MemberData(nameof(DataFixtures))]
    public void Parse_Reordered_IsScannedAndSaysTheSame(string fixture)
    {
        var frame = OkxFrames.Read(fixture);
        var expected = OkxFrames.Describe(OkxFrames.ParseOrderFree(frame));
        var isScanned = fixture is not ("ws_funding_rate.json" or "ws_liquidation_orders.json" or "ws_tickers_swap.json");
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var scanned = OkxFrames.ParseScanned(OkxFrames.Reorder(frame, random));
            Assert.Equal(isScanned, scanned is not null);
            Assert.Equal(expected, scanned is null ? expected : OkxFrames.Describe(scanned));
        }
    }

    [Theory]
    [InlineData("""{"data":[{"tradeId":"9","instId":"BTC-USDT","px":"2","sz":"3","side":"buy","ts":"1"}],"arg":{"channel":"trades","instId":"BTC-USDT"},"arg":{"channel":"bbo-tbt","instId":"BTC-USDT"}}""")]
    [InlineData("""{"data":[{"tradeId":"9","instId":"BTC-USDT","px":"2","sz":"3","side":"buy","ts":"1"}],"data":[],"arg":{"channel":"trades","instId":"BTC-USDT"}}""")]
    [InlineData("""{"x":{"arg":{"channel":"trades","instId":"BTC-USDT"}},"data":[{"tradeId":"9","px":"2","sz":"3","side":"buy","ts":"1"}],"arg":{"channel":"trades-all","instId":"NOPE"}}""")]
    [InlineData("""{"data":[{"bids":[],"asks":[["1","1"]],"ts":"1","seqId":7,"asks":[["2","2"]]}],"action":"update","arg":{"channel":"books","instId":"BTC-USDT"}}""")]
    [InlineData("""{"data":[{"bids":[],"asks":[["1","1"]],"ts":"1","seqId":7}],"action":"update","arg":{"channel":"books","instId":"BTC-USDT"},"action":"snapshot"}""")]
    [InlineData("""{"data":[{"tradeId":"9","instId":"BTC-USDT","px":"2","sz":"3","side":"buy","ts":"1"}],"arg":{"channel":"trades","instId":"BTC-USDT"},"event":"subscribe"}""")]
    public void Parse_SaidTwiceOrInAnOddPlace_MeansWhatTheOrderFreeReaderSays(string frame)
    {
        var bytes = Encoding.UTF8.GetBytes(frame);
        Assert.Equal(OkxFrames.Describe(OkxFrames.ParseOrderFree(bytes)), OkxFrames.Describe(OkxFrames.Parse(bytes)));
    }

    [Theory]
    [InlineData("pong")]
    [InlineData("""{"event":"login","code":"0","msg":"","connId":"a"}""")]
    [InlineData("""{"event":"channel-conn-count","channel":"orders","connCount":"2","connId":"a"}""")]
    [InlineData("""{"event":"brand-new"}""")]
    [InlineData("""{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[],"event":"subscribe"}""")]
    [InlineData(null, "ws_subscribe.json")]
    [InlineData(null, "ws_unsubscribe.json")]
    [InlineData(null, "ws_error_60018.json")]
    [InlineData(null, "ws_error_60014.json")]
    [InlineData(null, "ws_notice.json")]
    public void Parse_ControlFrame_IsCountedAndNoDeadLetter(string? frame, string? fixture = null)
    {
        var batch = OkxFrames.Parse(frame is null ? OkxFrames.Read(fixture!) : Encoding.UTF8.GetBytes(frame));
        Assert.Equal((1, 0), (batch.ControlFrames, batch.Events.Count));
    }

    [Theory]
    [InlineData("unknown-event", "{}")]
    [InlineData("unknown-event", """{"e":"trade","E":1,"s":"BTCUSDT"}""")]
    [InlineData("unknown-event", """{"arg":{"channel":"brand-new","instId":"BTC-USDT"},"data":[{"px":"1"}]}""")]
    [InlineData("unknown-event", """{"arg":{"channel":"candle6H","instId":"BTC-USDT"},"data":[["1","1","1","1","1","1","1","1","1"]]}""")]
    [InlineData("unknown-event", """{"arg":[],"data":[]}""")]
    [InlineData("unknown-symbol", """{"arg":{"channel":"bbo-tbt","instId":"NOPE"},"data":[{"asks":[],"bids":[],"ts":"1"}]}""")]
    [InlineData("unknown-symbol", """{"arg":{"channel":"candle1m","instId":"NOPE"},"data":[["1","1","1","1","1","1","1","1","1"]]}""")]
    [InlineData("wrong-shape", """{"arg":{"channel":"trades","instId":"BTC-USDT"}}""")]
    [InlineData("wrong-shape", """{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":{}}""")]
    [InlineData("wrong-shape", """{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[]}""")]
    [InlineData("wrong-shape", """{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[[1]]}""")]
    [InlineData("wrong-shape", """{"arg":{"channel":"candle1m","instId":"BTC-USDT"},"data":[["1","1","1","1","1","1","1","1"]]}""")]
    [InlineData("wrong-shape", """{"arg":{"channel":"candle1m","instId":"BTC-USDT"},"data":[["1","1","1","1","","1","1","1","0"]]}""")]
    [InlineData("wrong-shape", """{"arg":{"channel":"books","instId":"BTC-USDT"},"data":[{"asks":[],"bids":[],"ts":"1","prevSeqId":1,"seqId":2}]}""")]
    [InlineData("wrong-shape", """{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[{"asks":[],"ts":"1","prevSeqId":1,"seqId":2}]}""")]
    [InlineData("wrong-shape", """{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[{"asks":[["1"]],"bids":[],"ts":"1","prevSeqId":1,"seqId":2}]}""")]
    [InlineData("wrong-shape", """{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[{"asks":[[1,2]],"bids":[],"ts":"1","prevSeqId":1,"seqId":2}]}""")]
    [InlineData("wrong-shape", """{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[{"asks":[],"bids":[],"ts":"1","prevSeqId":1}]}""")]
    [InlineData("wrong-shape", """{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[{"asks":[],"bids":[],"ts":"1","prevSeqId":"1","seqId":"2"}]}""")]
    [InlineData("impossible-value", """{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[{"asks":[],"bids":[],"ts":"1794900000104000","prevSeqId":1,"seqId":2}]}""")]
    [InlineData("impossible-value", """{"arg":{"channel":"candle1m","instId":"BTC-USDT"},"data":[["1","1","1","2","1","1","1","1","0"]]}""")]
    [InlineData("malformed", "")]
    [InlineData("malformed", "ping")]
    [InlineData("malformed", "[1,2]")]
    [InlineData("malformed", """{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT"}""")]
    public void Parse_BadFrame_IsADeadLetterWithItsReason(string reason, string frame)
    {
        var batch = OkxFrames.Parse(Encoding.UTF8.GetBytes(frame));
        var letter = Assert.Single(batch.DeadLetters.Span.ToArray());
        Assert.Equal(reason, letter.Reason);
        Assert.Equal(frame, Encoding.UTF8.GetString(batch.Bytes.Span.Slice(letter.Offset, letter.Length)));
        Assert.Equal((1, 0), (batch.Events.Count, batch.Levels.Count));
    }

    [Theory]
    [InlineData("wrong-shape", "\"9\"", "9")]
    [InlineData("wrong-shape", "\"9\"", "\"\"")]
    [InlineData("wrong-shape", "\"9\"", "\"nine\"")]
    [InlineData("wrong-shape", "\"2\"", "\"1e5\"")]
    [InlineData("wrong-shape", "\"buy\"", "\"hold\"")]
    [InlineData("wrong-shape", "\"BTC-USDT\"", "[]")]
    [InlineData("wrong-shape", ",\"side\":\"buy\"", "")]
    [InlineData("impossible-value", "\"2\"", "\"0.00\"")]
    [InlineData("impossible-value", "\"3\"", "\"-3\"")]
    [InlineData("impossible-value", "\"9\"", "\"-9\"")]
    [InlineData("impossible-value", "\"ts\"", "\"count\":\"11\",\"ts\"")]
    [InlineData("impossible-value", "\"ts\"", "\"count\":\"0\",\"ts\"")]
    public void Parse_BadRowBetweenGoodOnes_CostsItselfAndIsADeadLetter(string reason, string good, string bad)
    {
        var row = Trade.Replace(good, bad, StringComparison.Ordinal);
        var batch = OkxFrames.Parse(Encoding.UTF8.GetBytes(
            $$"""{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{{Trade}},{{row}},{{Trade}}]}"""));
        Assert.Equal(reason, Assert.Single(batch.DeadLetters.Span.ToArray()).Reason);
        Assert.Equal((2, 3), (batch.Trades.Count, batch.Events.Count));
    }

    [Fact]
    public void Parse_BadDetailOfALiquidation_CostsItselfAlone()
    {
        const string Detail = """{"bkPx":"2","px":"9","side":"buy","sz":"1","ts":"1"}""";
        var frame = $$"""{"arg":{"channel":"liquidation-orders","instType":"SWAP"},"data":[{"instId":"BTC-USDT-SWAP","details":[{{Detail.Replace("2", "0", StringComparison.Ordinal)}},{{Detail}}]}]}""";
        var batch = OkxFrames.Parse(Encoding.UTF8.GetBytes(frame));
        Assert.Equal(Number.Parse("2"), Assert.Single(batch.Liquidations.Span.ToArray()).Price);
        Assert.Equal("impossible-value", Assert.Single(batch.DeadLetters.Span.ToArray()).Reason);
    }

    [Fact]
    public void Parse_FrameThatBreaksOffBehindGoodRows_AddsNoneOfThem()
    {
        var frame = Encoding.UTF8.GetBytes($$"""{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{{Trade}},{{Trade}}""");
        var batch = OkxFrames.Parse(frame);
        Assert.Equal(("malformed", 0), (Assert.Single(batch.DeadLetters.Span.ToArray()).Reason, batch.Trades.Count));
    }

    [Fact]
    public void Parse_DeeplyNestedFrame_IsADeadLetter()
    {
        var frame = Encoding.UTF8.GetBytes("{\"arg\":" + new string('[', 100_000) + new string(']', 100_000) + "}");
        Assert.Equal("malformed", Assert.Single(OkxFrames.Parse(frame).DeadLetters.Span.ToArray()).Reason);
    }

    [Fact]
    public void Parse_LongDecimals_AreExact()
    {
        var frame = Encoding.UTF8.GetBytes(
            """{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT","tradeId":"9","px":"0.00000001234","sz":"123456789012.5","side":"buy","ts":"1794900000120"}]}""");
        var trade = Assert.Single(OkxFrames.ParsePredicted(frame)!.Trades.Span.ToArray());
        Assert.Equal((Number.Parse("0.00000001234"), Number.Parse("123456789012.5")), (trade.Price, trade.Quantity));
    }

    [Fact]
    public void Parse_RandomDamage_NeverThrowsAndPredictionNeverDisagrees()
    {
        var random = new Random(2026);
        byte[][] frames = [.. FixtureNames().Select(OkxFrames.Read)];
        for (var i = 0; i < 100_000; i++)
        {
            var whole = frames[random.Next(frames.Length)];
            var frame = BinanceFrames.Damage(i % 2 == 0 ? whole : OkxFrames.Reorder(whole, random), random);
            var both = OkxFrames.Describe(OkxFrames.Parse(frame));
            Assert.Equal(OkxFrames.Describe(OkxFrames.ParseOrderFree(frame)), both);
        }
    }

    private static IEnumerable<string> FixtureNames() =>
        Directory.GetFiles(Path.Combine(Fixture.RepositoryRoot, "tests", "fixtures", "okx"), "ws_*.json").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
