using Pipeline.EndToEndTests.Stack;
using Pipeline.TestKit;

namespace Pipeline.EndToEndTests.Metrics;

/// <summary>Everything that the rules warn of is caused, and a real Prometheus that scrapes the real processes says so.</summary>
[Collection(Measured.Name)]
public sealed class AlertTests : IAsyncLifetime
{
    private const string Venue = """
        instruments: [BTC-USDT, ETH-USDT]
        channels: [trade, quote, book, venueCandle]
        venueCandleIntervals: [1s]
        tradeSource: trade
        websocket: {reconnectDelay: 100ms, maxReconnectDelay: 1s}
        """;

    private const string Simulator = """
        tradesPerSecond: 40
        quotesPerSecond: 40
        symbols:
          BTC-USDT: {price: 91234.56, priceStep: 0.01, quantityStep: 0.00001}
          ETH-USDT: {price: 3120.10, priceStep: 0.01, quantityStep: 0.0001}
        """;

    // Latency depends on what else the machine does: it is not asked whether it was good before it is made bad.
    private static readonly string[] OfTheMachine = ["PipelineGatewayLatencyHigh", "PipelineGatewayLatencyCritical"];

    // What a gateway that keeps up does not show.
    private static readonly string[] OfASlowGateway = ["PipelineConsumerLag", "PipelineGatewayNotReady", "PipelineMemoryHigh"];

    private readonly int _port = FreePort.Next();
    private readonly int _slowPort = FreePort.Next();
    private readonly PrometheusServer _prometheus = PrometheusServer.Make();
    private readonly LocalStack _stack;
    private readonly StackControl _control;
    private readonly List<GatewayClient> _clients = [];
    private PipelineProcess? _slow;

    public AlertTests()
    {
        _stack = MakeStack(_port);
        _control = new StackControl(_stack);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        if (_slow is not null)
        {
            await _slow.DisposeAsync();
        }

        await _prometheus.DisposeAsync();
        await _stack.DisposeAsync();
    }

    [Fact]
    public async Task EachAlert_Fires_WhenWhatItWarnsOfHappens()
    {
        var broker = await _stack.StartBrokerAsync();
        await _stack.StartSimulatorAsync();
        var collector = await _stack.StartCollectorAsync();
        var gateway = await _stack.StartGatewayAsync(_port);
        await _prometheus.StartAsync(
            _stack.CollectorUri, [new Uri($"http://127.0.0.1:{_port}")], ("pipeline_gateway_consumer_lag) > 5000", "pipeline_gateway_consumer_lag) > 50"));
        await Until.TrueAsync(async () => await _prometheus.QueryAsync("pipeline_gateway_records_total > 100") is { Count: 1 });
        await Until.TrueAsync(async () => await _prometheus.QueryAsync("pipeline_streams{state=\"fresh\"} >= 6") is { Count: 1 });
        await Until.TrueAsync(async () => !(await _prometheus.FiringAsync()).Except(OfTheMachine).Any());

        await ErrorsAndConnectionsAsync();
        await LatencyAsync(broker);
        await CheckTextAsync(_stack.CollectorUri);
        await CheckTextAsync(new Uri($"http://127.0.0.1:{_port}"));
        await WrongCandleAsync();
        await ClockAsync();
        await GapAsync();
        await ReconnectsAsync();
        await ClosedAndStaleAsync(collector, broker);
        await BrokerStandsStillAsync(broker);
        collector.Signal(PipelineProcess.SigKill);
        gateway.Signal(PipelineProcess.SigKill);
        await _prometheus.FireAsync("PipelineCollectorDown", "PipelineGatewayDown");

        // All that the shipped rules have, but for what the other test makes fire.
        Assert.Superset(OfASlowGateway.ToHashSet(), _prometheus.Alerts.ToHashSet());
        Assert.Empty(_prometheus.Alerts.Except(OfASlowGateway).Except(_prometheus.Fired));
    }

    /// <summary>A gateway that may hardly read, with hardly any memory.</summary>
    [Fact]
    public async Task SlowGateway_LagsIsNotReadyAndIsShortOfMemory()
    {
        await _stack.StartBrokerAsync();
        await _stack.StartSimulatorAsync();
        await _stack.StartCollectorAsync();
        using (var reader = new TopicReader(_stack.BootstrapServers, 4, "md.trades", "md.quotes"))
        {
            reader.ReadUntil(all => all.Records.Count >= 2_000);
        }

        var topology = (await File.ReadAllTextAsync(_stack.TopologyPath))
            .Replace("properties: {}", "properties: {queued.min.messages: 1, fetch.message.max.bytes: 1, fetch.queue.backoff.ms: 1000}", StringComparison.Ordinal)
            .Replace($"127.0.0.1:{_port}\", maxConnections: 3", $"127.0.0.1:{_slowPort}\", memoryLimit: 64MiB", StringComparison.Ordinal);
        Assert.Contains("memoryLimit", topology, StringComparison.Ordinal);
        Assert.Contains("queued.min", topology, StringComparison.Ordinal);
        var path = Path.Combine(Path.GetDirectoryName(_stack.TopologyPath)!, "slow.yaml");
        await File.WriteAllTextAsync(path, topology);
        _slow = PipelineProcess.Start("gateway", "--topology", path);
        await _prometheus.StartAsync(
            _stack.CollectorUri, [new Uri($"http://127.0.0.1:{_slowPort}")], ("pipeline_gateway_consumer_lag) > 5000", "pipeline_gateway_consumer_lag) > 50"));

        await _prometheus.FireAsync(OfASlowGateway);

        // Slow is not gone; one look that came late is no verdict.
        await Until.TrueAsync(async () => !(await _prometheus.FiringAsync()).Contains("PipelineGatewayDown"));
    }

