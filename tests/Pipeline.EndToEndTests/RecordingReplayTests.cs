using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;
using Pipeline.TestKit.Recordings;

namespace Pipeline.EndToEndTests;

/// <summary>The main job on real frames: simulator → socket → graph → broker → reader, each a process of its own.</summary>
public sealed class RecordingReplayTests
{
    private const string Venue = """
        instruments: [BTC-USDT]
        channels: [trade, quote, book]
        tradeSource: trade
        """;

    [RecordingFact]
    public async Task Replay_BinanceRecording_EveryTradeAndQuoteArrivesOnceAndExact()
    {
        await using var stack = new LocalStack(Venue, "replay: {recording: binance-spot_hft_btcusdt_20230405, speed: 40}", "clock: recorded\ncandles: {empty: none}");
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        await stack.StartCollectorAsync();
        using var reader = new TopicReader(stack.BootstrapServers, 4, "md.trades", "md.quotes", "md.candles", "md.deadletter");
        reader.ReadUntil(r => r.Of("md.trades").Count() >= 3144 && r.Of("md.quotes").Count() >= 8015);
        reader.ReadRest();

        var frames = Recording.Read(Recording.BinanceSpotTrades).Frames.Select(frame => JsonNode.Parse(frame)!["data"]!).ToList();
        var expectedTrades = frames.Where(f => (string?)f["e"] == "trade").Select(f =>
            $"{f["t"]} {Trim(f["p"])} {Trim(f["q"])} {((bool)f["m"]! ? "sell" : "buy")} {f["T"]}000");
        var trades = reader.Of("md.trades").Select(record => record.Json).ToList();
        Assert.Equal(expectedTrades, trades.Select(t => $"{t["id"]} {t["price"]} {t["quantity"]} {t["side"]} {t["eventTime"]}"));
        Assert.Equal(3144, trades.Count);
        Assert.Equal(Enumerable.Range(0, 3144).Select(i => (long)trades[0]["id"]! + i), trades.Select(t => (long)t["id"]!));

        var expectedQuotes = frames.Where(f => f["e"] is null).Select(f =>
            $"{f["u"]} {Trim(f["b"])} {Trim(f["B"])} {Trim(f["a"])} {Trim(f["A"])}");
        Assert.Equal(
            expectedQuotes,
            reader.Of("md.quotes").Select(r => r.Json).Select(q => $"{q["updateId"]} {q["bid"]} {q["bidQuantity"]} {q["ask"]} {q["askQuantity"]}"));
        Assert.Equal(8015, reader.Of("md.quotes").Count());
        Assert.Empty(reader.Of("md.deadletter"));
        AssertCandlesEqualAFold(trades, [.. reader.Of("md.candles").Select(record => record.Json)]);
        AssertReceivedAtTheRecordingsTime(trades);
    }

    [RecordingFact]
    public async Task Replay_ForeignRecording_EveryFrameIsCountedAndDeadLettered()
    {
        await using var stack = new LocalStack(Venue, "replay: {recording: okx_cryptofeed_20220513, speed: 0}");
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        await stack.StartCollectorAsync();
        using var reader = new TopicReader(stack.BootstrapServers, 4, "md.deadletter", "md.trades");
        reader.ReadUntil(r => r.Of("md.deadletter").Count() >= 410);
        reader.ReadRest();

        var letters = reader.Of("md.deadletter").Select(record => record.Json).ToList();
        Assert.All(letters, letter => Assert.Equal("unknown-event", (string)letter["reason"]!));
        Assert.Equal(
            Recording.Read(Recording.Okx).Frames.Select(Convert.ToBase64String), letters.Select(letter => (string)letter["frame"]!));
        Assert.Empty(reader.Of("md.trades"));
        Assert.Equal(410, await stack.CounterAsync("pipeline.feed.dead_letters"));
        Assert.Single((await stack.ConnectionsAsync()).AsArray());
    }

    /// <summary>The independent fold: group by window, first, last, highest, lowest, sums, with decimals.</summary>
    private static void AssertCandlesEqualAFold(List<JsonNode> trades, List<JsonNode> candles)
    {
        var compared = 0;
        foreach (var (name, length) in new[] { ("1s", 1L), ("5s", 5), ("15s", 15), ("30s", 30), ("1m", 60), ("3m", 180), ("5m", 300) })
        {
            var finals = candles.Where(c => (string)c["interval"]! == name && (string)c["state"]! == "final").ToList();
            var windows = trades.GroupBy(t => (long)t["eventTime"]! / (length * 1_000_000) * length * 1_000_000).ToList();

            // The recording's clock goes on behind its end, and may have closed the last window when this was read.
            Assert.InRange(finals.Count, windows.Count - 1, windows.Count);
            foreach (var (window, candle) in windows.SkipLast(1).Zip(finals))
            {
                var prices = window.Select(t => Exact(t["price"])).ToList();
                var quantities = window.Select(t => Exact(t["quantity"])).ToList();
                Assert.Equal(
                    [window.Key, window.Key + (length * 1_000_000), prices[0], prices.Max(), prices.Min(), prices[^1], quantities.Sum(),
                        prices.Zip(quantities, (p, q) => p * q).Sum(),
                        window.Where(t => (string)t["side"]! == "buy").Sum(t => Exact(t["quantity"])),
                        prices.Count, (long)window.First()["id"]!, (long)window.Last()["id"]!],
                    new[] { "openTime", "closeTime", "open", "high", "low", "close", "volume", "quoteVolume", "takerBuyVolume", "trades", "firstId", "lastId" }
                        .Select(field => Exact(candle[field])));

                // Only the first window's start was not seen.
                Assert.Equal(candle != finals[0], (bool)candle["complete"]!);
                compared++;
            }
        }

        Assert.True(compared > 500, $"only {compared} candles were compared");
    }

    /// <summary>With the recorded clock a trade is received when the recording received it, but for the jitter of a fast replay.</summary>
    private static void AssertReceivedAtTheRecordingsTime(List<JsonNode> trades)
    {
        var recording = Recording.Read(Recording.BinanceSpotTrades);
        var expected = recording.Frames.Zip(recording.ReceivedTimes)
            .Where(pair => pair.First.AsSpan().IndexOf("@trade"u8) >= 0).Select(pair => pair.Second);

        // The jitter of a busy machine counts forty times at this speed.
        Assert.All(
            trades.Select(t => (long)t["receivedTime"]!).Zip(expected), pair => Assert.InRange(pair.First - pair.Second, -20_000_000, 60_000_000));
    }

    private static decimal Exact(JsonNode? number) => decimal.Parse(number!.ToString(), CultureInfo.InvariantCulture);

    private static string Trim(JsonNode? text)
    {
        var plain = ((string)text!).TrimEnd('0').TrimEnd('.');
        return plain.Length == 0 ? "0" : plain;
    }
}
