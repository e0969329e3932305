using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;
using Xunit.Abstractions;

namespace Pipeline.EndToEndTests;

/// <summary>Connections under trouble, as real processes: replaced, told to go, cut, muted, stopped; what it costs is printed.</summary>
public sealed class ConnectionLayerTests(ITestOutputHelper output)
{
    private const int Partitions = 4;
    private const int SigStop = 19;
    private const int SigContinue = 18;

    private const string Btc = "binance:BTC-USDT";

    private static readonly string[] Busy = [Btc, "binance:ETH-USDT"];

    /// <summary>Two busy pairs, and one that trades about once an hour.</summary>
    private const string Markets = """
        tradesPerSecond: 80
        quotesPerSecond: 40
        symbols:
          BTC-USDT: {price: 91234.56, priceStep: 0.01, quantityStep: 0.00001}
          ETH-USDT: {price: 3120.10, priceStep: 0.01, quantityStep: 0.0001}
          SOL-USDT: {price: 150.10, priceStep: 0.01, quantityStep: 0.001, tradesPerSecond: 0.0003, quotesPerSecond: 0}
        """;

    [Fact]
    public async Task HundredRotationsAndNotices_UnderLoad_LoseNothing_AndTheFiguresAreTheExchanges()
    {
        // Three connections. The silent pair proves nothing, so every rotation lasts at least the overlap's time. Stalls are not the
        // subject: the exchange is muted at the end to compare figures at rest.
        await using var stack = new LocalStack(
            Venue("BTC-USDT, ETH-USDT, SOL-USDT", "overlapTimeout: 100ms, stallTimeout: 30s", "maxStreamsPerConnection: 2, batchDelay: 1ms"),
            Markets,
            partitions: Partitions);
        var control = new StackControl(stack);
        using var reader = await StartAsync(stack);
        var log = Follow(reader);
        reader.ReadUntil(_ => Busy.All(key => log.Of(key).Count > 500));
        var since = StackControl.Now;

        var rotated = 0;
        for (; rotated < 100; rotated += 3)
        {
            var outcomes = await control.RotateAsync("binance");
            Assert.Equal(3, outcomes!["outcomes"]!.AsArray().Count);
            Assert.All(outcomes["outcomes"]!.AsArray(), outcome => Assert.True((bool)outcome!["done"]!, outcome.ToJsonString()));
        }

        var rotatedFor = TimeSpan.FromMicroseconds(StackControl.Now - since);
        var byRotation = Busy.Max(key => SilenceOf(reader, log, key, since));

        // The exchange tells all connections at once that it will close them.
        var told = StackControl.Now;
        for (var i = 0; i < 3; i++)
        {
            var old = await control.OpenAsync();
            await control.FaultAsync("""{"id":"F09","venue":"binance","parameters":{"closeAfter":"4s"}}""");
            await Until.TrueAsync(async () => await control.OpenAsync() is { Count: 3 } now && !now.Intersect(old).Any());
        }

        var byNotice = Busy.Max(key => SilenceOf(reader, log, key, told));
        Print($"| {rotated} rotations in {rotatedFor.TotalSeconds:F0} s | longest silence {byRotation.TotalMilliseconds:F0} ms |");
        Print($"| 3 notices to 3 connections | longest silence {byNotice.TotalMilliseconds:F0} ms |");
        await AssertIsTheTruthAsync(stack, reader, log);
        Assert.True(byRotation < TimeSpan.FromMilliseconds(500), $"silent for {byRotation} by a rotation");
        Assert.True(byNotice < TimeSpan.FromMilliseconds(500), $"silent for {byNotice} by a notice");
        Assert.Equal(0, await stack.CounterAsync("pipeline.sequence.holes"));
        await AssertFiguresAsync(stack, control, connects: 3 + rotated + 9);
    }

