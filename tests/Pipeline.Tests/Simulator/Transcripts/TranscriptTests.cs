using System.Text.Json;
using Pipeline.Core.Topology;
using Pipeline.Tests.Host;

namespace Pipeline.Tests.Simulator.Transcripts;

public sealed class TranscriptTests : IDisposable
{
    private const string List = """{"method":"LIST_SUBSCRIPTIONS","id":1}""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Transcript_IsOffUntilSwitchedOn()
    {
        await using var simulation = await Simulation.StartAsync();
        await using var client = await simulation.ConnectAsync();
        await client.AskAsync(List);
        await simulation.PostAsync("/transcript?on=true");
        simulation.Clock.Advance(TimeSpan.FromSeconds(1));
        await client.AskAsync(List);
        await simulation.PostAsync("/transcript?on=false");
        await client.AskAsync(List);
        var transcript = await simulation.GetAsync("/transcript?connection=1");
        var entries = transcript.GetProperty("entries").EnumerateArray().ToList();

        Assert.Equal([("in", "text", List), ("out", "text", """{"result":[],"id":1}""")], entries.Select(entry => (
            entry.GetProperty("direction").GetString(), entry.GetProperty("opcode").GetString(), entry.GetProperty("text").GetString())));
        Assert.Equal(1_000_000, entries[0].GetProperty("at").GetInt64());
        Assert.Equal(List.Length, entries[0].GetProperty("size").GetInt32());
    }

    [Fact]
    public async Task Transcript_ToAFolder_HasEveryFrameAsALine()
    {
        var simulation = await Simulation.StartAsync(Simulation.Options with { Transcript = _folder.Path });
        await using (var client = await simulation.ConnectAsync())
        {
            await client.SubscribeAsync("btcusdt@trade");
            simulation.Clock.Advance(TimeSpan.FromSeconds(25));
            await client.SendAsync(1, new byte[2000].Select(_ => (byte)'x').ToArray());
            while (!(await client.ReadTextAsync()).StartsWith("{\"error\"", StringComparison.Ordinal))
            {
            }

            await client.SendAsync(8, [0x03, 0xE8]);
            while ((await client.ReadFrameAsync()).Opcode != 8)
            {
            }
        }

        var sent = simulation.Host.Totals.FramesSent;
        await simulation.DisposeAsync();
        var lines = (await File.ReadAllLinesAsync(Directory.GetFiles(_folder.Path, "transcript-*.jsonl").Single()))
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();
        string Key(JsonElement line) => $"{line.GetProperty("direction").GetString()} {line.GetProperty("opcode").GetString()}";

        Assert.Equal(["in text", "out text"], lines.Take(2).Select(Key));
        Assert.Equal(["in close", "out close"], lines.TakeLast(2).Select(Key));
        Assert.Contains(lines, line => Key(line) == "out ping");
        Assert.Equal(sent, lines.Count(line => Key(line).StartsWith("out", StringComparison.Ordinal)));
        var large = lines.Single(line => line.GetProperty("size").GetInt32() == 2000);
        Assert.Equal(512, large.GetProperty("text").GetString()!.Length);
    }

    [Fact]
    public async Task Transcript_InMemory_IsBounded()
    {
        await using var simulation = await Simulation.StartAsync(Simulation.Options with { TradesPerSecond = 1000 });
        await simulation.PostAsync("/transcript?on=true");
        await using var client = await simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@trade", "btcusdt@aggTrade");
        simulation.Clock.Advance(TimeSpan.FromSeconds(10));
        var transcript = await simulation.GetAsync("/transcript?limit=10000");

        Assert.True(transcript.GetProperty("frames").GetInt64() > 10_000);
        Assert.Equal(10_000, transcript.GetProperty("entries").GetArrayLength());
    }

    [Fact]
    public async Task Obligations_OfAClientThatKeepsThem_NameNoViolation()
    {
        await using var simulation = await Simulation.StartAsync();
        await using var client = await simulation.ConnectAsync();
        await client.AskAsync(List);
        simulation.Clock.Advance(TimeSpan.FromSeconds(20));
        var (_, ping) = await client.ReadFrameAsync();
        simulation.Clock.Advance(TimeSpan.FromSeconds(7));
        await client.SendAsync(10, ping);
        await simulation.UntilAsync("/connections", open => open[0].GetProperty("pongs").GetInt32() == 1);
        var owed = (await simulation.GetAsync("/obligations"))[0];

        Assert.Equal(
            (7, 1, List.Length, 27, 0, true),
            (owed.GetProperty("longestPongSeconds").GetDouble(), owed.GetProperty("mostMessagesPerSecond").GetInt32(),
                owed.GetProperty("largestRequestBytes").GetInt32(), owed.GetProperty("longestSilenceSeconds").GetDouble(),
                owed.GetProperty("violationCount").GetInt32(), owed.GetProperty("isOpen").GetBoolean()));
    }

    [Fact]
    public async Task Obligations_OfAClientThatBreaksThem_SayWhichAndWhen()
    {
        await using var simulation = await Simulation.StartAsync(Simulation.Options with { Symbols = [] });
        await using var client = await simulation.ConnectAsync();
        await client.SendAsync(List + new string(' ', 4097 - List.Length));
        for (var i = 0; i < 5; i++)
        {
            await client.SendAsync(List);
        }

        Assert.Equal("1008 Too many requests", await client.ReadCloseAsync());
        await using var silent = await simulation.ConnectAsync();
        await simulation.UntilAsync("/connections", open => open.EnumerateArray().Any(one => one.GetProperty("id").GetInt32() == 2));
        simulation.Clock.Advance(TimeSpan.FromSeconds(81));
        var owed = await simulation.GetAsync("/obligations");

        Assert.Equal(
            ["a request of 4097 bytes; the venue takes 4096", "6 messages within a second; the venue takes 5"], Violations(owed[0]));
        Assert.Equal(["no pong within 1m"], Violations(owed[1]));
    }

    private static IEnumerable<string?> Violations(JsonElement owed) =>
        owed.GetProperty("violations").EnumerateArray().Select(violation => violation.GetProperty("what").GetString());
}
