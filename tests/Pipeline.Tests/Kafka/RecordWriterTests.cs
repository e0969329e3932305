using System.Text;
using System.Text.Json;
using Pipeline.Core.Market;
using Pipeline.Kafka.Records;
using Pipeline.TestKit;

namespace Pipeline.Tests.Kafka;

public sealed class RecordWriterTests
{
    private readonly RecordWriter _writer = new(new InstrumentTexts());

    [Fact]
    public void Write_Trade_IsTheContractedText() => Assert.Equal(
        """{"venue":"binance","instrument":"BTC-USDT","symbol":"BTCUSDT","id":5689012345""" +
        ""","price":"91234.56","quantity":"0.0015","side":"sell","eventTime":1794900000104000""" +
        ""","receivedTime":1794900000131512,"source":"live"}""",
        Text(_writer.Write(MarketSamples.Trade())));

    [Fact]
    public void Write_Quote_IsTheContractedText() => Assert.Equal(
        """{"venue":"binance","instrument":"BTC-USDT","symbol":"BTCUSDT","updateId":400900217""" +
        ""","bid":"25.3519","bidQuantity":"31.21","ask":"25.3652","askQuantity":"40.66","eventTime":null""" +
        ""","receivedTime":1794900000131512}""",
        Text(_writer.Write(MarketSamples.Quote())));

    [Fact]
    public void Write_Candle_IsTheContractedText() => Assert.Equal(
        """{"venue":"binance","instrument":"BTC-USDT","interval":"1m","openTime":1794900000000000,"closeTime":1794900060000000""" +
        ",\"open\":\"91230\",\"high\":\"91240.1\",\"low\":\"91228\",\"close\":\"91234.5\"" +
        ""","volume":"3.2145","quoteVolume":"293282.6223","takerBuyVolume":"1.9","trades":57""" +
        ""","firstId":5689012345,"lastId":5689012401""" +
        ""","state":"forming","revision":0,"complete":true,"updates":31,"source":"trades"}""",
        Text(_writer.Write(MarketSamples.Candle())));

    [Fact]
    public void Write_TradeOfARange_NamesItsFirstId() => Assert.Contains(
        ""","id":5689012345,"firstId":5689012340,"price":""",
        Text(_writer.Write(MarketSamples.Trade() with { FirstId = 5689012340, Fills = 6 })),
        StringComparison.Ordinal);

    [Fact]
    public void Write_TradeOfSeveralFillsUnderOneId_SaysHowMany() => Assert.Contains(
        ""","id":5689012345,"fills":3,"price":""",
        Text(_writer.Write(MarketSamples.Trade() with { Fills = 3 })),
        StringComparison.Ordinal);

    [Fact]
    public void Write_Book_IsTheContractedText() => Assert.Equal(
        """{"venue":"binance","instrument":"BTC-USDT","symbol":"BTCUSDT","kind":"update","updateId":400900217,"prev":400900210""" +
        ""","bids":[["91234.5","0.5"],["91234","0"]],"asks":[["91235.1","2"]],"eventTime":1794900000104000""" +
        ""","receivedTime":1794900000131512}""",
        Text(_writer.Write(MarketSamples.Book(), MarketSamples.Levels)));

    [Fact]
    public void Write_Ticker_IsTheContractedText() => Assert.Equal(
        """{"venue":"binance","instrument":"BTC-USDT","symbol":"BTCUSDT","last":"91234.56","lastQuantity":null,"bid":null""" +
        ""","bidQuantity":null,"ask":null,"askQuantity":null,"open":"91234.56","high":"91234.56","low":"91234.56","volume":"91234.56","quot""" +
        """eVolume":null,"eventTime":1794900000104000,"receivedTime":1794900000131512}""",
        Text(_writer.Write(MarketSamples.Ticker(isFull: false))));

    [Fact]
    public void Write_MarkPrice_IsTheContractedText() => Assert.Equal(
        """{"venue":"binance","instrument":"BTC-USDT","symbol":"BTCUSDT","mark":"91231.5","index":"91230.125","eventTime":1794900000104000""" +
        ""","receivedTime":1794900000131512}""",
        Text(_writer.Write(MarketSamples.MarkPrice())));

