using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Core.Market;
using Pipeline.Kafka.Records;

namespace Pipeline.Tests.Kafka;

public sealed class StateRecordTests
{
    private const int Samples = 500;
    private static readonly Instrument Odd = new(7, "ve\"nue", "Ünï-\u0001", "\\S");
    private readonly RecordWriter _writer = new(new InstrumentTexts());

    [Fact]
    public void Write_Gap_IsTheContractedText()
    {
        Assert.Equal(
            """{"venue":"binance","instrument":"BTC-USDT","symbol":"BTCUSDT","fromId":101,"toId":110,"state":"open","reason":"disconnected" """.TrimEnd() +
            ""","missing":[[101,104],[108,110]],"series":0,"fromTime":1794900000104000,"toTime":1794900005104000""" +
            ""","openedTime":1794900000131512,"updatedTime":1794900000131513,"announced":true,"tradesOffset":4711}""",
            Text(_writer.Write(StateSamples.Gap(), 4711)));
        Assert.EndsWith("\"tradesOffset\":null}", Text(_writer.Write(StateSamples.Gap(), null)), StringComparison.Ordinal);
    }

    [Fact]
    public void Key_OfGap_IsItsFirstIdOrTheTimeItWasFound()
    {
        var buffer = Array.Empty<byte>();
        Assert.Equal("binance:BTC-USDT:101", Text(RecordKey.OfGap(StateSamples.Gap(GapState.Repaired), ref buffer)));
        Assert.Equal("binance:BTC-USDT:@1794900000131512", Text(RecordKey.OfGap(StateSamples.Gap(fromId: -1), ref buffer)));
        Assert.Equal("binance:BTC-USDT:0", Text(RecordKey.OfGap(StateSamples.Gap(fromId: 0), ref buffer)));
    }

    [Fact]
    public void Key_OfMarker_IsNoInstruments()
    {
        Assert.Equal("#p7", StateKeys.Marker(7));
        Assert.All([StateKeys.Marker(0), StateKeys.Owner, StateKeys.Log], key => Assert.False(StateKeys.IsInstrument(key)));
        Assert.True(StateKeys.IsInstrument("binance:BTC-USDT"));
    }

    [Fact]
    public void Gap_AnyWrittenAndRead_IsTheSame()
    {
        for (var seed = 0; seed < Samples; seed++)
        {
            var gap = new StateSamples(seed).AnyGap(Odd);
            long? offset = seed % 3 == 0 ? null : seed;
            var value = Bytes(_writer.Write(gap, offset));
            Assert.Empty(new JsonSchemaValidator(RecordSchema.Read(RecordSchema.Gap)).Validate(Encoding.UTF8.GetString(value)));
            var read = GapRecordReader.Read(value, Resolve);
            AssertSame(gap, read.Gap);
            Assert.Equal(offset, read.TradesOffset);
        }
    }

    [Fact]
    public void State_AnyWrittenAndRead_IsTheSame()
    {
        var schema = new JsonSchemaValidator(RecordSchema.Read(RecordSchema.State));
        var windows = 0;
        for (var seed = 0; seed < Samples; seed++)
        {
            var state = new StateSamples(seed).AnyState(Odd);
            long? offset = seed % 3 == 0 ? null : seed;
            var value = Bytes(_writer.Write(state, offset, offset + 1));
            Assert.Empty(schema.Validate(Encoding.UTF8.GetString(value)));
            var read = StateRecordReader.Read(value, Resolve);
            Assert.Equal((offset, offset + 1), (read.TradesOffset, read.PricesOffset));
            AssertSame(state, read.State);
            windows += state.Candles?.Windows.Count ?? 0;

            // Sums are equal to the last digit, not just by comparison.
            Assert.Equal(value, Bytes(_writer.Write(read.State, read.TradesOffset, read.PricesOffset)));
        }

        Assert.InRange(windows, Samples, Samples * 30);
    }

    [Fact]
    public void Marker_WrittenAndRead_IsTheSame()
    {
        foreach (var marker in new CheckpointMarker[] { new(3, 1, 2, 3, 4, "5f\"x", 7, 8), new(0, null, null, null, null, null, 0, 0) })
        {
            var value = Bytes(_writer.Write(marker));
            Assert.Empty(new JsonSchemaValidator(RecordSchema.Read(RecordSchema.Marker)).Validate(Encoding.UTF8.GetString(value)));
            Assert.Equal(marker, MarkerRecordReader.Read(value));
        }
    }

    [Theory]
    [InlineData("fromId", "\"101\"", "fromId")]
    [InlineData("fromId", "-2", "fromId")]
    [InlineData("fromId", "1.5", "fromId")]
    [InlineData("toId", "100", "toId")]
    [InlineData("state", "\"closed\"", "closed")]
    [InlineData("state", "null", "state")]
    [InlineData("missing", "[[101]]", "missing")]
    [InlineData("missing", "[[104,101]]", "missing")]
    [InlineData("missing", "[[101,104],[104,105]]", "missing")]
    [InlineData("missing", "[[100,104]]", "missing")]
    [InlineData("missing", "[[101,111]]", "missing")]
    [InlineData("announced", "1", "announced")]
    [InlineData("venue", "\"\"", "venue")]
    [InlineData("tradesOffset", "-1", "tradesOffset")]
    [InlineData("extra", "1", "properties")]
    public void Gap_WrongInOnePoint_IsRefusedByName(string property, string json, string named)
    {
        var record = JsonNode.Parse(_writer.Write(StateSamples.Gap(), 1))!.AsObject();
        record[property] = JsonNode.Parse(json);
        var exception = Assert.Throws<RecordFormatException>(() => GapRecordReader.Read(Encoding.UTF8.GetBytes(record.ToJsonString()), Resolve));
        Assert.StartsWith("gap: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"venue\":\"binance\"")]
    [InlineData("null")]
    public void Read_SomethingElse_IsRefused(string text)
    {
        var value = Encoding.UTF8.GetBytes(text);
        Assert.Throws<RecordFormatException>(() => GapRecordReader.Read(value, Resolve));
        Assert.Throws<RecordFormatException>(() => StateRecordReader.Read(value, Resolve));
        Assert.Throws<RecordFormatException>(() => MarkerRecordReader.Read(value));
    }