    [Fact]
    public async Task Faults_AreNoticedAndMended_InTheTimesThatAreSaid()
    {
        await using var stack = new LocalStack(
            Venue("BTC-USDT, ETH-USDT", "streamSilence: 1s, reconnectDelay: 250ms, maxReconnectDelay: 2s", "maxStreamsPerConnection: 2, batchDelay: 10ms"),
            Markets,
            partitions: Partitions,
            rest: true);
        var control = new StackControl(stack);
        using var reader = await StartAsync(stack);
        var log = Follow(reader);
        reader.ReadUntil(_ => Busy.All(key => log.Of(key).Count > 1000));
        Print("| Fault | detected after | data back after |");
        Print("|---|---|---|");

        async Task Try(string title, string fault, double detectedWithin, double backWithin, bool cutsFirst = false)
        {
            var id = (await control.OpenAsync(stream: "btcusdt@trade"))[0];
            var before = await control.ActionsAsync();
            var at = StackControl.Now;
            await control.FaultAsync(fault.Replace("CONNECTION", $"\"connection\":{id}", StringComparison.Ordinal));
            if (cutsFirst)
            {
                await stack.PostAsync($"/connections/{id}/abort");
                await Until.TrueAsync(async () =>
                    await control.ActionsAsync() is var now && now.Attempts > before.Attempts && now.Requests > before.Requests);
                before = await control.ActionsAsync();
                at = StackControl.Now;
            }

            await Until.TrueAsync(async () => await control.ActionsAsync() != before, () => $"{title} is noticed");
            var detected = TimeSpan.FromMicroseconds(StackControl.Now - at);
            await control.EndFaultsAsync();
            var noticed = StackControl.Now;
            reader.ReadUntil(_ => log.LastReceived(Btc) > noticed + 200_000 && log.LastReceived(Btc) > at, TimeSpan.FromSeconds(30));
            var back = TimeSpan.FromMicroseconds(Math.Max(0, log.LongestSilence(Btc, at).End - at));
            Print($"| {title} | {detected.TotalSeconds:F2} s | {back.TotalSeconds:F2} s |");
            Assert.True(detected < TimeSpan.FromSeconds(detectedWithin), $"{title}: detected after {detected}");
            Assert.True(back < TimeSpan.FromSeconds(backWithin), $"{title}: back after {back}");

            // Everything is as it was: both connections are open with all their streams, and a stall may be looked into anew.
            await Until.TrueAsync(async () => (await stack.ConnectionsAsync()).AsArray().Sum(one => one!["streams"]!.AsArray().Count) == 4
                && (await control.OpenAsync()).Count == 2);
            var steady = log.Count;
            reader.ReadUntil(_ => log.Count > steady + 1000);
        }

        // Before all that makes silences: from them a stream learns how silent it may be.
        await Try("F41 one stream stalls", """{"id":"F41",CONNECTION,"stream":"btcusdt@trade"}""", 6, 10);
        await Try("F05 closed with 1008", """{"id":"F05","count":1,CONNECTION,"parameters":{"meanTime":"100ms"}}""", 5, 6);
        await Try("F06 closed with 1001", """{"id":"F06",CONNECTION}""", 1, 3);
        await Try("F07 reset", """{"id":"F07",CONNECTION}""", 1, 3);
        await Try("F07 black hole", """{"id":"F07",CONNECTION,"parameters":{"mode":"blackHole"}}""", 4, 8);
        await Try("F40 silent stall", """{"id":"F40",CONNECTION}""", 4, 8);
        await Try("F20 ack without data", """{"id":"F20","venue":"binance"}""", 8, 10, cutsFirst: true);
        await Try("F22 request swallowed", """{"id":"F22","venue":"binance","count":1}""", 12, 14, cutsFirst: true);
        Assert.Empty(log.Faults);
    }

    [Fact]
    public async Task F12_OnOkx_MutePongIsBorne_MuteDataIsMended()
    {
        var port = FreePort.Next();
        await using var stack = new LocalStack(
            Venue("BTC-USDT", "", "batchDelay: 10ms"),
            $"{Markets}\nokxListen: http://127.0.0.1:{port}",
            partitions: Partitions,
            venues: $$"""
              okx:
                endpoints: {webSocket: "ws://127.0.0.1:{{port}}", rest: "http://127.0.0.1:{{port}}"}
                instruments: [BTC-USDT]
                channels: [trade, quote]
            """);
        var control = new StackControl(stack);
        using var reader = await StartAsync(stack);
        var log = Follow(reader);
        const string key = "okx:BTC-USDT";
        reader.ReadUntil(_ => log.Of(key).Count > 1000);

        var open = await control.OpenAsync("okx");
        await control.FaultAsync("""{"id":"F12","venue":"okx","parameters":{"mute":"pong"}}""");
        var muted = log.Of(key).Count;
        reader.ReadUntil(_ => log.Of(key).Count > muted + 1000);
        Assert.Equal(open, await control.OpenAsync("okx"));
        await control.EndFaultsAsync();

        var before = await control.ActionsAsync();
        var at = StackControl.Now;
        foreach (var id in open)
        {
            await control.FaultAsync($$$"""{"id":"F12","connection":{{{id}}},"parameters":{"mute":"data"}}""");
        }

        await Until.TrueAsync(async () => (await control.ActionsAsync()).Attempts > before.Attempts);
        var detected = TimeSpan.FromMicroseconds(StackControl.Now - at);
        var noticed = StackControl.Now;
        reader.ReadUntil(_ => log.LastReceived(key) > noticed + 200_000, TimeSpan.FromSeconds(30));
        var back = TimeSpan.FromMicroseconds(log.LongestSilence(key, at).End - at);
        Print($"| F12 data muted | {detected.TotalSeconds:F2} s | {back.TotalSeconds:F2} s |");
        Assert.True(detected < TimeSpan.FromSeconds(4), $"detected after {detected}");
        Assert.True(back < TimeSpan.FromSeconds(8), $"back after {back}");
        Assert.Empty(log.Faults);
    }