    private static LocalStack MakeStack(int port) => new(
        Venue,
        Simulator,
        rest: true,
        more: $$"""
            gateway: {listen: "http://127.0.0.1:{{port}}", maxConnections: 3}
            candles: {listen: "http://127.0.0.1:{{FreePort.Next()}}"}
            history: {path: "FOLDER/candles.db"}
            audit: {enabled: true, interval: 1m, patience: 1s}
            """);

    private static async Task CheckTextAsync(Uri process)
    {
        await using var tool = PipelineProcess.Start(
            "/bin/bash", ["-c", $"set -o pipefail; curl -sf {process}metrics | promtool check metrics"], Fixture.RepositoryRoot);

        Assert.True(await tool.WaitForExitAsync() == 0, tool.Output);
        Assert.Empty(tool.Output);
    }

    private async Task ErrorsAndConnectionsAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            _clients.Add(await GatewayClient.ConnectAsync(_port));
        }

        await _clients[0].SendAsync("""
            {"op":"subscribe","id":"1","filterId":"f1","filters":{"exchange":["binance"],"dataTypes":["trade","quote"]}}
            """);
        Assert.Equal("ack", (string)(await _clients[0].AnswerAsync("1"))["type"]!);
        await _clients[1].SendAsync("""{"op":"subscribe","id":"1","filterId":"f1","filters":{"exchange":["binance"]}}""");
        for (var i = 0; i < 5; i++)
        {
            await _clients[2].SendAsync("{\"op\":\"nonsense\"}");
        }

        await _prometheus.FireAsync("PipelineGatewayErrorsHigh", "PipelineGatewayErrorsCritical", "PipelineGatewayConnectionsHigh");
    }

    /// <summary>The broker stumbles on and on.</summary>
    private async Task LatencyAsync(PipelineProcess broker)
    {
        using var ended = new CancellationTokenSource();
        var stumbling = StumbleAsync(broker, ended.Token);
        await _prometheus.FireAsync("PipelineGatewayLatencyHigh", "PipelineGatewayLatencyCritical");
        await ended.CancelAsync();
        await stumbling;
    }

    private static async Task StumbleAsync(PipelineProcess broker, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            broker.Signal(PipelineProcess.SigStop);
            await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
            broker.Signal(PipelineProcess.SigContinue);
            await Task.Delay(TimeSpan.FromMilliseconds(300), CancellationToken.None);
        }
    }

    private async Task WrongCandleAsync()
    {
        await _control.FaultAsync("""{"id":"F70","venue":"binance","parameters":{"field":"volume","interval":"1s"}}""");
        await _prometheus.FireAsync("PipelineAuditMismatch");
    }

    private async Task ClockAsync()
    {
        await _control.FaultAsync("""{"id":"F68","venue":"binance","parameters":{"milliseconds":"3000"}}""");
        await _prometheus.FireAsync("PipelineClockSkew");
        await _control.EndFaultsAsync();
    }

    private async Task GapAsync()
    {
        await _control.FaultAsync("""{"id":"F45","venue":"binance","parameters":{"status":"500","path":"*trades*"}}""");
        await _control.FaultAsync("""{"id":"F41","venue":"binance","stream":"btcusdt@trade","count":5}""");
        await _prometheus.FireAsync("PipelineGapsOpen");
        await _control.EndFaultsAsync();
    }

    private async Task ReconnectsAsync()
    {
        while (!(await _prometheus.FiringAsync()).Contains("PipelineReconnectsFrequent"))
        {
            var before = await _stack.CounterAsync("pipeline.ws.reconnects");
            foreach (var id in await _control.OpenAsync())
            {
                await _stack.PostAsync($"/connections/{id}/abort");
            }

            await Until.TrueAsync(async () => await _stack.CounterAsync("pipeline.ws.reconnects") > before);
        }

        await _prometheus.FireAsync("PipelineReconnectsFrequent");
    }

    private async Task ClosedAndStaleAsync(PipelineProcess collector, PipelineProcess broker)
    {
        await _control.FaultAsync("""{"id":"F15","venue":"binance","parameters":{"status":"503"}}""");
        foreach (var id in await _control.OpenAsync())
        {
            await _stack.PostAsync($"/connections/{id}/abort");
        }

        await _prometheus.FireAsync("PipelineConnectionsClosed", "PipelineStreamsStale");
        await _control.EndFaultsAsync();
        await Until.TrueAsync(async () => await _prometheus.QueryAsync("pipeline_streams{state=\"fresh\"} >= 6") is { Count: 1 }, () => $"{collector.Output}\nbroker{(broker.HasExited ? " ended" : "")}: {broker.Output}");
    }

    private async Task BrokerStandsStillAsync(PipelineProcess broker)
    {
        broker.Signal(PipelineProcess.SigStop);
        await _prometheus.FireAsync("PipelineKafkaNotAcknowledging");
        broker.Signal(PipelineProcess.SigContinue);
    }
}
