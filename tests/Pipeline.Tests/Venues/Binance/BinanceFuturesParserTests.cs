using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.TestKit;
using Pipeline.TestKit.Recordings;

namespace Pipeline.Tests.Venues.Binance;

public sealed class BinanceFuturesParserTests
{
    [Fact]
    public void Parse_AggregateTrade_EveryField()
    {
        var trade = Assert.Single(Parse("ws_aggTrade").Trades.Span.ToArray());
        Assert.Equal(
            new VenueTrade(
                0, 2912345678, 2912345678, Number.Parse("91240.1"), Number.Parse("0.05"), AggressorSide.Buy, 3, TradeKind.Market, 1794900000012), trade);
    }

    [Fact]
    public void Parse_Trade_EveryField()
    {
        var trade = Assert.Single(Parse("ws_trade").Trades.Span.ToArray());
        Assert.Equal(
            new VenueTrade(
                0, 6612345672, 6612345672, Number.Parse("91240.1"), Number.Parse("0.05"), AggressorSide.Sell, 1, TradeKind.Market, 1794900000158), trade);
    }

    [Fact]
    public void Parse_TradeOfTheInsuranceFund_KeepsItsIdAndIsOffTheMarket()
    {
        var trade = Assert.Single(Parse("ws_trade_insuranceFund").Trades.Span.ToArray());
        Assert.Equal(
            new VenueTrade(0, 6612345673, 6612345673, Number.Zero, Number.Zero, AggressorSide.Buy, 1, TradeKind.OffMarket, 1794900000158), trade);
    }

    [Fact]
    public void Parse_BookTicker_EveryField()
    {
        var quote = Assert.Single(Parse("ws_bookTicker").Quotes.Span.ToArray());
        Assert.Equal(
            new VenueQuote(
                0, 8912345678901, Number.Parse("91240"), Number.Parse("12.345"), Number.Parse("91240.1"), Number.Parse("3.21"), 1794900000158),
            quote);
    }

    [Fact]
    public void Parse_DepthUpdate_NamesTheUpdateBefore()
    {
        var batch = Parse("ws_depthUpdate");
        Assert.Equal(
            new VenueBookUpdate(0, BookUpdateKind.Update, 8912345678801, 8912345678901, 8912345678795, 0, 1, 1, 1794900000158),
            Assert.Single(batch.BookUpdates.Span.ToArray()));
        Assert.Equal(["91240 12.345", "91250 0"], batch.Levels.Span.ToArray().Select(l => $"{l.Price} {l.Quantity}"));
    }

    [Fact]
    public void Parse_PartialBook_IsToldByTheNameOfItsStream()
    {
        var batch = Parse("ws_depth20");
        Assert.Equal(
            new VenueBookUpdate(0, BookUpdateKind.Partial, 8912345678901, 8912345678901, -1, 0, 2, 1, 1794900000158),
            Assert.Single(batch.BookUpdates.Span.ToArray()));
    }

    [Fact]
    public void Parse_Kline_EveryField()
    {
        var candle = Assert.Single(Parse("ws_kline").Candles.Span.ToArray());
        Assert.Equal(
            new VenueCandle(
                0, CandleInterval.Parse("1m"), 1794900000000,
                Number.Parse("91235"), Number.Parse("91244.9"), Number.Parse("91230.1"), Number.Parse("91240.1"),
                Number.Parse("41.237"), Number.Parse("3762318.4"), Number.Parse("20.11"),
                73, 6612345600, 6612345672, false, 1794900000250),
            candle);
    }

    [Fact]
    public void Parse_Ticker_EveryFieldAndNoQuote()
    {
        var ticker = Assert.Single(Parse("ws_24hrTicker").Tickers.Span.ToArray());
        Assert.Equal(
            new VenueTicker(
                0, Number.Parse("91240.1"), Number.Parse("0.05"), null, null, null, null, Number.Parse("90500"), Number.Parse("91850"),
                Number.Parse("89880"), Number.Parse("182345.12"), Number.Parse("16577412345.67"), 1794900000420),
            ticker);
    }

    [Fact]
    public void Parse_MarkPrice_IsMarkAndFunding()
    {
        var batch = Parse("ws_markPriceUpdate");
        Assert.Equal(
            new VenueMarkPrice(0, Number.Parse("91239.81"), Number.Parse("91260.45"), 1794900000000), Assert.Single(batch.MarkPrices.Span.ToArray()));
        Assert.Equal(
            new VenueFundingRate(0, Number.Parse("-0.0001"), 1794902400000, 1794900000000), Assert.Single(batch.FundingRates.Span.ToArray()));
    }