    [Fact]
    public async Task ExchangeKilled_For1And30Seconds_IsFoundAgain_WithTheTopologyThatWasEditedMeanwhile()
    {
        await using var stack = new LocalStack(
            Venue("BTC-USDT", "reconnectDelay: 250ms, maxReconnectDelay: 2s", "batchDelay: 10ms"), Markets, partitions: Partitions);
        var control = new StackControl(stack);
        await stack.StartBrokerAsync();
        var simulator = await stack.StartSimulatorAsync();
        var collector = await stack.StartCollectorAsync();
        using var reader = new TopicReader(stack.BootstrapServers, Partitions, "md.trades");
        var log = Follow(reader);
        reader.ReadUntil(_ => log.Of(Btc).Count > 500);
        foreach (var seconds in new[] { 1, 30 })
        {
            var connects = await stack.CounterAsync("pipeline.feed.connects");
            var disconnects = await stack.CounterAsync("pipeline.feed.disconnects");
            simulator.Signal(PipelineProcess.SigKill);
            await simulator.WaitForExitAsync();
            var gone = StackControl.Now;
            if (seconds == 30)
            {
                // Ids begin anew above those of before, as the exchange counts them by its clock: nothing is taken for a copy.
                var topology = await File.ReadAllTextAsync(stack.TopologyPath);
                await File.WriteAllTextAsync(
                    stack.TopologyPath, topology.Replace("instruments: [BTC-USDT]", "instruments: [BTC-USDT, ETH-USDT]", StringComparison.Ordinal));
                await control.ReloadAsync();
            }

            await Task.Delay(TimeSpan.FromMicroseconds(Math.Max(0, (seconds * 1_000_000) - (StackControl.Now - gone))));
            simulator = await stack.StartSimulatorAsync();
            var there = StackControl.Now;
            reader.ReadUntil(_ => log.LastReceived(Btc) > there, TimeSpan.FromSeconds(20));
            var back = TimeSpan.FromMicroseconds(log.Of(Btc).First(trade => trade.Received > gone + 500_000).Received - there);
            if (seconds == 30)
            {
                // It has a back-off of its own.
                reader.ReadUntil(_ => log.Of("binance:ETH-USDT").Count > 0, TimeSpan.FromSeconds(20));
            }

            var (attempts, _) = await control.ActionsAsync();
            Print($"| exchange killed for {seconds} s | data {back.TotalSeconds:F2} s after it is there again, {attempts} attempts that it saw |");
            Assert.True(back < TimeSpan.FromSeconds(5), $"back after {back}");

            // What is wished for while a connection is down goes to one of its own.
            var more = seconds == 30 ? 2 : 1;
            Assert.Equal((connects + more, disconnects + 1), (await stack.CounterAsync("pipeline.feed.connects"), await stack.CounterAsync("pipeline.feed.disconnects")));
            Assert.Equal(more, attempts);
        }

        reader.ReadUntil(_ => log.Of("binance:ETH-USDT").Count > 100, TimeSpan.FromSeconds(20));
        Assert.Empty(log.Faults);
        Assert.False(collector.HasExited);
    }

    [Fact]
    public async Task BrokerStopped_WhileTheEntranceIsFull_NobodyConnects()
    {
        // Two seconds of what comes fill the client's queue and the graph. PIPELINE_STANDSTILL makes it longer.
        var standstill = TimeSpan.FromSeconds(
            double.Parse(Environment.GetEnvironmentVariable("PIPELINE_STANDSTILL") ?? "8", CultureInfo.InvariantCulture));
        await using var stack = new LocalStack(
            Venue("BTC-USDT, ETH-USDT", "pauseLimit: 1s, reconnectDelay: 250ms, maxReconnectDelay: 1s", "maxStreamsPerConnection: 2, batchDelay: 10ms"),
            Markets.Replace("tradesPerSecond: 80", "tradesPerSecond: 2000", StringComparison.Ordinal).Replace("quotesPerSecond: 40", "quotesPerSecond: 2000", StringComparison.Ordinal),
            "candles: {intervals: [1m], live: []}",
            partitions: Partitions,
            kafkaProperties: "queue.buffering.max.kbytes: 1024");
        var control = new StackControl(stack);
        var broker = await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        var collector = await stack.StartCollectorAsync();
        using var reader = new TopicReader(stack.BootstrapServers, Partitions, "md.trades");
        var log = Follow(reader);
        reader.ReadUntil(_ => log.Count > 5000);

        broker.Signal(SigStop);
        var stopped = StackControl.Now;
        await Until.TrueAsync(async () => (await control.OpenAsync()).Count == 0, () => collector.Output);
        var closed = TimeSpan.FromMicroseconds(StackControl.Now - stopped);
        var (attempts, _) = await control.ActionsAsync();
        await Task.Delay(standstill);
        var (after, _) = await control.ActionsAsync();
        broker.Signal(SigContinue);
        var goesOn = StackControl.Now;
        reader.ReadUntil(_ => Busy.All(key => log.LastReceived(key) > goesOn), TimeSpan.FromSeconds(60));
        var back = TimeSpan.FromMicroseconds(log.Of(Btc).First(trade => trade.Received > goesOn).Received - goesOn);
        Print($"| broker stopped for {(standstill + closed).TotalSeconds:F0} s | closed after {closed.TotalSeconds:F1} s, {after - attempts} attempts while full, data {back.TotalSeconds:F1} s after it goes on |");
        Assert.Equal(attempts, after);
        Assert.Empty(log.Faults);
    }

