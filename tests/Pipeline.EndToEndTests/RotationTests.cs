using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;
using Xunit.Abstractions;

namespace Pipeline.EndToEndTests;

/// <summary>Connections are replaced under load, on demand and because the exchange says that it will end them: nobody notices.</summary>
public sealed class RotationTests(ITestOutputHelper output)
{
    private const int Connections = 3;

    /// <summary>A stream of another venue, whose connection nobody touches: when it is silent too, the machine is.</summary>
    private const string Beside = "okx:BTC-USDT";

    /// <summary>What the exchange takes in five minutes is 300; the collector keeps to 250, so that nothing waits that must not.</summary>
    private const int MostConnects = 240;

    // Who loses a connection instead of replacing it is silent for a second and more.
    private static readonly TimeSpan Unnoticed = TimeSpan.FromMilliseconds(300);

    // Times of the connects that were caused, microseconds since the Unix epoch.
    private readonly Queue<long> _connects = new();

    [Fact]
    public async Task RotationsAndNotices_UnderLoad_LoseNothing_AndTheFiguresAreTheExchanges()
    {
        // PIPELINE_ROTATIONS makes so many of both; above 45 notices the exchange's limit of connects is what they wait for.
        var rotations = LongForm.Number("PIPELINE_ROTATIONS", 100);
        var notices = LongForm.Number("PIPELINE_ROTATIONS", 40);

        // Three connections. The silent pair proves nothing, so every rotation lasts at least the overlap's time. Stalls are not the
        // subject: the exchange is muted at the end to compare figures at rest.
        var okx = FreePort.Next();
        await using var stack = new LocalStack(
            BinanceStack.Venue("BTC-USDT, ETH-USDT, SOL-USDT", "overlapTimeout: 100ms, stallTimeout: 30s", "maxStreamsPerConnection: 2, batchDelay: 1ms"),
            $"{BinanceStack.Markets.Replace("tradesPerSecond: 80", "tradesPerSecond: 250", StringComparison.Ordinal)}\nokxListen: http://127.0.0.1:{okx}",
            partitions: BinanceStack.Partitions,
            venues: $$"""
              okx:
                endpoints: {webSocket: "ws://127.0.0.1:{{okx}}", rest: "http://127.0.0.1:{{okx}}"}
                instruments: [BTC-USDT]
                channels: [trade]
                tradeSource: trades-all
            """);
        var control = new StackControl(stack);
        using var reader = await BinanceStack.StartAsync(stack);
        var log = BinanceStack.Follow(reader);
        reader.ReadUntil(_ => BinanceStack.Busy.Append(Beside).All(key => log.Of(key).Count > 1000));
        var since = StackControl.Now;

        var rotated = 0;
        for (; rotated < rotations; rotated += Connections)
        {
            StayBelowTheLimit(reader);
            var outcomes = await control.RotateAsync("binance");
            Assert.Equal(Connections, outcomes!["outcomes"]!.AsArray().Count);
            Assert.All(outcomes["outcomes"]!.AsArray(), outcome => Assert.True((bool)outcome!["done"]!, outcome.ToJsonString()));
        }

        Print(reader, log, $"{rotated} rotations", since);

        // The exchange tells all connections at once that it will close them.
        var told = StackControl.Now;
        for (var i = 0; i < notices; i++)
        {
            StayBelowTheLimit(reader);
            var old = await control.OpenAsync();
            await control.FaultAsync("""{"id":"F09","venue":"binance","parameters":{"closeAfter":"4s"}}""");
            await Until.TrueAsync(async () => await control.OpenAsync() is { Count: Connections } now && !now.Intersect(old).Any());
        }

        Print(reader, log, $"{notices} notices to {Connections} connections", told);
        var compared = await BinanceStack.AssertIsTheTruthAsync(stack, reader, log);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| compared with the exchange | {compared} trades, 0 lost, 0 doubled |"));
        Assert.All(BinanceStack.Busy, key => Assert.InRange(log.LongestSilenceBeside(key, Beside, since), TimeSpan.Zero, Unnoticed));
        Assert.Equal(0, await stack.CounterAsync("pipeline.sequence.holes"));
        await AssertFiguresAsync(stack, control, connects: Connections + rotated + (Connections * notices));
    }

    /// <summary>Waits until another replacement of all connections is within what may be opened in five minutes.</summary>
    private void StayBelowTheLimit(TopicReader reader)
    {
        const long period = 300_000_000;
        while (_connects.Count > MostConnects - Connections)
        {
            // Read on meanwhile: the embedded broker keeps seconds of it.
            var again = _connects.Dequeue() + period;
            reader.ReadUntil(_ => StackControl.Now > again, TimeSpan.FromMicroseconds(2 * period));
        }

        for (var i = 0; i < Connections; i++)
        {
            _connects.Enqueue(StackControl.Now);
        }
    }

    private void Print(TopicReader reader, TradeLog log, string what, long since)
    {
        var now = StackControl.Now;
        reader.ReadUntil(_ => BinanceStack.Busy.Append(Beside).All(key => log.LastReceived(key) > now), TimeSpan.FromMinutes(5));
        var silence = BinanceStack.Busy.Max(key => log.LongestSilence(key, since).Length);
        var own = BinanceStack.Busy.Max(key => log.LongestSilenceBeside(key, Beside, since));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {what} in {(now - since) / 1e6:F0} s | longest silence {silence.TotalMilliseconds:F0} ms, of an untouched stream "
            + $"{log.LongestSilence(Beside, since).Length.TotalMilliseconds:F0} ms, where that was not silent too {own.TotalMilliseconds:F0} ms |"));
    }

    /// <summary>Once the exchange says nothing more, both sides have counted the same.</summary>
    private async Task AssertFiguresAsync(LocalStack stack, StackControl control, int connects)
    {
        await control.FaultAsync("""{"id":"F40","venue":"binance"}""");
        var (frames, sent) = (-1L, 0L);
        List<JsonNode?> connections = [];
        await Until.TrueAsync(
            async () =>
            {
                connections = [.. (await control.TranscriptAsync())["connections"]!.AsArray().Where(one => (string)one!["venue"]! == "binance")];
                sent = connections.Sum(one => (long)one!["messages"]!);
                frames = await stack.CounterAsync("pipeline.feed.frames", "binance");
                return frames == sent;
            },
            () => $"the exchange counted {sent} messages, the collector {frames}");
        var all = await stack.StatisticsAsync();
        var requests = all["counters"]!.AsArray()
            .Where(one => (string)one!["name"]! == "pipeline.feed.requests" && (string)one["detail"]! == "sent" && (string)one["tag"]! == "binance")
            .Sum(one => (long)one!["value"]!);
        var statistics = all["venues"]!.AsArray().Single(one => (string)one!["name"]! == "binance")!["connections"]!.AsArray();
        var taken = connections.Sum(one => (long)one!["requests"]!);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| figures | {frames} messages, {requests} requests; the exchange counted {sent} and {taken} on {connections.Count} connections |"));
        Assert.Equal(connects, connections.Count);
        Assert.Equal(taken, requests);
        Assert.Equal(frames, statistics.Sum(one => (long)one!["frames"]!));
        Assert.Equal(
            (await stack.ConnectionsAsync()).AsArray().Where(one => (string)one!["venue"]! == "binance").Sum(one => one!["streams"]!.AsArray().Count),
            statistics.Sum(one => (int)one!["streams"]!));
    }
}
