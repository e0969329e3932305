using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Recordings;
using Pipeline.Core.Topology;
using Pipeline.Host;
using Pipeline.Host.Commands;
using Pipeline.Kafka.Embedded;
using Pipeline.Kafka.Raw;
using Pipeline.Kafka.Reader;
using Pipeline.TestKit.Recordings;
using Pipeline.TestKit.Time;
using Xunit.Abstractions;
using Frames = Pipeline.TestKit.Recordings.Recording;

namespace Pipeline.Tests.Host.Commands;

public sealed class ReplayCommandTests(ITestOutputHelper output) : IDisposable
{
    private const string Topology = """
        venues:
          binance:
            endpoints: { webSocket: ws://127.0.0.1:9443 }
            instruments: [BTC-USDT]
            channels: [trade, quote, book]
            tradeSource: trade
        candles:
          intervals: [1s, 1m, 5m]
        """;

    private static readonly RecordingHeader Header = new()
    {
        Venues = [new RecordedVenue("binance", "trade", 1000, false, [new RecordedInstrument("BTC-USDT", "BTCUSDT")])],
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RecordingFact]
    public async Task Replay_RealFramesRecordedAndReplayedTwice_GiveIdenticalTopicsAndTheCandlesOfAnIndependentFold()
    {
        await RecordAsync(Frames.Read(Frames.BinanceSpotTrades), "btc.rec");
        Assert.Equal(ExitCodes.Ok, await ReplayAsync("btc.rec", "--out", "first"));
        Assert.Equal(ExitCodes.Ok, await ReplayAsync("btc.rec", "--out", "second"));

        var files = Directory.GetFiles(_folder["first"]).Select(Path.GetFileName).Order().ToList();
        Assert.Equal(files, Directory.GetFiles(_folder["second"]).Select(Path.GetFileName).Order());
        Assert.Equal(["md.candles-3.jsonl", "md.quotes-3.jsonl", "md.trades-3.jsonl"], files);
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(_folder[$"first/{file}"]), File.ReadAllBytes(_folder[$"second/{file}"])));

        var trades = File.ReadAllLines(_folder["first/md.trades-3.jsonl"]);
        Assert.Equal(3_144, trades.Length);
        Assert.All(trades, line => Assert.Contains("\"source\":\"replay\"", line, StringComparison.Ordinal));
        var folded = Fold(Frames.Read(Frames.BinanceSpotTrades));
        var candles = Finals("first/md.candles-3.jsonl");
        Assert.Equal(folded.Keys.Order().SkipLast(1), candles.Keys.Order());
        Assert.All(candles, candle => Assert.Equal(folded[candle.Key], candle.Value));
        output.WriteLine($"{candles.Count} candles of 1m equal the fold");
    }

    [RecordingFact]
    public async Task Replay_LineFilesAndOurOwnFormat_GiveTheSame()
    {
        await RecordAsync(Frames.Read(Frames.BinanceSpotTrades), "btc.rec");
        Assert.Equal(ExitCodes.Ok, await ReplayAsync("btc.rec", "--out", "own"));
        var lines = Path.Combine(Frames.Folder!, Frames.BinanceSpotTrades + ".jsonl.gz");
        Assert.Equal(ExitCodes.Ok, await ReplayAsync(lines, "--out", "lines"));
        Assert.All(
            Directory.GetFiles(_folder["own"]),
            file => Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(_folder[$"lines/{Path.GetFileName(file)}"])));
    }

    [RecordingFact]
    public async Task Replay_ThroughTheGraphAThousandTimesAsFast_GivesTheSameTrades()
    {
        await RecordAsync(Frames.Read(Frames.BinanceSpotTrades), "btc.rec");
        Assert.Equal(ExitCodes.Ok, await ReplayAsync("btc.rec", "--out", "max"));
        Assert.Equal(ExitCodes.Ok, await ReplayAsync("btc.rec", "--out", "graph", "--speed", "1000"));
        Assert.Equal(File.ReadAllBytes(_folder["max/md.trades-3.jsonl"]), File.ReadAllBytes(_folder["graph/md.trades-3.jsonl"]));
        Assert.Equal(File.ReadAllBytes(_folder["max/md.quotes-3.jsonl"]), File.ReadAllBytes(_folder["graph/md.quotes-3.jsonl"]));
    }

    [Fact]
    public async Task Replay_OfATopicIntoAnotherPrefix_GivesWhatTheFileGivesEachTime()
    {
        var kafka = new KafkaOptions { Raw = true };
        await using var broker = EmbeddedBroker.Start(
            new EmbeddedBrokerOptions { Port = 0, OtherPrefixes = ["again", "more"] }, kafka, TimeProvider.System);
        kafka = kafka with { BootstrapServers = broker.BootstrapServers };
        var frames = MakeFrames(1, 3_000);
        await RecordAsync(frames, "a.rec");
        using (var metrics = new PipelineMetrics())
        {
            var target = await RawTarget.StartAsync(kafka, () => Header, TimeProvider.System, metrics, CancellationToken.None);
            await RecordAsync(frames, new FrameRecorder(_ => target, new RecorderOptions { Holds = true }, new TestTimeProvider(), metrics));
        }

        var servers = $"kafka: {{ bootstrapServers: '{broker.BootstrapServers}' }}";
        Assert.Equal(ExitCodes.Ok, await ReplayAsync("a.rec", "--out", "file"));
        Assert.Equal(ExitCodes.Ok, await ReplayWithAsync(servers, "kafka", "--out", "topic", "--strict"));
        var files = Directory.GetFiles(_folder["file"]).Select(Path.GetFileName).Order().ToList();
        Assert.Equal(["md.candles-3.jsonl", "md.trades-3.jsonl"], files);
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(_folder[$"file/{file}"]), File.ReadAllBytes(_folder[$"topic/{file}"])));

        foreach (var prefix in (string[])["again", "more"])
        {
            Assert.Equal(ExitCodes.Ok, await ReplayWithAsync(servers, "kafka", "--prefix", prefix));
            foreach (var topic in (string[])["trades", "candles"])
            {
                Assert.Equal(File.ReadAllLines(_folder[$"file/md.{topic}-3.jsonl"]), await ReadAsync(kafka, $"{prefix}.{topic}"));
            }
        }

        Assert.Empty(await ReadAsync(kafka, "md.trades"));
        Assert.Equal(ExitCodes.Ok, await ReplayWithAsync(servers, "kafka", "--out", "timed", "--speed", "1000"));
        Assert.Equal(File.ReadAllBytes(_folder["file/md.trades-3.jsonl"]), File.ReadAllBytes(_folder["timed/md.trades-3.jsonl"]));
    }

    [Fact]
    public async Task Replay_ProgramEventsOfTokensNobodyNamed_GivesTheirPricesEachTime()
    {
        var header = new RecordingHeader { Venues = [new RecordedVenue("solana", "trade", 1000, true, [])] };
        var events = Enumerable.Range(0, 300).Select(i => (Time: 1_794_900_000_000_000L + (i * 50_000L), Frame: System.Text.Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $$"""
            {"event":"BuySellEvent","mint":"{{(i % 2 == 0 ? "7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU" : "So11111111111111111111111111111111111111112")}}","price":"0.000012{{i + 1}}","time":{{1_794_900_000_000 + (i * 50)}},"slot":{{301_234_567 + i}},"signature":"5VERv8NMvzbJMEkV8xnrLkEaWRtSz9CosKDYjCJjBRnbJLgp8uirBgmQpjKhoR4tjF3ZpRzrFmBV6UjKdiSZkQUW","index":{{i}} }
            """)))).ToList();
        using (var metrics = new PipelineMetrics())
        {
            await RecordAsync(
                events,
                new FrameRecorder(_ => File.Create(_folder["sol.rec"]), header, new RecorderOptions { Holds = true }, new TestTimeProvider(), metrics),
                "solana");
        }

        Assert.Equal(ExitCodes.Ok, await ReplayAsync("sol.rec", "--out", "first"));
        Assert.Equal(ExitCodes.Ok, await ReplayAsync("sol.rec", "--out", "second"));
        var files = Directory.GetFiles(_folder["first"]).Select(Path.GetFileName).Order().ToList();
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(_folder[$"first/{file}"]), File.ReadAllBytes(_folder[$"second/{file}"])));
        var prices = files.Where(file => file!.StartsWith("md.prices", StringComparison.Ordinal))
            .SelectMany(file => File.ReadAllLines(_folder[$"first/{file}"])).Select(line => (string)JsonNode.Parse(line)!["price"]!).Order();
        Assert.Equal(Enumerable.Range(1, 300).Select(i => $"0.000012{i}".TrimEnd('0')).Order(), prices);
        Assert.Contains(files, file => file!.StartsWith("md.candles", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Replay_TornRecording_GivesWhatIsThereAndSaysWhereItIsTorn()
    {
        await RecordAsync(MakeFrames(1, 3_000), "torn.rec");
        var bytes = await File.ReadAllBytesAsync(_folder["torn.rec"]);
        await File.WriteAllBytesAsync(_folder["torn.rec"], bytes[..(bytes.Length * 2 / 3)]);
        var run = new CommandRun(_folder.Path);
        _folder.Write("t.yaml", Topology);
        var code = await run.RunAsync(ReplayCommand.Create(run.Context), "replay", "torn.rec", "-t", "t.yaml", "--out", "torn", "--strict");
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("it is torn at byte", run.Error, StringComparison.Ordinal);
        var ids = File.ReadAllLines(_folder["torn/md.trades-3.jsonl"]).Select(line => (long)JsonNode.Parse(line)!["id"]!).ToList();
        Assert.InRange(ids.Count, 1_000, 2_999);
        Assert.Equal(Enumerable.Range(1, ids.Count).Select(id => (long)id), ids);
    }

    [Fact]
    public async Task Replay_WithoutATarget_RefusesTheLivePrefix()
    {
        await RecordAsync(MakeFrames(1, 10), "a.rec");
        Assert.Equal(ExitCodes.Invalid, await ReplayAsync("a.rec"));
        Assert.Equal(ExitCodes.Invalid, await ReplayAsync("a.rec", "--prefix", "md"));
        Assert.Equal(ExitCodes.Invalid, await ReplayAsync("a.rec", "--out", "."));
        Assert.Equal(ExitCodes.Invalid, await ReplayAsync("a.rec", "--out", "x", "--speed", "fast"));
        Assert.Equal(ExitCodes.Invalid, await ReplayAsync("a.rec", "--out", "x", "-i", "ETH-USDT"));
        Assert.Equal(ExitCodes.Ok, await ReplayAsync("a.rec", "--out", "x", "-i", "binance:BTC-USDT"));
    }

    [Fact]
    public async Task Replay_HoleInTheRecording_IsCountedAndTheRestFollows()
    {
        var frames = MakeFrames(1, 100).Concat(MakeFrames(200, 100)).ToList();
        await RecordAsync(frames, "hole.rec");
        Assert.Equal(ExitCodes.Ok, await ReplayAsync("hole.rec", "--out", "hole"));
        Assert.Equal(200, File.ReadAllLines(_folder["hole/md.trades-3.jsonl"]).Length);
    }

    /// <summary>What the recorded frames say of each minute, by nothing of ours.</summary>
    private static Dictionary<long, (decimal O, decimal H, decimal L, decimal C, decimal V, int N)> Fold(Frames recording)
    {
        var candles = new Dictionary<long, (decimal O, decimal H, decimal L, decimal C, decimal V, int N)>();
        foreach (var data in recording.Frames.Select(frame => JsonNode.Parse(frame)!["data"]!).Where(data => (string?)data["e"] == "trade"))
        {
            var (price, quantity) = (Decimal(data["p"]), Decimal(data["q"]));
            var minute = (long)data["T"]! / 60_000 * 60_000_000;
            candles[minute] = candles.TryGetValue(minute, out var c)
                ? (c.O, Math.Max(c.H, price), Math.Min(c.L, price), price, c.V + quantity, c.N + 1)
                : (price, price, price, price, quantity, 1);
        }

        return candles;
    }

    private static decimal Decimal(JsonNode? node) => decimal.Parse((string)node!, CultureInfo.InvariantCulture);

    private static List<(long Time, byte[] Frame)> MakeFrames(int firstId, int count) => [.. Enumerable.Range(firstId, count).Select(id =>
    {
        var time = 1_680_652_800_000L + (id * 10);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"stream":"btcusdt@trade","data":{"e":"trade","E":{{time}},"s":"BTCUSDT","t":{{id}},"p":"28165.47","q":"0.1","T":{{time}},"m":true,"M":true} }""");
        return (time * 1000, System.Text.Encoding.UTF8.GetBytes(text));
    })];

    private Dictionary<long, (decimal O, decimal H, decimal L, decimal C, decimal V, int N)> Finals(string file) =>
        File.ReadAllLines(_folder[file]).Select(line => JsonNode.Parse(line)!)
            .Where(candle => (string?)candle["interval"] == "1m" && (string?)candle["state"] == "final")
            .ToDictionary(
                candle => (long)candle["openTime"]!,
                c => (Decimal(c["open"]), Decimal(c["high"]), Decimal(c["low"]), Decimal(c["close"]), Decimal(c["volume"]), (int)c["trades"]!));

    private static async Task<List<string>> ReadAsync(KafkaOptions kafka, string topic)
    {
        var lines = new List<string>();
        await foreach (var record in new KafkaReader(kafka).ReadAsync(new ReadRequest { Topics = [topic] }))
        {
            lines.Add(record.ValueText!);
        }

        return lines;
    }

    private Task<int> ReplayAsync(params string[] arguments) => ReplayWithAsync("", arguments);

    private async Task<int> ReplayWithAsync(string more, params string[] arguments)
    {
        _folder.Write("t.yaml", $"{Topology}\n{more}");
        var run = new CommandRun(_folder.Path);
        var code = await run.RunAsync(ReplayCommand.Create(run.Context), ["replay", .. arguments, "-t", "t.yaml"]);
        output.WriteLine($"{run.Out.TrimEnd()} {run.Error.TrimEnd()}");
        return code;
    }

    private Task RecordAsync(Frames recording, string name) =>
        RecordAsync(recording.ReceivedTimes.Zip(recording.Frames, (time, frame) => (time, frame)), name);

    private async Task RecordAsync(IEnumerable<(long Time, byte[] Frame)> frames, string name)
    {
        using var metrics = new PipelineMetrics();
        var options = new RecorderOptions { Holds = true, BlockBytes = 16 * 1024 };
        await RecordAsync(frames, new FrameRecorder(_ => File.Create(_folder[name]), Header, options, new TestTimeProvider(), metrics));
    }

    private static async Task RecordAsync(IEnumerable<(long Time, byte[] Frame)> frames, FrameRecorder recorder, string venue = "binance")
    {
        var source = FeedSource.None with { Venue = venue, Connection = "recording-1" };
        await using var ending = recorder;
        foreach (var (time, frame) in frames)
        {
            var batch = FrameBatch.Of(source, time, frame);
            batch.Origin = new FrameOrigin(1, 1, 1);
            recorder.Take(batch);
            await batch.Released.WaitAsync(RealTime.Bound);
            batch.Release();
        }
    }
}
