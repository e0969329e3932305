using Pipeline.TestKit.Time;

namespace Pipeline.Tests.TestKit;

public sealed class TestTimeProviderTests
{
    private readonly TestTimeProvider _time = new();
    private readonly List<string> _fired = [];

    [Fact]
    public void Clock_NotAdvanced_StandsStill()
    {
        Assert.Equal(_time.GetUtcNow(), _time.GetUtcNow());
        Assert.Equal(0, _time.GetTimestamp());
    }

    [Fact]
    public void Advance_MovesAllReadings_Together()
    {
        var utc = _time.GetUtcNow();
        var timestamp = _time.GetTimestamp();

        _time.Advance(TimeSpan.FromTicks(1_234_567));

        Assert.Equal(utc.AddTicks(1_234_567), _time.GetUtcNow());
        Assert.Equal(TimeSpan.FromTicks(1_234_567), _time.GetElapsedTime(timestamp));
    }

    [Fact]
    public void Timestamp_Unit_IsNeitherTickNorNanosecond()
    {
        Assert.NotEqual(TimeSpan.TicksPerSecond, _time.TimestampFrequency);
        Assert.NotEqual(1_000_000_000, _time.TimestampFrequency);
    }

    [Fact]
    public void Timers_InOneStep_FireInDueOrderAtTheirInstant()
    {
        Arm("c", 30);
        Arm("a", 10);
        Arm("b", 20);

        _time.Advance(TimeSpan.FromMilliseconds(25));

        Assert.Equal(["a@10", "b@20"], _fired);
        Assert.Equal(1, _time.PendingTimers);
    }

    [Fact]
    public void Timers_DueTogether_FireInOrderOfArming()
    {
        Arm("a", 10);
        Arm("b", 10);

        _time.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Equal(["a@10", "b@10"], _fired);
    }

    [Fact]
    public void Timer_ArmedByACallback_FiresInTheSameStep()
    {
        _time.CreateTimer(_ => Arm("inner", 5), null, TimeSpan.FromMilliseconds(10), Timeout.InfiniteTimeSpan);

        _time.Advance(TimeSpan.FromMilliseconds(20));

        Assert.Equal(["inner@15"], _fired);
    }

    [Fact]
    public void PeriodicTimer_FiresEveryPeriod_UntilDisposed()
    {
        var timer = Arm("p", 10, 5);

        _time.Advance(TimeSpan.FromMilliseconds(21));
        timer.Dispose();
        _time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(["p@10", "p@15", "p@20"], _fired);
        Assert.False(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void Change_OfAnArmedTimer_ReplacesItsDueTime()
    {
        var timer = Arm("x", 10);

        timer.Change(TimeSpan.FromMilliseconds(40), Timeout.InfiniteTimeSpan);
        _time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(["x@40"], _fired);
    }

    [Fact]
    public void Delay_OnTheProvider_CompletesOnVirtualTime()
    {
        var delay = Task.Delay(TimeSpan.FromHours(1), _time);

        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.False(delay.IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(delay.IsCompleted);
    }

    [Fact]
    public void CancellationSource_OnTheProvider_CancelsOnVirtualTime()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(10), _time);

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.True(source.IsCancellationRequested);
    }

    private ITimer Arm(string name, int due, int period = -1) => _time.CreateTimer(
        _ => _fired.Add($"{name}@{_time.Elapsed.TotalMilliseconds}"),
        null,
        TimeSpan.FromMilliseconds(due),
        TimeSpan.FromMilliseconds(period));
}
