using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Transport;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Feeds;

public sealed class ConnectGateTests : IDisposable
{
    private readonly SynchronizationContext? _context = SynchronizationContext.Current;
    private readonly TestTimeProvider _time = new();
    private readonly PipelineMetrics _metrics = new();
    private readonly List<(int Number, TimeSpan Time)> _passed = [];

    public void Dispose()
    {
        _metrics.Dispose();
        SynchronizationContext.SetSynchronizationContext(_context);
    }

    [Fact]
    public void Attempts_AboveTheLimit_PassInOrderAsSoonAsTheLimitAllows()
    {
        using var gate = CreateSut(new RateLimit(3, TimeSpan.FromSeconds(1)));
        Pass(gate, 10);
        Assert.Equal((3, 7), (_passed.Count, gate.Waiting));

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(Enumerable.Range(0, 10), _passed.Select(one => one.Number));
        Assert.Equal([0, 0, 0, 1, 1, 1, 2, 2, 2, 3], _passed.Select(one => one.Time.TotalSeconds));
        Assert.Equal((7, 12_000), (Counter("pipeline.feed.connects_held"), Counter("pipeline.feed.connect_wait")));
        Assert.Equal(0, _time.PendingTimers);
    }

    [Fact]
    public void Attempts_OfAThousandConnectionsAtOnce_KeepTheLimitInAnySpan()
    {
        var limit = new RateLimit(250, TimeSpan.FromMinutes(5));
        using var gate = CreateSut(limit);
        Pass(gate, 1_000);
        Assert.Equal(750, _metrics.Queues.Single(queue => queue.Name == "connects binance").Length());

        _time.Advance(TimeSpan.FromHours(1));

        var times = _passed.ConvertAll(one => one.Time);
        Assert.Equal((1_000, TimeSpan.FromMinutes(15)), (times.Count, times[^1]));
        Assert.Equal(250, times.Distinct().Max(start => times.Count(time => time >= start && time < start + limit.Per)));
    }

    [Fact]
    public void Room_IsWaitedForFirst_AndLetsAllThrough()
    {
        var intake = new FakeIntake { HasRoom = false };
        using var gate = CreateSut(new RateLimit(100, TimeSpan.FromSeconds(1)), intake);
        Pass(gate, 5);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(_passed);

        intake.Free();

        Assert.Equal([0, 1, 2, 3, 4], _passed.Select(one => one.Number));
        Assert.Equal(0, gate.Waiting);
    }

    [Fact]
    public void Room_LostAgainWhileTheLimitIsWaitedFor_IsWaitedForAnew()
    {
        var intake = new FakeIntake { HasRoom = true };
        using var gate = CreateSut(new RateLimit(1, TimeSpan.FromSeconds(10)), intake);
        Pass(gate, 2);
        intake.HasRoom = false;
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Single(_passed);

        intake.Free();

        Assert.Equal(TimeSpan.FromSeconds(60), _passed[1].Time);
    }

    [Fact]
    public void Waiter_ThatGivesUp_LeavesItsPlaceAndTakesNothingOfTheLimit()
    {
        using var gate = CreateSut(new RateLimit(1, TimeSpan.FromSeconds(10)));
        using var cancellation = new CancellationTokenSource();
        Pass(gate, 1);
        var given = gate.PassAsync(cancellation.Token);
        Pass(gate, 1);

        cancellation.Cancel();
        Assert.True(given.IsCanceled);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal([0d, 10d], _passed.Select(one => one.Time.TotalSeconds));
        Assert.Equal(0, gate.Waiting);
    }

    [Fact]
    public void HoldOff_WhatTheVenueSaidToOne_HoldsForAll_AtMostAnHour()
    {
        using var gate = CreateSut(null);
        gate.HoldOff(TimeSpan.FromSeconds(90));
        gate.HoldOff(TimeSpan.FromSeconds(5));
        Pass(gate, 2);
        _time.Advance(TimeSpan.FromSeconds(89));
        Assert.Empty(_passed);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _passed.Count);

        gate.HoldOff(TimeSpan.FromDays(3));
        Pass(gate, 1);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(3, _passed.Count);
    }

    [Fact]
    public void Line_IsBounded()
    {
        using var gate = CreateSut(null, new FakeIntake());
        for (var i = 0; i < ConnectGate.MostWaiting; i++)
        {
            _ = gate.PassAsync(default);
        }

        var refused = Assert.Throws<FeedConnectException>(() => { _ = gate.PassAsync(default); });
        Assert.Equal(DisconnectionReason.Overload, refused.Reason);
    }

    [Fact]
    public void Dispose_CancelsWhoWaits()
    {
        var gate = CreateSut(new RateLimit(1, TimeSpan.FromSeconds(10)));
        Pass(gate, 1);
        var waiting = gate.PassAsync(default);

        gate.Dispose();

        Assert.True(waiting.IsCanceled);
        Assert.Equal(0, _time.PendingTimers);
        Assert.Throws<ObjectDisposedException>(() => { _ = gate.PassAsync(default); });
    }

    private ConnectGate CreateSut(RateLimit? limit, IIntake? intake = null)
    {
        // Continuations run inline, so that what a step causes has happened when it returns.
        SynchronizationContext.SetSynchronizationContext(null);
        return new ConnectGate("binance", limit, _time, _metrics, intake);
    }

    private void Pass(ConnectGate gate, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _ = NoteAsync(_passed.Count + gate.Waiting);
        }

        async Task NoteAsync(int number)
        {
            await gate.PassAsync(default);
            _passed.Add((number, _time.Elapsed));
        }
    }

    private long Counter(string name) => _metrics.Snapshot().Where(sample => sample.Name == name).Sum(sample => sample.Value);

    private sealed class FakeIntake : IIntake
    {
        private TaskCompletionSource _room = new();

        public bool HasRoom { get; set; }

        public Task WhenRoomAsync(CancellationToken cancellation) => HasRoom ? Task.CompletedTask : _room.Task.WaitAsync(cancellation);

        public void Free()
        {
            HasRoom = true;
            var room = _room;
            _room = new TaskCompletionSource();
            room.SetResult();
        }
    }
}
