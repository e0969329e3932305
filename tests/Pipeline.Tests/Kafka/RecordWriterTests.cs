using System.Text;
using System.Text.Json;
using Pipeline.Core.Market;
using Pipeline.Kafka.Records;

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
        var (interval, state, source) = (CandleInterval.Parse("15m"), CandleState.Revised, CandleSource.Prices);
        AssertValid(RecordSchema.Candle, _writer.Write(new Candle(
            MarketSamples.Bitcoin, interval, long.MinValue, number, number, number, number, wide, wide, wide,
            last, last, last, state, int.MaxValue, false, int.MaxValue, source, last)));
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
        WriteAll(batch, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        WriteAll(batch, 10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void WriteAll(MarketBatch batch, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _writer.Write(batch.Trades[0]);
            _writer.Write(batch.Quotes[0]);
            _writer.Write(batch.Candles[0]);
        }
    }

    private static void AssertValid(string schema, ReadOnlySpan<byte> value) =>
        Assert.Empty(new JsonSchemaValidator(RecordSchema.Read(schema)).Validate(Text(value)));

    private static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value);
}
