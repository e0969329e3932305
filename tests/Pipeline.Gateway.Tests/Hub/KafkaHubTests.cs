using Pipeline.Core.Diagnostics;
using Pipeline.Core.Topology;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Security;
using Pipeline.Gateway.WebSockets;
using Pipeline.Gateway.WebSockets.Subscriptions;

namespace Pipeline.Gateway.Tests.Hub;

/// <summary>The hub with its threads against the embedded broker.</summary>
public sealed class KafkaHubTests
{
    private const string Btc = "binance:BTC-USDT";
    private const string Trades = $"{Btc}:trade";

    [Fact]
    public async Task Log_IsReadFromItsWindowOn_AndGoesOnAfterAnOutage()
    {
        await using var writer = LogWriter.Start();
        await writer.NameLogAsync("log-1");
        var log = new MemoryLog();
        WriteTrades(log, 100);
        log.Instrument("binance", "BTC-USDT", "BTCUSDT");
        await writer.WriteAsync(log);
        await using var gateway = Gateway.Start(writer, new HubOptions { ReplayRecords = 60 });
        var client = gateway.Connect();
        await client.SendAsync("""{"op":"subscribe","filters":{"symbols":["BINANCE:BTCUSDT"],"dataTypes":["trade"]},"resume":{"epoch":"log-1","streams":{"binance:BTC-USDT:trade":49}}}""");
        await client.UntilAsync(messages => messages.Count >= 51);
        Assert.True(client.Messages[0].GetProperty("recovered").GetBoolean());
        Assert.Equal(Enumerable.Range(50, 50), Seqs(client));

        await writer.DownAsync();
        await Gateway.UntilAsync(() => !gateway.Hub.IsConnected);
        writer.Up();
        var before = log.All.Count;
        WriteTrades(log, 10);
        await writer.WriteAsync(log, before);
        await client.UntilAsync(messages => messages.Count >= 61);

        Assert.Equal(Enumerable.Range(50, 60), Seqs(client));
        Assert.True(gateway.Hub.Counts.Disconnects >= 1);
        Assert.DoesNotContain(client.Messages, one => LiveClient.TypeOf(one) == "epoch");
        Assert.Equal("BTC-USDT", Assert.Single(gateway.Hub.Instruments.Find("BTC/USDT")).Info.Id);
        Assert.Equal(110, gateway.Hub.Positions.Where(one => one.Topic == TopicKind.Trades).Max(one => one.Position));

        // The broker's word, also while the hub does nothing.
        await Gateway.UntilAsync(() => gateway.Hub.Positions.Where(one => one.Topic == TopicKind.Trades).All(one => one.Lag == 0));
        using var goOn = new ManualResetEventSlim();
        var stuck = gateway.Hub.AskAsync(_ => goOn.Wait(TimeSpan.FromSeconds(30)));
        before = log.All.Count;
        WriteTrades(log, 7);
        await writer.WriteAsync(log, before);
        await Gateway.UntilAsync(() => gateway.Hub.Positions.Where(one => one.Topic == TopicKind.Trades).Max(one => one.Lag) == 7);
        goOn.Set();
        Assert.True(await stuck);
        await Gateway.UntilAsync(() => gateway.Hub.Positions.Where(one => one.Topic == TopicKind.Trades).Max(one => one.Lag) == 0);
        await writer.DownAsync();
        await Gateway.UntilAsync(() => gateway.Hub.Positions.All(one => one.End is null && one.Lag is null));
    }

