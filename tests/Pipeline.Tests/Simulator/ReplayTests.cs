using System.IO.Compression;
using System.Text;
using Pipeline.Core.Recordings;
using Pipeline.Core.Topology;
using Pipeline.Simulator;
using Pipeline.Simulator.Replay;
using Recording = Pipeline.Simulator.Replay.Recording;

namespace Pipeline.Tests.Simulator;

public sealed class ReplayTests
{
    private const string Btc = "binance-spot_hft_btcusdt_20230405";
    private const string Okx = "okx_cryptofeed_20220513";

    [Theory]
    [InlineData("1633998512.0633569", 1_633_998_512_063_356)]
    [InlineData("1633998512", 1_633_998_512_000_000)]
    [InlineData("1633998512063", 1_633_998_512_063_000)]
    [InlineData("1633998512063.25", 1_633_998_512_063_250)]
    [InlineData("1680652800004107", 1_680_652_800_004_107)]
    [InlineData("1680652800004107999", 1_680_652_800_004_107)]
    public void ArrivalTime_InAnyUnit_IsMicroseconds(string text, long expected)
    {
        Assert.True(ArrivalTime.TryParse(Encoding.ASCII.GetBytes(text), out var time));
        Assert.Equal(expected, time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("-5")]
    [InlineData("12.3x")]
    [InlineData("99999999999999999999")]
    public void ArrivalTime_ThatIsNone_IsRefused(string text) => Assert.False(ArrivalTime.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [RecordingFact(Btc)]
    public async Task Recording_AtFullSpeed_ArrivesWholeAndUnchanged()
    {
        await using var simulation = await StartAsync(Btc, speed: 0);
        await using var client = await simulation.ConnectAsync("/stream");
        await client.SubscribeAsync("btcusdt@trade", "btcusdt@bookTicker", "btcusdt@depth@100ms");
        simulation.Clock.Advance(TimeSpan.FromMilliseconds(200));
        await client.SubscribeAsync((await RecordingReader.ReadAsync(Btc, default)).Streams.ToArray());
        Assert.Equal("waiting", (await simulation.GetAsync("/connections"))[0].GetProperty("replay").GetProperty("state").GetString());
        simulation.Clock.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(0, simulation.Host.Totals.FramesSent - 2);
        simulation.Clock.Advance(TimeSpan.FromMilliseconds(50));

        var lines = await LinesAsync(Btc);
        Assert.Equal(15_088, lines.Count);
        foreach (var line in lines)
        {
            Assert.Equal(line, await client.ReadTextAsync());
        }

        Assert.StartsWith("{\"result\":[", await client.AskAsync("""{"method":"LIST_SUBSCRIPTIONS","id":1}"""), StringComparison.Ordinal);
        var status = await FinishedAsync(simulation);
        Assert.Equal(15_088, status.GetProperty("framesSent").GetInt64());
    }

    [RecordingFact(Btc)]
    public async Task Recording_AtTenfoldSpeed_KeepsItsRhythmAndTheSubscription()
    {
        await using var simulation = await StartAsync(Btc, speed: 10);
        await using var client = await simulation.ConnectAsync("/stream");
        await client.SubscribeAsync("btcusdt@trade");
        simulation.Clock.Advance(TimeSpan.FromMilliseconds(250));
        var recording = await RecordingReader.ReadAsync(Btc, default);
        var due = Due(recording, 20_000_000);
        Assert.InRange(due, 50, 1000);

        // The replay sleeps on this clock: its steps are fine enough that it never wakes late by more than one.
        // A step may fall between its look at the clock and the arming of its timer: what was due a step ago is what must be sent.
        for (var i = 0; i <= 200; i++)
        {
            simulation.Clock.Advance(TimeSpan.FromMilliseconds(10));
            await SettledAsync(simulation, recording, i * 100_000L);
        }

        for (var i = 0; i < due; i++)
        {
            Assert.StartsWith("{\"stream\":\"btcusdt@trade\"", await client.ReadTextAsync(), StringComparison.Ordinal);
        }
    }

    [RecordingFact(Okx)]
    public async Task Recording_WithoutStreamNames_GoesToEveryConnection()
    {
        await using var simulation = await StartAsync(Okx, speed: 0);
        await using var client = await simulation.ConnectAsync("/ws");
        await client.SubscribeAsync("any@thing");
        simulation.Clock.Advance(TimeSpan.FromMilliseconds(250));

        foreach (var line in await LinesAsync(Okx))
        {
            Assert.Equal(line, await client.ReadTextAsync());
        }

        Assert.Equal(410, (await FinishedAsync(simulation)).GetProperty("framesSent").GetInt64());
    }

    [Fact]
    public async Task Recording_Missing_NamesThePlacesSearched()
    {
        var failure = await Assert.ThrowsAsync<SimulatorStartException>(() => StartAsync("no-such-recording", 1));

        Assert.Contains("simulator.replay", failure.Message, StringComparison.Ordinal);
        Assert.Contains("shared/data/recordings/no-such-recording.jsonl.gz", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recording_WithTooFewTimes_IsRefused()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "short");
            await WriteAsync(path + ".jsonl.gz", "{}\n{}\n");
            await WriteAsync(path + ".recv.gz", "1633998512.5\n");
            var failure = await Assert.ThrowsAsync<SimulatorStartException>(() => StartAsync(path, 1));

            Assert.Contains("2 frames and 1 arrival times", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<Simulation> StartAsync(string recording, double speed) =>
        Simulation.StartAsync(Simulation.Options with { Replay = new ReplayOptions { Recording = recording, Speed = speed } });

    private static async Task<System.Text.Json.JsonElement> FinishedAsync(Simulation simulation)
    {
        while (true)
        {
            var replay = (await simulation.GetAsync("/status")).GetProperty("replay");
            if (replay.GetProperty("state").GetString() == "finished")
            {
                return replay;
            }

            await Task.Yield();
        }
    }

    private static int Due(Recording recording, long offset) =>
        Enumerable.Range(0, recording.Count).Count(i => recording.Stream(i) == "btcusdt@trade" && recording.Offset(i) <= offset);

    private static async Task SettledAsync(Simulation simulation, Recording recording, long offset)
    {
        var due = Due(recording, offset);
        while ((await simulation.GetAsync("/connections"))[0].GetProperty("replay").GetProperty("framesSent").GetInt64() < due)
        {
            await Task.Yield();
        }
    }

    private static async Task<List<string>> LinesAsync(string recording)
    {
        var file = File.OpenRead(RecordingFiles.Find(recording) + ".jsonl.gz");
        using var text = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        return [.. (await text.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static async Task WriteAsync(string path, string text)
    {
        await using var file = new GZipStream(File.Create(path), CompressionMode.Compress);
        await file.WriteAsync(Encoding.UTF8.GetBytes(text));
    }
}