    [Fact]
    public void Parse_MarkPriceOfADelistedInstrument_HasNoFunding()
    {
        var batch = Parse("ws_markPriceUpdate_delisted");
        Assert.Equal((1, 0, 1), (batch.MarkPrices.Count, batch.FundingRates.Count, batch.Events.Count));
    }

    [Fact]
    public void Parse_RowWithUnknownLongAndNestedMembers_IsReadAsItsNeighbours()
    {
        var frame = """{"stream":"!markPrice@arr","data":[{"e":"markPriceUpdate","E":1,"s":"BTCUSDT","p":"7","T":0,"brandNew":"x","n":{"p":[1]}}]}""";
        var batch = BinanceFrames.ParseFutures(Encoding.UTF8.GetBytes(frame));
        Assert.Equal(new VenueMarkPrice(0, Number.Parse("7"), null, 1), Assert.Single(batch.MarkPrices.Span.ToArray()));
        Assert.Equal(0, batch.DeadLetters.Count);
    }

    [Fact]
    public void Parse_NameWrittenWithAnEscape_IsTheSameName()
    {
        var frame = """{"e":"forceOrder","E":1,"o":{"s":"BTCUSDT","S":"BUY","q":"1","p":"2","\u0061p":"3","T":1}}""";
        var order = Assert.Single(BinanceFrames.ParseFutures(Encoding.UTF8.GetBytes(frame)).Liquidations.Span.ToArray());
        Assert.Equal(Number.Parse("3"), order.AveragePrice);
    }

    [Fact]
    public void Parse_ForceOrder_EveryField()
    {
        var liquidation = Assert.Single(Parse("ws_forceOrder").Liquidations.Span.ToArray());
        Assert.Equal(
            new VenueLiquidation(0, AggressorSide.Sell, Number.Parse("91000.1"), Number.Parse("91010"), Number.Parse("0.014"), 1794900000498),
            liquidation);
    }

    [Fact]
    public void Parse_MarkPricesOfAllSymbols_KeepsOursAndCountsTheOthers()
    {
        var batch = Parse("ws_markPrice_arr");
        Assert.Equal((2, 1, 2, 0), (batch.MarkPrices.Count, batch.FundingRates.Count, batch.Unwanted, batch.DeadLetters.Count));
    }

    [Theory]
    [InlineData("ws_aggTrade")]
    [InlineData("ws_trade")]
    [InlineData("ws_trade_insuranceFund")]
    [InlineData("ws_bookTicker")]
    [InlineData("ws_depthUpdate")]
    [InlineData("ws_depth20", true)]
    [InlineData("ws_kline")]
    [InlineData("ws_24hrTicker")]
    [InlineData("ws_markPriceUpdate")]
    [InlineData("ws_markPriceUpdate_delisted")]
    [InlineData("ws_forceOrder")]
    public void Parse_ShuffledUnknownSpacedOrRaw_SaysTheSame(string fixture, bool needsEnvelope = false)
    {
        var frame = Fixture.Read($"binance-futures/{fixture}.json");
        var expected = BinanceFrames.Describe(BinanceFrames.ParseFutures(frame));
        Assert.Equal(expected, BinanceFrames.Describe(BinanceFrames.ParseFuturesOrderFree(frame)));
        var random = new Random(1);
        for (var i = 0; i < 500; i++)
        {
            Assert.Equal(expected, BinanceFrames.Describe(BinanceFrames.ParseFutures(BinanceFrames.Disguise(frame, random, needsEnvelope))));
        }
    }

    [Theory]
    [InlineData("""{"result":null,"id":1}""")]
    [InlineData("""{"error":{"code":2,"msg":"Invalid request: invalid stream"},"id":3}""")]
    public void Parse_ControlFrame_IsCountedAndNoDeadLetter(string frame)
    {
        var batch = BinanceFrames.ParseFutures(Encoding.UTF8.GetBytes(frame));
        Assert.Equal((1, 0), (batch.ControlFrames, batch.Events.Count));
    }

    [Theory]
    [InlineData("aggTrade", "\"a\":1,\"p\":\"1\",\"q\":\"1\",\"f\":1,\"l\":1,\"T\":1,\"m\":true")]
    [InlineData("24hrTicker", "\"rubbish\":[]")]
    public void Parse_RowOfTheCoinMarginedMarket_IsCountedAsUnwanted(string type, string rest)
    {
        var batch = BinanceFrames.ParseFutures(Encoding.UTF8.GetBytes($$"""{"e":"{{type}}","E":1,"s":"BTCUSD_PERP",{{rest}},"st":2}"""));
        Assert.Equal((1, 0), (batch.Unwanted, batch.Events.Count));
    }

