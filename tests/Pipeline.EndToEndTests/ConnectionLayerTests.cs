using Pipeline.EndToEndTests.Stack;
using Xunit.Abstractions;

namespace Pipeline.EndToEndTests;

/// <summary>Connections under trouble, as real processes: cut, closed, muted, held up; when that is noticed and mended is printed.</summary>
public sealed class ConnectionLayerTests(ITestOutputHelper output)
{
    private const int SigStop = 19;
    private const int SigContinue = 18;

    [Fact]
    public async Task Faults_AreNoticedAndMended_InTheTimesThatAreSaid()
    {
        await using var stack = new LocalStack(
            BinanceStack.Venue("BTC-USDT, ETH-USDT", "streamSilence: 1s, reconnectDelay: 250ms, maxReconnectDelay: 2s", "maxStreamsPerConnection: 2, batchDelay: 10ms"),
            BinanceStack.Markets,
            partitions: BinanceStack.Partitions,
            rest: true);
        var control = new StackControl(stack);
        using var reader = await BinanceStack.StartAsync(stack);
        var log = BinanceStack.Follow(reader);
        var began = StackControl.Now;
        reader.ReadUntil(_ => BinanceStack.Busy.All(key => log.Of(key).Count > 1000));
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
            reader.ReadUntil(_ => log.LastReceived(BinanceStack.Btc) > noticed + 200_000 && log.LastReceived(BinanceStack.Btc) > at, TimeSpan.FromSeconds(30));
            var back = TimeSpan.FromMicroseconds(Math.Max(0, log.LongestSilence(BinanceStack.Btc, at).End - at));
            Print($"| {title} | {detected.TotalSeconds:F2} s | {back.TotalSeconds:F2} s |");

            // Where the machine held a stream up, it has learned to be silent for longer, and is suspected later.
            var held = 3 * Machine.Held(began, StackControl.Now);
            Assert.True(detected < TimeSpan.FromSeconds(detectedWithin) + held, $"{title}: detected after {detected}; the machine held up {held / 3}");
            Assert.True(back < TimeSpan.FromSeconds(backWithin) + held, $"{title}: back after {back}; the machine held up {held / 3}");

            // Everything is as it was: both connections are open with all their streams, and a stall may be looked into anew.
            await Until.TrueAsync(async () => (await stack.ConnectionsAsync()).AsArray().Sum(one => one!["streams"]!.AsArray().Count) == 4
                && (await control.OpenAsync()).Count == 2);
            var steady = log.Count;
            reader.ReadUntil(_ => log.Count > steady + 1000);
        }

        // Before all that makes silences: from them a stream learns how silent it may be.
        await Try("F41 one stream stalls", """{"id":"F41",CONNECTION,"stream":"btcusdt@trade"}""", 6, 10);
        await Try("F05 closed with 1008", """{"id":"F05","count":1,CONNECTION,"parameters":{"meanTime":"100ms"}}""", 5, 6);
        await Try("F06 closed with 1001", """{"id":"F06",CONNECTION}""", 2, 5);
        await Try("F07 reset", """{"id":"F07",CONNECTION}""", 2, 5);
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
            BinanceStack.Venue("BTC-USDT", "", "batchDelay: 10ms"),
            $"{BinanceStack.Markets}\nokxListen: http://127.0.0.1:{port}",
            partitions: BinanceStack.Partitions,
            venues: $$"""
              okx:
                endpoints: {webSocket: "ws://127.0.0.1:{{port}}", rest: "http://127.0.0.1:{{port}}"}
                instruments: [BTC-USDT]
                channels: [trade, quote]
            """);
        var control = new StackControl(stack);
        using var reader = await BinanceStack.StartAsync(stack);
        var log = BinanceStack.Follow(reader);
        const string key = "okx:BTC-USDT";
        var began = StackControl.Now;
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
        var held = 3 * Machine.Held(began, StackControl.Now);
        Assert.True(detected < TimeSpan.FromSeconds(4) + held, $"detected after {detected}; the machine held up {held / 3}");
        Assert.True(back < TimeSpan.FromSeconds(8) + held, $"back after {back}; the machine held up {held / 3}");
        Assert.Empty(log.Faults);
    }

    [Fact]
    public async Task BrokerStopped_WhileTheEntranceIsFull_NobodyConnects()
    {
        // Two seconds of what comes fill the client's queue and the graph. PIPELINE_STANDSTILL makes it longer.
        var standstill = TimeSpan.FromSeconds(LongForm.Number("PIPELINE_STANDSTILL", 8));
        await using var stack = new LocalStack(
            BinanceStack.Venue("BTC-USDT, ETH-USDT", "pauseLimit: 1s, reconnectDelay: 250ms, maxReconnectDelay: 1s", "maxStreamsPerConnection: 2, batchDelay: 10ms"),
            BinanceStack.Markets.Replace("tradesPerSecond: 80", "tradesPerSecond: 2000", StringComparison.Ordinal).Replace("quotesPerSecond: 40", "quotesPerSecond: 2000", StringComparison.Ordinal),
            // What is looked at is the pause of the connections, not what comes when the partitions are given up.
            "candles: {intervals: [1m], live: []}\nrestart: {leaseTimeout: 10m}",
            partitions: BinanceStack.Partitions,
            // A client that gives up waiting for an answer asks again: the embedded broker, which knows no idempotence, would write twice.
            kafkaProperties: "queue.buffering.max.kbytes: 1024, request.timeout.ms: 300000, socket.timeout.ms: 300000");
        var control = new StackControl(stack);
        var broker = await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        var collector = await stack.StartCollectorAsync();
        using var reader = new TopicReader(stack.BootstrapServers, BinanceStack.Partitions, "md.trades");
        var log = BinanceStack.Follow(reader);
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
        reader.ReadUntil(_ => BinanceStack.Busy.All(key => log.LastReceived(key) > goesOn), TimeSpan.FromSeconds(60));
        var back = TimeSpan.FromMicroseconds(log.Of(BinanceStack.Btc).First(trade => trade.Received > goesOn).Received - goesOn);
        Print($"| broker stopped for {(standstill + closed).TotalSeconds:F0} s | closed after {closed.TotalSeconds:F1} s, {after - attempts} attempts while full, data {back.TotalSeconds:F1} s after it goes on |");
        Assert.Equal(attempts, after);
        Assert.Empty(log.Faults);
    }

    private void Print(string line) => output.WriteLine(line);
}