    [Fact]
    public void Write_FundingRate_IsTheContractedText() => Assert.Equal(
        """{"venue":"binance","instrument":"BTC-USDT","symbol":"BTCUSDT","rate":"-0.000125","fundingTime":1794900000000000""" +
        ""","eventTime":1794900000104000,"receivedTime":1794900000131512}""",
        Text(_writer.Write(MarketSamples.FundingRate())));

    [Fact]
    public void Write_Liquidation_IsTheContractedText() => Assert.Equal(
        """{"venue":"binance","instrument":"BTC-USDT","symbol":"BTCUSDT","side":"sell","price":"91000.5","averagePrice":"91001","quan""" +
        """tity":"0.014","eventTime":1794900000104000,"receivedTime":1794900000131512}""",
        Text(_writer.Write(MarketSamples.Liquidation())));

    [Fact]
    public void Write_Health_IsTheContractedText()
    {
        Assert.Equal(
            """{"venue":"binance","instrument":"BTC-USDT","symbol":"BTCUSDT","dataType":"candle:1m","state":"fresh","reason":"data-resu""" +
            """med","connection":"binance-1","since":1794900000000000,"lastEventTime":1794900000104000,"lastReceivedTime":1794900000131512""" +
            ""","outage":13000000}""",
            Text(_writer.Write(MarketSamples.Health())));
        Assert.EndsWith(
            ""","connection":null,"since":1794900000000000,"lastEventTime":null,"lastReceivedTime":null,"outage":null}""",
            Text(_writer.Write(MarketSamples.Health(connection: "", outage: 0) with { LastEventTime = 0, LastReceivedTime = 0 })),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Health_EveryStateFitsItsSchema() => Assert.All(
        Enum.GetValues<HealthState>(),
        state => AssertValid(RecordSchema.Health, _writer.Write(MarketSamples.Health(state, "no-data", "", 0))));

    [Fact]
    public void Write_Audit_IsTheContractedText() => Assert.Equal(
        """{"venue":"binance","instrument":"BTC-USDT","symbol":"BTCUSDT","interval":"1m","openTime":1794900000000000,"closeTime":1794900""" +
        """060000000,"cause":"venue-corrected","agrees":true,"differences":[{"field":"quoteVolume","ours":"293284.11","venue":"293284.1""" +
        """1","before":"293284.12"},{"field":"trades","ours":null,"venue":"57","before":null}],"revision":1,"complete":false,"foundTime":""" +
        """1794900000131512}""",
        Text(_writer.Write(MarketSamples.Audit())));

    [Fact]
    public void Write_Audit_EveryCauseAndFieldFitsItsSchema()
    {
        var all = Enum.GetValues<AuditField>().Select(field => new AuditDifference(field, null, "-1")).ToList();
        Assert.All(
            Enum.GetValues<AuditCause>(),
            cause => AssertValid(RecordSchema.Audit, _writer.Write(MarketSamples.Audit(cause) with { Differences = all, Revision = -1 })));
    }

    [Fact]
    public void Read_Candle_IsWhatWasWritten()
    {
        foreach (var candle in new[]
        {
            MarketSamples.Candle(CandleState.Revised), MarketSamples.Candle(CandleState.Final, CandleSource.Venue) with { Trades = -1, TakerBuyVolume = null },
        })
        {
            var read = CandleRecordReader.Read(_writer.Write(candle).ToArray(), (_, _) => candle.Instrument);
            Assert.Equal(candle with { ReceivedTime = 0 }, read);
        }
    }

    [Fact]
    public void Write_PriceTick_IsTheContractedText() => Assert.Equal(
        """{"venue":"solana","instrument":"So11111111111111111111111111111111111111112","symbol":"So11111111111111111111111111111111111111112","even""" +
        """t":"BuySellEvent","price":"0.0000123","slot":301234567,"index":3,"signature":"5Nf3","eventTime":1794900000104000""" +
        ""","receivedTime":1794900000131512}""",
        Text(_writer.Write(MarketSamples.PriceTick(), "5Nf3"u8)));

    [Fact]
    public void Write_Instrument_IsTheContractedText() => Assert.Equal(
        """{"venue":"binance","instrument":"BTC-USDT","symbol":"BTCUSDT","kind":"spot","base":"BTC","quote":"USDT","priceStep":"0.01","quan""" +
        """tityStep":"0.00001","contractSize":null,"status":"halted","aliases":["BTC/USDT","BINANCE:BTCUSDT","BTCUSDT"],"revision":2""" +
        ""","updatedTime":1794900000131512}""",
        Text(_writer.Write(MarketSamples.InstrumentRecord(InstrumentStatus.Halted, revision: 2))));

    [Fact]
    public void Write_EveryVariantOfTheOtherKinds_FitsTheSchema()
    {
        AssertValid(RecordSchema.Trade, _writer.Write(MarketSamples.Trade() with { FirstId = 1 }));
        AssertValid(RecordSchema.Ticker, _writer.Write(MarketSamples.Ticker()));
        AssertValid(RecordSchema.Ticker, _writer.Write(MarketSamples.Ticker(isFull: false) with { EventTime = 0 }));
        AssertValid(RecordSchema.MarkPrice, _writer.Write(MarketSamples.MarkPrice(index: null)));
        AssertValid(RecordSchema.Funding, _writer.Write(MarketSamples.FundingRate(fundingTime: 0)));
        AssertValid(RecordSchema.Liquidation, _writer.Write(MarketSamples.Liquidation(average: null)));
        Assert.All(Enum.GetValues<BookUpdateKind>(), kind => AssertValid(
            RecordSchema.Book, _writer.Write(MarketSamples.Book(kind, previous: -1, eventTime: 0), MarketSamples.Levels)));
        AssertValid(RecordSchema.Book, _writer.Write(MarketSamples.Book() with { Bids = 0, Asks = 0 }, []));
        Assert.All(Enum.GetValues<ProgramEvent>(), one => AssertValid(RecordSchema.Price, _writer.Write(MarketSamples.PriceTick(one), "x\"\u0001"u8)));
        foreach (var kind in Enum.GetValues<InstrumentKind>())
        {
            Assert.All(Enum.GetValues<InstrumentStatus>(), status => AssertValid(
                RecordSchema.Instrument, _writer.Write(MarketSamples.InstrumentRecord(status, kind))));
        }
    }

    [Fact]
    public void Write_MinorQuoteAndBook_SaySoAndFitTheSchema()
    {
        var quote = Text(_writer.Write(MarketSamples.Quote() with { Minor = true }));
        Assert.Contains(",\"minor\":true,\"eventTime\":null", quote, StringComparison.Ordinal);
        AssertValid(RecordSchema.Quote, _writer.Write(MarketSamples.Quote() with { Minor = true }));
        var book = Text(_writer.Write(MarketSamples.Book() with { Minor = true }, MarketSamples.Levels));
        Assert.Contains("],\"minor\":true,\"eventTime\":1794900000104000", book, StringComparison.Ordinal);
        AssertValid(RecordSchema.Book, _writer.Write(MarketSamples.Book() with { Minor = true }, MarketSamples.Levels));
    }

    [Fact]
    public void Write_EveryTradeVariant_FitsTheSchema()
    {
        foreach (var side in Enum.GetValues<AggressorSide>())
        {
            foreach (var source in Enum.GetValues<TradeSource>())
            {
                AssertValid(RecordSchema.Trade, _writer.Write(MarketSamples.Trade() with { Side = side, Source = source }));
            }
        }
    }

    [Fact]
    public void Write_EveryCandleVariant_FitsTheSchema()
    {
        foreach (var interval in CandleInterval.All)
        {
            foreach (var source in Enum.GetValues<CandleSource>())
            {
                var candle = MarketSamples.Candle((CandleState)(interval.Index % 3), source);
                AssertValid(RecordSchema.Candle, _writer.Write(candle with { Interval = interval, FirstId = -1, LastId = -1 }));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(MarketSamples.EventTime)]
    public void Write_QuoteWithAndWithoutEventTime_FitsTheSchema(long eventTime) =>
        AssertValid(RecordSchema.Quote, _writer.Write(MarketSamples.Quote(eventTime)));

    [Fact]
    public void Write_LargestValues_FitTheBufferAndTheSchema()
    {
        var number = new Number(-999_999_999_999_999_999, Number.MaxScale);
        var wide = new WideNumber(Int128.MinValue + 1, 72);
        const long last = long.MaxValue;
        AssertValid(RecordSchema.Trade, _writer.Write(
            new Trade(
                MarketSamples.Bitcoin, last, last, number, number, AggressorSide.Unknown, 1, TradeKind.Market, last, last, TradeSource.Replay, true)));
        AssertValid(RecordSchema.Quote, _writer.Write(
            new Quote(MarketSamples.Bitcoin, last, number, number, number, number, last, last)));
        AssertValid(RecordSchema.Ticker, _writer.Write(new Ticker(
            MarketSamples.Bitcoin, number, number, number, number, number, number, number, number, number, wide, wide, last, last)));
        AssertValid(RecordSchema.MarkPrice, _writer.Write(new MarkPrice(MarketSamples.Bitcoin, number, number, last, last)));
        AssertValid(RecordSchema.Funding, _writer.Write(new FundingRate(MarketSamples.Bitcoin, number, last, last, last)));
        AssertValid(RecordSchema.Liquidation, _writer.Write(
            new Liquidation(MarketSamples.Bitcoin, AggressorSide.Unknown, number, number, number, last, last)));
        AssertValid(RecordSchema.Price, _writer.Write(
            new PriceTick(MarketSamples.Token, ProgramEvent.PartialCloseEvent, number, last, int.MaxValue, 0, 0, last, last),
            MarketSamples.Bytes(new string('\u0001', 4096))));
        AssertValid(RecordSchema.Book, _writer.Write(
            new OrderBookUpdate(MarketSamples.Bitcoin, BookUpdateKind.Snapshot, last, last, last, 0, 5000, 5000, last, last),
            Enumerable.Repeat(new BookLevel(number, number), 10_000).ToArray()));
        var text = new string('\u0001', 40);
        var info = new InstrumentInfo(text, text, text, InstrumentKind.Perpetual, text, text, number, number, number, InstrumentStatus.Delisted);
        AssertValid(RecordSchema.Instrument, _writer.Write(new InstrumentRecord(info, [text, text], int.MaxValue, last)));
        var (interval, state, source) = (CandleInterval.Parse("15m"), CandleState.Revised, CandleSource.Prices);
        AssertValid(RecordSchema.Candle, _writer.Write(new Candle(
            MarketSamples.Bitcoin, interval, long.MinValue, number, number, number, number, wide, wide, wide,
            last, last, last, state, int.MaxValue, false, int.MaxValue, source, last)));
    }

    [Fact]
    public void Write_CandleOfAVenueThatDoesNotCount_SaysNullNotZero()
    {
        using var json = JsonDocument.Parse(_writer.Write(MarketSamples.Candle() with { Trades = -1, TakerBuyVolume = null }).ToArray());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("trades").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("takerBuyVolume").ValueKind);
        AssertValid(RecordSchema.Candle, _writer.Write(MarketSamples.Candle() with { Trades = -1, TakerBuyVolume = null }));
    }

    [Fact]
    public void Write_NamesThatNeedEscaping_SurviveTheRoundTrip()
    {
        var instrument = new Instrument(7, "ve\"nue", "A\\B\n\u0001", "符号-\U0001F680");
        using var json = JsonDocument.Parse(_writer.Write(MarketSamples.Trade(1, instrument)).ToArray());
        Assert.Equal(instrument.Venue, json.RootElement.GetProperty("venue").GetString());
        Assert.Equal(instrument.Id, json.RootElement.GetProperty("instrument").GetString());
        Assert.Equal(instrument.Symbol, json.RootElement.GetProperty("symbol").GetString());
    }

    [Fact]
    public void Write_OtherInstrumentOfTheSameIndex_IsNotMixedUp()
    {
        _ = _writer.Write(MarketSamples.Trade());
        var other = new Instrument(MarketSamples.Bitcoin.Index, "okx", "ETH-USDT", "ETH-USDT");
        var text = Text(_writer.Write(MarketSamples.Trade(1, other)));
        Assert.StartsWith("""{"venue":"okx","instrument":"ETH-USDT",""", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_DeadLetter_KeepsTheWholeFrame()
    {
        var frame = MarketSamples.Bytes("{\"e\":\"trade\",\"p\":");
        var value = _writer.Write(MarketSamples.DeadLetter(size: frame.Length), frame, 100_000);
        AssertValid(RecordSchema.DeadLetter, value);
        using var json = JsonDocument.Parse(value.ToArray());
        Assert.False(json.RootElement.GetProperty("truncated").GetBoolean());
        Assert.Equal(frame, json.RootElement.GetProperty("frame").GetBytesFromBase64());
        Assert.Equal("{\"e\":\"trade\",\"p\":", json.RootElement.GetProperty("head").GetString());
    }

    [Fact]
    public void Write_DeadLetterOfIllFormedText_ReplacesItInTheHeadOnly()
    {
        byte[] frame = [(byte)'a', 0xff, 0xc3, 0x28, 0x00, (byte)'"'];
        var value = _writer.Write(MarketSamples.DeadLetter(size: frame.Length), frame, 100_000);
        AssertValid(RecordSchema.DeadLetter, value);
        using var json = JsonDocument.Parse(value.ToArray());
        Assert.Equal("a\uFFFD\uFFFD(\0\"", json.RootElement.GetProperty("head").GetString());
        Assert.Equal(frame, json.RootElement.GetProperty("frame").GetBytesFromBase64());
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(20_000)]
    public void Write_DeadLetterLargerThanARecord_IsCutAndMarked(int maxLength)
    {
        var frame = new byte[1_000_000];
        new Random(1).NextBytes(frame);
        var value = _writer.Write(MarketSamples.DeadLetter(size: frame.Length), frame, maxLength);
        Assert.InRange(value.Length, maxLength / 8, maxLength);
        AssertValid(RecordSchema.DeadLetter, value);
        using var json = JsonDocument.Parse(value.ToArray());
        Assert.True(json.RootElement.GetProperty("truncated").GetBoolean());
        Assert.Equal(frame.Length, json.RootElement.GetProperty("size").GetInt64());
        var kept = json.RootElement.GetProperty("frame").GetBytesFromBase64();
        Assert.Equal(frame.AsSpan(0, kept.Length).ToArray(), kept);
    }

    [Fact]
    public void Write_DeadLetterCutAtTheSocket_IsMarked()
    {
        var frame = MarketSamples.Bytes("{}");
        var text = Text(_writer.Write(MarketSamples.DeadLetter(size: 9_999_999), frame, 100_000));
        Assert.Contains("\"truncated\":true", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SteadyState_AllocatesNothing()
    {
        var batch = new MarketBatch();
        batch.Add(MarketSamples.Trade());
        batch.Add(MarketSamples.Quote());
        batch.Add(MarketSamples.Candle());
        batch.Add(MarketSamples.Book(), MarketSamples.Levels);
        batch.Add(MarketSamples.Ticker());
        batch.Add(MarketSamples.MarkPrice());
        batch.Add(MarketSamples.FundingRate());
        batch.Add(MarketSamples.Liquidation());
        batch.Add(MarketSamples.PriceTick(), "5Nf3"u8);
        batch.Add(MarketSamples.InstrumentRecord());
        batch.Add(MarketSamples.Health());
        WriteAll(batch, 100);
        Assert.Equal(0, Allocations.Least(() => WriteAll(batch, 2_000)));
    }

    private void WriteAll(MarketBatch batch, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _writer.Write(batch.Trades[0]);
            _writer.Write(batch.Quotes[0]);
            _writer.Write(batch.Candles[0]);
            _writer.Write(batch.BookUpdates[0], batch.Levels.Span);
            _writer.Write(batch.Tickers[0]);
            _writer.Write(batch.MarkPrices[0]);
            _writer.Write(batch.FundingRates[0]);
            _writer.Write(batch.Liquidations[0]);
            _writer.Write(batch.PriceTicks[0], batch.Bytes.Span);
            _writer.Write(batch.Instruments[0]);
            _writer.Write(batch.Health[0]);
        }
    }

    private static void AssertValid(string schema, ReadOnlySpan<byte> value) =>
        Assert.Empty(new JsonSchemaValidator(RecordSchema.Read(schema)).Validate(Text(value)));

    private static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value);
}