    [Theory]
    [InlineData("unknown-event", """{"e":"compositeIndex","E":1,"s":"BTCUSDT"}""")]
    [InlineData("unknown-event", """{"lastUpdateId":1,"bids":[],"asks":[]}""")]
    [InlineData("unknown-event", """{"u":1,"s":"BTCUSDT","b":"1","B":"1","a":"1","A":"1"}""")]
    [InlineData("unknown-symbol", """{"e":"forceOrder","E":1,"o":{"s":"NOPE","S":"BUY","q":"1","p":"1","T":1}}""")]
    [InlineData("unknown-symbol", """{"e":"markPriceUpdate","E":1,"s":"NOPE","p":"1","r":"0","T":1}""")]
    [InlineData("wrong-shape", """{"e":"forceOrder","E":1,"o":"LIMIT"}""")]
    [InlineData("wrong-shape", """{"e":"forceOrder","E":1,"o":{"s":"BTCUSDT","S":"BUY","q":"1","T":1}}""")]
    [InlineData("wrong-shape", """{"e":"markPriceUpdate","E":1,"s":"BTCUSDT","p":"1","r":"","T":1}""")]
    [InlineData("wrong-shape", """{"e":"depthUpdate","E":1,"T":1,"s":"BTCUSDT","U":1,"u":2,"pu":0,"b":[],"a":{}}""")]
    [InlineData("wrong-shape", """{"stream":"!markPrice@arr","data":[]}""")]
    [InlineData("impossible-value", """{"e":"forceOrder","E":1,"o":{"s":"BTCUSDT","S":"HOLD","q":"1","p":"1","T":1}}""")]
    [InlineData("impossible-value", """{"e":"markPriceUpdate","E":1,"s":"BTCUSDT","p":"0","r":"0","T":1}""")]
    [InlineData("impossible-value", """{"e":"markPriceUpdate","E":1,"s":"BTCUSDT","p":"1","r":"0","T":1794902400000000}""")]
    [InlineData("impossible-value", """{"e":"bookTicker","u":1,"E":1,"T":-5,"s":"BTCUSDT","b":"1","B":"1","a":"1","A":"1"}""")]
    [InlineData("impossible-value", """{"e":"trade","E":1,"T":1,"s":"BTCUSDT","t":1,"p":"0","q":"0","X":"MARKET","m":true}""")]
    [InlineData("impossible-value", """{"e":"trade","E":1,"T":1,"s":"BTCUSDT","t":1,"p":"-1","q":"0","X":"ADL","m":true}""")]
    [InlineData("malformed", "[1,2]")]
    [InlineData("malformed", """{"e":"forceOrder","E":1,"o":{"s":"BTCUSDT" """)]
    public void Parse_BadFrame_IsADeadLetterWithItsReason(string reason, string frame)
    {
        var batch = BinanceFrames.ParseFutures(Encoding.UTF8.GetBytes(frame));
        var letter = Assert.Single(batch.DeadLetters.Span.ToArray());
        Assert.Equal((reason, 1), (letter.Reason, batch.Events.Count));
        Assert.Equal(frame, Encoding.UTF8.GetString(batch.Bytes.Span));
    }

    [Fact]
    public void Parse_RandomDamage_NeverThrowsAndPredictionNeverDisagrees()
    {
        var random = new Random(2023);
        var frames = BinanceFrames.InBothOrders("binance-futures");
        for (var i = 0; i < 30_000; i++)
        {
            var frame = BinanceFrames.Damage(frames[random.Next(frames.Length)], random);
            var both = BinanceFrames.Describe(BinanceFrames.ParseFutures(frame));
            Assert.Equal(BinanceFrames.Describe(BinanceFrames.ParseFuturesOrderFree(frame)), both);
        }
    }

    [RecordingFact]
    public void Parse_ForeignRecording_EveryFrameIsADeadLetter()
    {
        var batch = BinanceFrames.ParseFutures([.. Recording.Read(Recording.Okx).Frames]);
        Assert.Equal(410, batch.DeadLetters.Count);
    }

#if !DEBUG
    [Fact]
    public void Parse_EveryKindByEitherReader_AllocatesNothing() =>
        BinanceFrames.AssertNoAllocation(BinanceFrames.Futures, BinanceFrames.InBothOrders("binance-futures"));
#endif

    private static VenueBatch Parse(string fixture) => BinanceFrames.ParseFutures(Fixture.Read($"binance-futures/{fixture}.json"));
}
