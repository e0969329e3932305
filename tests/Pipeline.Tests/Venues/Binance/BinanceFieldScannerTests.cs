using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Core.Feeds;
using Pipeline.TestKit;
using Pipeline.Venues.Binance;

namespace Pipeline.Tests.Venues.Binance;

public sealed class BinanceFieldScannerTests
{
    [Theory]
    [InlineData("ws_trade.json")]
    [InlineData("ws_aggTrade.json")]
    [InlineData("ws_bookTicker.json")]
    [InlineData("ws_depthUpdate.json")]
    [InlineData("ws_depth20.json")]
    [InlineData("ws_kline.json")]
    [InlineData("ws_24hrTicker.json")]
    public void TryRead_ShuffledSpotFrame_IsTakenAsTheOrderFreeReaderTakesIt(string fixture) =>
        AssertTaken<BinanceSpotMarket>("binance/" + fixture, BinanceFrames.Source, BinanceFrames.ParseOrderFree);

    [Theory]
    [InlineData("ws_trade.json")]
    [InlineData("ws_aggTrade.json")]
    [InlineData("ws_bookTicker.json")]
    [InlineData("ws_depthUpdate.json")]
    [InlineData("ws_depth20.json")]
    [InlineData("ws_kline.json")]
    [InlineData("ws_24hrTicker.json")]
    [InlineData("ws_markPriceUpdate.json")]
    public void TryRead_ShuffledFuturesFrame_IsTakenAsTheOrderFreeReaderTakesIt(string fixture) =>
        AssertTaken<BinanceFuturesMarket>("binance-futures/" + fixture, BinanceFrames.Futures, BinanceFrames.ParseFuturesOrderFree);

    [Theory]
    [InlineData("""{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":1,"u":2,"b":[],"a":[],"b":[]}""")]
    [InlineData("""{"e":"trade","E":1,"s":"BTCUSDT","t":1,"p":"1","q":"1","T":1,"m":true,"b":[["1","2"]],"a":[["3","4"]]}""")]
    [InlineData("""{"e":"trade","E":1,"s":"BTCUSDT","t":1,"p":"1","q":"1","T":1,"m":true,"new":1}""")]
    [InlineData("""{"e":"trade","E":1,"s":"BTCUSDT","t":1,"p":"1","q":"1","T":1,"m":true} """)]
    [InlineData("""{"e":"serverShutdown","E":1}""")]
    [InlineData("""{"result":null,"id":1}""")]
    public void TryRead_Unusual_IsLeftWithNothingAdded(string frame)
    {
        var batch = new VenueBatch();
        Assert.False(TryRead<BinanceSpotMarket>(Encoding.UTF8.GetBytes(frame), BinanceFrames.Source, batch));
        Assert.Equal((0, 0), (batch.Events.Count, batch.Levels.Count));
    }

    [Fact]
    public void TryRead_DamagedShuffledFrames_NeverDisagreesWithTheOrderFreeReader()
    {
        AssertAgreement<BinanceSpotMarket>("binance", BinanceFrames.Source, BinanceFrames.ParseOrderFree);
        AssertAgreement<BinanceFuturesMarket>("binance-futures", BinanceFrames.Futures, BinanceFrames.ParseFuturesOrderFree);
    }

    private static void AssertTaken<TMarket>(string fixture, FeedSource source, Func<byte[], VenueBatch> authority)
        where TMarket : IBinanceMarket
    {
        var random = new Random(3);
        for (var i = 0; i < 300; i++)
        {
            var frame = Shuffle(Fixture.Read(fixture), random);
            var batch = new VenueBatch();
            Assert.True(TryRead<TMarket>(frame, source, batch), Encoding.UTF8.GetString(frame));
            Assert.Equal(BinanceFrames.Describe(authority(frame)), BinanceFrames.Describe(batch));
        }
    }

    private static void AssertAgreement<TMarket>(string venue, FeedSource source, Func<byte[], VenueBatch> authority)
        where TMarket : IBinanceMarket
    {
        var random = new Random(4);
        byte[][] frames = [.. ParserHarness.Fixtures(venue).Select(File.ReadAllBytes)];
        for (var i = 0; i < 30_000; i++)
        {
            var frame = BinanceFrames.Damage(Shuffle(frames[random.Next(frames.Length)], random), random);
            var batch = new VenueBatch();
            var expected = TryRead<TMarket>(frame, source, batch) ? authority(frame) : new VenueBatch();
            Assert.Equal(BinanceFrames.Describe(expected), BinanceFrames.Describe(batch));
        }
    }

    private static bool TryRead<TMarket>(byte[] frame, FeedSource source, VenueBatch into)
        where TMarket : IBinanceMarket
    {
        var received = FrameBatch.Of(source, 1, frame);
        var isTaken = BinanceFieldScanner.TryRead<TMarket>(received[0], source.Symbols, into);
        received.Release();
        return isTaken;
    }

    private static byte[] Shuffle(byte[] frame, Random random) =>
        Encoding.UTF8.GetBytes(Shuffle(JsonNode.Parse(frame)!, random).ToJsonString());

    private static JsonNode Shuffle(JsonNode node, Random random)
    {
        if (node is not JsonObject source)
        {
            return node.DeepClone();
        }

        var members = source.Select(member => KeyValuePair.Create(member.Key, member.Value is null ? null : Shuffle(member.Value, random))).ToArray();
        random.Shuffle(members);
        return new JsonObject(members);
    }
}