    /// <summary>Takes each property away in turn, and puts a wrong kind of value in its place.</summary>
    [Fact]
    public void State_AnyPropertyMissingOrOfAnotherKind_IsRefused()
    {
        var state = StateSamples.State();
        state.Trades = state.Trades! with { OpenGaps = [StateSamples.Gap()] };
        state.Candles = new CandleSeriesState
        {
            Intervals = [new CandleIntervalState { Interval = CandleInterval.Parse("1m"), Finer = CandleInterval.Parse("1s") }],
            Windows = [new CandleWindowState { Interval = CandleInterval.Parse("1m"), OpenTime = MarketSamples.OpenTime }],
            Start = new CandleStartState(
                MarketSamples.OpenTime, new CandleWindowState { Interval = CandleInterval.Parse("1m"), OpenTime = MarketSamples.OpenTime }),
        };
        var text = Text(_writer.Write(state, 1, 2));
        var places = Objects(JsonNode.Parse(text)!).SelectMany(place => place.Node.Select(property => (place.Path, property.Key))).ToList();
        Assert.Equal(7 + 8 + 11 + 13 + 10 + 26 + 2 + 26, places.Count);
        foreach (var (path, key) in places)
        {
            foreach (var isMissing in new[] { true, false })
            {
                var changed = JsonNode.Parse(text)!;
                var target = Objects(changed).Single(place => place.Path == path).Node;
                if (isMissing)
                {
                    target.Remove(key);
                }
                else
                {
                    target[key] = new JsonObject();
                }

                var value = Encoding.UTF8.GetBytes(changed.ToJsonString());
                Assert.Throws<RecordFormatException>(() => StateRecordReader.Read(value, Resolve));
            }
        }
    }

    private static IEnumerable<(string Path, JsonObject Node)> Objects(JsonNode node) => node switch
    {
        JsonObject item => item.SelectMany(property => property.Value is null ? [] : Objects(property.Value)).Prepend((item.GetPath(), item)),
        JsonArray items => items.SelectMany(item => item is null ? [] : Objects(item)),
        _ => [],
    };

    private static void AssertSame(Gap expected, Gap actual)
    {
        Assert.Equal(expected.Missing, actual.Missing);
        Assert.Equal(expected with { Missing = [] }, actual with { Missing = [] });
    }

    private static void AssertSame(InstrumentState expected, InstrumentState actual)
    {
        Assert.Equal(expected.Instrument, actual.Instrument);
        Assert.Equal(expected.Trades is null, actual.Trades is null);
        if (expected.Trades is { } trades)
        {
            Assert.Equal(
                trades with { OpenGaps = [], SilentHoles = [], RecentIds = [] }, actual.Trades! with { OpenGaps = [], SilentHoles = [], RecentIds = [] });
            Assert.Equal(trades.RecentIds, actual.Trades!.RecentIds);
            Assert.Equal(trades.OpenGaps.Count, actual.Trades.OpenGaps.Count);
            Assert.Equal(trades.SilentHoles.Count, actual.Trades.SilentHoles.Count);
            foreach (var (one, other) in trades.OpenGaps.Concat(trades.SilentHoles).Zip(actual.Trades.OpenGaps.Concat(actual.Trades.SilentHoles)))
            {
                AssertSame(one, other);
            }
        }

        Assert.Equal(expected.Candles is null, actual.Candles is null);
        Assert.Equal(expected.Candles?.HasStarted, actual.Candles?.HasStarted);
        Assert.Equal(expected.Candles?.LastClose, actual.Candles?.LastClose);
        Assert.Equal(expected.Candles?.Windows, actual.Candles?.Windows);
        Assert.Equal(expected.Candles?.CompletedUntil, actual.Candles?.CompletedUntil);
        Assert.Equal(expected.Candles?.Gaps.Select(Text), actual.Candles?.Gaps.Select(Text));
    }

    private static string Text(CandleGapState gap) =>
        $"{gap with { Next = [], CarriedFrom = [], CarriedUntil = [], Close = [] }} {string.Join(' ', gap.Next)} {string.Join(' ', gap.CarriedFrom)} {string.Join(' ', gap.CarriedUntil)} {string.Join(' ', gap.Close)}";

    private static Instrument Resolve(string venue, string id, string symbol) =>
        new[] { Odd, MarketSamples.Bitcoin }.Single(one => (one.Venue, one.Id, one.Symbol) == (venue, id, symbol));

    private static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value);

    private static byte[] Bytes(ReadOnlySpan<byte> value) => value.ToArray();
}