    [Fact]
    public async Task AnotherBroker_IsAnotherLog()
    {
        var writer = LogWriter.Start();
        await writer.NameLogAsync("log-1");
        var log = new MemoryLog();
        WriteTrades(log, 5);
        await writer.WriteAsync(log);
        await using var gateway = Gateway.Start(writer, new HubOptions());
        var client = gateway.Connect();
        await client.SendAsync("""{"op":"subscribe","filters":{"dataTypes":["trade"]}}""");
        await client.UntilAsync(messages => messages.Count >= 2);
        var port = writer.Port;
        await writer.DisposeAsync();

        // The new log is longer than the old one was: the position alone does not tell.
        await using var next = LogWriter.Start(port);
        var other = new MemoryLog();
        WriteTrades(other, 20);
        await next.WriteAsync(other);
        await next.NameLogAsync("log-2");
        await client.UntilAsync(messages => messages.Any(one => LiveClient.TypeOf(one) == "epoch"));
        await client.UntilAsync(messages => LiveClient.TypeOf(messages[^1]) == "data");
        var before = other.All.Count;
        WriteTrades(other, 3);
        await next.WriteAsync(other, before);
        await client.UntilAsync(messages => messages[^1].TryGetProperty("seq", out var seq) && seq.GetInt32() == 22);

        // After the notice nothing of the old log comes, and the row has no hole.
        var messages = client.Messages.SkipWhile(one => LiveClient.TypeOf(one) != "epoch").ToList();
        Assert.Equal("log-2", messages[0].GetProperty("epoch").GetString());
        Assert.All(messages.Skip(1), one => Assert.Equal("log-2", one.GetProperty("epoch").GetString()));
        Assert.True(messages[1].GetProperty("snapshot").GetBoolean());
        Assert.Equal(
            Enumerable.Range(messages[1].GetProperty("seq").GetInt32(), messages.Count - 1),
            messages.Skip(1).Select(one => one.GetProperty("seq").GetInt32()));
    }

    [Fact]
    public async Task WriterThatLostItsPartition_IsLeftOutAndCounted()
    {
        await using var writer = LogWriter.Start();
        await writer.NameLogAsync("log-1");
        var log = new MemoryLog();
        foreach (var (id, epoch) in new[] { (1, 5), (2, 7), (3, 5), (4, 7) })
        {
            log.Write(TopicKind.Trades, Btc, Btc, $$"""{"id":{{id}}}""", epoch);
        }

        await writer.WriteAsync(log);
        await using var gateway = Gateway.Start(writer, new HubOptions());
        var client = gateway.Connect();
        await client.SendAsync("""{"op":"subscribe","resume":{"epoch":"log-1","streams":{"binance:BTC-USDT:trade":-1}}}""");
        await client.UntilAsync(messages => messages.Count >= 4);
        Assert.Equal(["1", "2", "4"], client.Data.Select(one => one.GetProperty("data").GetProperty("id").GetRawText()));
        Assert.Equal(1, gateway.Hub.Counts.Stale);
    }

    private static void WriteTrades(MemoryLog log, int count)
    {
        for (var i = 0; i < count; i++)
        {
            log.Trade(Btc, i);
        }
    }

    private static IEnumerable<int> Seqs(LiveClient client) =>
        client.Data.Where(one => one.GetProperty("stream").GetString() == Trades).Select(one => one.GetProperty("seq").GetInt32());

    private sealed class Gateway : IAsyncDisposable
    {
        private readonly WebSocketProtocol _protocol;
        private readonly PipelineMetrics _metrics = new();

        private Gateway(LogWriter writer, HubOptions options)
        {
            var desk = new SubscriberDesk();
            Hub = new GatewayHub(new KafkaRecordSource(writer.Options, options, TimeProvider.System), options, TimeProvider.System, workers: [desk]);
            _protocol = new WebSocketProtocol(
                Hub, desk, new SessionOptions(), new AddressLimiter(int.MaxValue, new GatewayLimits(), _metrics, TimeProvider.System), TimeProvider.System);
            Hub.Start();
        }

        public GatewayHub Hub { get; }

        public static Gateway Start(LogWriter writer, HubOptions options) => new(writer, options);

        public LiveClient Connect() => new(_protocol);

        public static async Task UntilAsync(Func<bool> holds)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (!holds())
            {
                await Task.Delay(20, limit.Token);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Hub.DisposeAsync();
            _metrics.Dispose();
        }
    }
}
