using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Topology;
using Pipeline.Gateway.Candles;
using Pipeline.Gateway.History;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Security;
using Pipeline.History;
using Pipeline.TestKit.Time;

namespace Pipeline.Gateway.Tests.Candles;

/// <summary>The gateway's hub, its history and the candle service on a log in memory.</summary>
internal sealed class CandleStack : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pipeline-candles-");
    private readonly HistoryWriter? _writer;
    private readonly PipelineMetrics _metrics = new();

    public CandleStack(MemoryLog? log = null, bool hasHistory = true, CandleServiceOptions? options = null, string? defaultVenue = "binance", TimeSpan? releaseDelay = null, TimeProvider? time = null, SuspendedSessions? suspended = null, GatewayLimits? limits = null)
    {
        Log = log ?? new MemoryLog();
        if (log is null)
        {
            Log.AddInstrument("binance", "BTC-USDT", "BTCUSDT");
            Log.AddInstrument("binance", "BTC-USDT-PERP", "BTCUSDT_PERP", "perpetual", "0.5");
            Log.AddInstrument("okx", "BTC-USDT", "BTC-USDT");
            Log.AddInstrument("okx", "SOL-USDT", "SOL-USDT", priceStep: null);
        }

        var history = new HistoryOptions { Path = Path.Combine(_folder.FullName, "candles.db"), CommitInterval = TimeSpan.FromMilliseconds(5) };
        if (hasHistory)
        {
            Store = CandleStore.Open(history, TimeProvider.System);
            _writer = new HistoryWriter(Store, Log, history, TimeProvider.System, NullLogger<HistoryWriter>.Instance)
            {
                ReleaseDelay = releaseDelay ?? HistoryWriter.DefaultReleaseDelay,
            };
        }

        Service = new CandleService(options ?? new CandleServiceOptions(), Store, _writer, Outlet, time ?? Time, suspended: suspended);
        Hub = new GatewayHub(Log, new HubOptions { KeepCandles = hasHistory }, TimeProvider.System, _writer is null ? [Service] : [_writer, Service]);
        var candles = new HubCandles(Hub);
        Addresses = new AddressLimiter(int.MaxValue, limits ?? new GatewayLimits(), _metrics, time ?? Time);
        Service.Attach(candles, Hub.Instruments, Addresses, defaultVenue);
        Hub.Start();
        _writer?.Start(candles);
    }

    public MemoryLog Log { get; }

    public CandleStore? Store { get; }

    public HistoryWriter Writer => _writer!;

    public GatewayHub Hub { get; }

    public CandleService Service { get; }

    public AddressLimiter Addresses { get; }

    public PipelineMetrics Metrics => _metrics;

    public FakeKlineOutlet Outlet { get; } = new();

    /// <summary>The clock of sessions.</summary>
    public TestTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 6, 0, 0, 0, TimeSpan.Zero));

    /// <summary>Adds a candle where its instrument's candles lie.</summary>
    public void Add(CandleRecord candle) => Log.AddCandle(CandleRecord.PartitionOf(candle.Instrument, 2), candle);

    /// <summary>Waits until hub and history have read everything.</summary>
    public async Task SettleAsync()
    {
        for (var partition = 0; partition < 2; partition++)
        {
            var end = Log.EndOf(partition);
            var place = partition;
            await UntilAsync(async () => await Hub.AskAsync(view => view.IsCaughtUp && view.PositionOf(TopicKind.Candles, place) >= end));
            await UntilAsync(() => Task.FromResult(Store is null || Store.Position.NextOf(place) >= end));
        }
    }

    public (FakeKlineClient Client, KlineSession Session) Connect(string id = "c1", bool strings = false, IPAddress? address = null)
    {
        var client = new FakeKlineClient(id, Outlet, address);
        return (client, Service.Connect(client, strings));
    }

    public static async Task<JsonNode> SendAsync(KlineSession session, string name, string? json)
    {
        JsonElement? argument = json is null ? null : JsonDocument.Parse(json).RootElement;
        var answer = await session.HandleAsync(session.Client, name, argument);
        return JsonNode.Parse(answer.Span)!;
    }

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var limit = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(limit) < TimeSpan.FromSeconds(60), "It did not come about within a minute.");
            await Task.Delay(2);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }

        await Hub.DisposeAsync();
        Store?.Dispose();
        _metrics.Dispose();
        _folder.Delete(recursive: true);
    }
}