    private static string Venue(string instruments, string webSocket, string pool) => $$"""
        instruments: [{{instruments}}]
        channels: [trade, quote]
        tradeSource: trade
        websocket: {{{webSocket}}}
        pool: {{{pool}}}
        """;

    private static async Task<TopicReader> StartAsync(LocalStack stack)
    {
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        await stack.StartCollectorAsync();
        return new TopicReader(stack.BootstrapServers, Partitions, "md.trades");
    }

    private static TradeLog Follow(TopicReader reader)
    {
        var log = new TradeLog();
        reader.Sink = log.Add;
        return log;
    }

    private static TimeSpan SilenceOf(TopicReader reader, TradeLog log, string key, long since)
    {
        var now = StackControl.Now;
        reader.ReadUntil(_ => log.LastReceived(key) > now);
        return log.LongestSilence(key, since).Length;
    }

    /// <summary>Every trade that the exchange made since the first that was read is on the topic once, and equal.</summary>
    private static async Task AssertIsTheTruthAsync(LocalStack stack, TopicReader reader, TradeLog log)
    {
        var last = await stack.LastTradeIdsAsync();
        reader.ReadUntil(_ => Busy.All(key => log.Last(key) >= last[key]));
        Assert.Empty(log.Faults);
        foreach (var key in Busy)
        {
            Assert.Equal(0, log.Missing(key));
            var symbol = key.Replace("binance:", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
            var truth = await stack.TruthAsync("binance", symbol, log.Of(key)[0].Id);
            var made = truth.Select(trade => (long)trade!["id"]!).Where(id => id <= last[key]);
            Assert.Equal(made, log.Of(key).Select(trade => trade.Id).Where(id => id <= last[key]).Take(100_000));
        }
    }

    /// <summary>Once the exchange says nothing more, both sides have counted the same.</summary>
    private async Task AssertFiguresAsync(LocalStack stack, StackControl control, int connects)
    {
        await control.FaultAsync("""{"id":"F40","venue":"binance"}""");
        var frames = -1L;
        await Until.TrueAsync(async () =>
        {
            var before = frames;
            frames = await stack.CounterAsync("pipeline.feed.frames");
            await Task.Delay(200);
            return frames == before;
        });
        var transcript = await control.TranscriptAsync();
        var connections = transcript["connections"]!.AsArray();
        var requests = (await stack.StatisticsAsync())["counters"]!.AsArray()
            .Where(one => (string)one!["name"]! == "pipeline.feed.requests" && (string)one["detail"]! == "sent").Sum(one => (long)one!["value"]!);
        var statistics = (await stack.StatisticsAsync())["venues"]![0]!["connections"]!.AsArray();
        Print($"| figures | {frames} messages, {requests} requests, {connections.Count} connections; the exchange counted {connections.Sum(one => (long)one!["messages"]!)}, {connections.Sum(one => (long)one!["requests"]!)}, {transcript["opened"]} |");
        Assert.Equal(connects, connections.Count);
        Assert.Equal(connects, (int)transcript["attempts"]!);
        Assert.Equal(connections.Sum(one => (long)one!["messages"]!), frames);
        Assert.Equal(connections.Sum(one => (long)one!["requests"]!), requests);
        Assert.Equal(frames, statistics.Sum(one => (long)one!["frames"]!));
        Assert.Equal((await stack.ConnectionsAsync()).AsArray().Sum(one => one!["streams"]!.AsArray().Count), statistics.Sum(one => (int)one!["streams"]!));
    }

    private void Print(string line) => output.WriteLine(line);
}
