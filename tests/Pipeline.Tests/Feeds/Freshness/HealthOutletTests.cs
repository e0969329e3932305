using System.Reactive.Subjects;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Freshness;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Feeds.Freshness;

public sealed class HealthOutletTests : IDisposable
{
    private static readonly Instrument Bitcoin = new(0, "binance", "BTC-USDT", "BTCUSDT");

    private readonly PipelineMetrics _metrics = new();
    private readonly Subject<StreamHealth> _changes = new();
    private readonly List<(string DataType, string Reason)> _told = [];
    private readonly HealthOutlet _sut;
    private TaskCompletionSource<bool>? _room;

    public HealthOutletTests() => _sut = new HealthOutlet("binance", _changes, TellAsync, _metrics);

    public void Dispose()
    {
        _sut.Dispose();
        _changes.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public void Changes_ThereIsRoom_AreToldInOrder()
    {
        Change("trade", "first-data");
        Change("quote", "first-data");
        Change("trade", "late");
        Assert.Equal([("trade", "first-data"), ("quote", "first-data"), ("trade", "late")], _told);
    }

    [Fact]
    public void Changes_NoRoom_NewestOfEachStreamWaits()
    {
        _room = new TaskCompletionSource<bool>();
        Change("trade", "1");
        for (var i = 2; i <= 100; i++)
        {
            Change("quote", $"{i}");
            Change("trade", $"{i}");
        }

        var gauge = _metrics.Queues.Single(queue => queue.Name == "health binance");
        Assert.Equal(2, gauge.Length());
        var room = _room;
        _room = null;
        room.SetResult(true);
        Assert.Equal([("trade", "1"), ("quote", "100"), ("trade", "100")], _told);
        Assert.Equal(0, gauge.Length());
    }

    [Fact]
    public void Changes_NothingIsTakenAnyMore_AreCounted()
    {
        _room = new TaskCompletionSource<bool>();
        Change("trade", "1");
        _room.SetResult(false);
        Assert.Equal(1, _metrics.Snapshot().Single(sample => sample is { Name: "pipeline.graph.dropped", Detail: "graph-ended" }).Value);
    }

    private Task<bool> TellAsync(StreamHealth health, CancellationToken cancellation)
    {
        _told.Add((health.DataType, health.Reason));
        return _room?.Task ?? Task.FromResult(true);
    }

    private void Change(string dataType, string reason) =>
        _changes.OnNext(new StreamHealth(Bitcoin, dataType, HealthState.Fresh, reason, "binance-1", 1, 1, 1));
}
