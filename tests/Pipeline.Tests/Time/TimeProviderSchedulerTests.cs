using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Pipeline.Core.Time;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Time;

public sealed class TimeProviderSchedulerTests
{
    private readonly TestTimeProvider _time = new();
    private readonly TimeProviderScheduler _scheduler;
    private readonly List<string> _seen = [];

    public TimeProviderSchedulerTests() => _scheduler = new TimeProviderScheduler(_time);

    [Fact]
    public void Interval_OnVirtualTime_TicksExactly()
    {
        using var ticks = Observable.Interval(TimeSpan.FromMilliseconds(333), _scheduler).Subscribe(Note);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["0@333", "1@666", "2@999"], _seen);
    }

    [Fact]
    public void Interval_OverADay_DoesNotDrift()
    {
        var last = 0d;
        using var ticks = Observable.Interval(TimeSpan.FromSeconds(7), _scheduler).Subscribe(_ => last = _time.Elapsed.TotalSeconds);

        _time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(86_394, last);
    }

    [Fact]
    public void Buffer_ByTimeAndCount_ClosesAtWhicheverComesFirst()
    {
        using var source = new Subject<int>();
        using var buffers = source.Buffer(TimeSpan.FromMilliseconds(100), 3, _scheduler).Subscribe(items => Note(string.Join('+', items)));

        source.OnNext(1);
        source.OnNext(2);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        _time.Advance(TimeSpan.FromMilliseconds(10));
        source.OnNext(3);
        source.OnNext(4);
        source.OnNext(5);
        source.OnNext(6);
        _time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(["1+2@100", "3+4+5@110", "6@210"], _seen);
    }

    [Fact]
    public void Timeout_WithoutElements_FailsAtItsInstant()
    {
        using var source = new Subject<int>();
        using var guarded = source.Timeout(TimeSpan.FromSeconds(2), _scheduler).Subscribe(Note, error => Note(error.GetType().Name));

        _time.Advance(TimeSpan.FromMilliseconds(1500));
        source.OnNext(1);
        _time.Advance(TimeSpan.FromMilliseconds(1999));
        Assert.Equal(["1@1500"], _seen);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(["1@1500", "TimeoutException@3500"], _seen);
    }

    [Fact]
    public void Throttle_AfterABurst_EmitsTheLastAtItsInstant()
    {
        using var source = new Subject<int>();
        using var quiet = source.Throttle(TimeSpan.FromMilliseconds(50), _scheduler).Subscribe(Note);

        source.OnNext(1);
        _time.Advance(TimeSpan.FromMilliseconds(30));
        source.OnNext(2);
        _time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(["2@80"], _seen);
    }

    [Fact]
    public void Schedule_BeyondTheLongestTimer_StillFiresAtItsInstant()
    {
        using var work = _scheduler.Schedule(TimeSpan.FromDays(120), () => Note("late"));

        _time.Advance(TimeSpan.FromDays(119.5));
        Assert.Empty(_seen);
        _time.Advance(TimeSpan.FromDays(1));

        Assert.Equal([$"late@{TimeSpan.FromDays(120).TotalMilliseconds}"], _seen);
    }

    [Fact]
    public void Schedule_AtAbsoluteTime_FiresThen()
    {
        using var work = _scheduler.Schedule(_scheduler.Now.AddSeconds(3), () => Note("x"));

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(["x@3000"], _seen);
    }

    [Fact]
    public void Schedule_WithoutDelay_NeverRunsOnTheCallersStack()
    {
        using var work = _scheduler.Schedule(() => Note("x"));
        Assert.Empty(_seen);

        _time.Advance(TimeSpan.Zero);

        Assert.Equal(["x@0"], _seen);
    }

    [Fact]
    public void Schedule_Disposed_NeverRunsAndLeavesNoTimer()
    {
        _scheduler.Schedule(TimeSpan.FromSeconds(1), () => Note("x")).Dispose();

        Assert.Equal(0, _time.PendingTimers);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Empty(_seen);
    }

    [Fact]
    public void Stopwatch_OfTheScheduler_IsTheProviders()
    {
        var watch = ((IScheduler)_scheduler).StartStopwatch();

        _time.Advance(TimeSpan.FromMilliseconds(1234));

        Assert.Equal(TimeSpan.FromMilliseconds(1234), watch.Elapsed);
    }

    private void Note<T>(T value) => _seen.Add($"{value}@{_time.Elapsed.TotalMilliseconds}");
}
