using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;

namespace Pipeline.Tests.TestKit;

public sealed class TestSchedulerTests : ReactiveTest
{
    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void Start_ByDefault_CreatesSubscribesAndDisposesAtTheirTimes()
    {
        var created = 0L;
        var xs = _scheduler.CreateHotObservable(OnNext(199, 0), OnNext(201, 1), OnNext(999, 2), OnNext(1001, 3));

        var result = _scheduler.Start(() =>
        {
            created = _scheduler.Clock;
            return xs;
        });

        Assert.Equal(Created, created);
        result.Messages.AssertEqual(OnNext(201, 1), OnNext(999, 2));
        xs.Subscriptions.AssertEqual(Subscribe(Subscribed, Disposed));
    }

    [Fact]
    public void Start_WithTimes_UsesThem()
    {
        var xs = _scheduler.CreateHotObservable(OnNext(15, 1), OnNext(25, 2), OnNext(35, 3));

        var result = _scheduler.Start(() => xs, 10, 20, 30);

        result.Messages.AssertEqual(OnNext(25, 2));
        xs.Subscriptions.AssertEqual(Subscribe(20, 30));
    }

    [Fact]
    public void HotObservable_WithTwoObservers_PlaysOnceForBoth()
    {
        var xs = _scheduler.CreateHotObservable(OnNext(210, 1), OnNext(220, 2), OnCompleted<int>(230));
        var late = _scheduler.CreateObserver<int>();
        _scheduler.ScheduleAbsolute(215, () => xs.Subscribe(late));

        var early = _scheduler.Start(() => xs);

        early.Messages.AssertEqual(OnNext(210, 1), OnNext(220, 2), OnCompleted<int>(230));
        late.Messages.AssertEqual(OnNext(220, 2), OnCompleted<int>(230));
    }

    [Fact]
    public void ColdObservable_PerObserver_PlaysRelativeToItsSubscription()
    {
        var xs = _scheduler.CreateColdObservable(OnNext(10, 1), OnCompleted<int>(20));

        var result = _scheduler.Start(() => xs.Concat(xs));

        result.Messages.AssertEqual(OnNext(210, 1), OnNext(230, 1), OnCompleted<int>(240));
        xs.Subscriptions.AssertEqual(Subscribe(200, 220), Subscribe(220, 240));
    }

    [Fact]
    public void Throttle_OverTheScheduler_MatchesItsMarble()
    {
        var xs = _scheduler.CreateHotObservable(OnNext(210, 1), OnNext(215, 2), OnNext(250, 3), OnCompleted<int>(300));

        var result = _scheduler.Start(() => xs.Throttle(TimeSpan.FromTicks(20), _scheduler));

        result.Messages.AssertEqual(OnNext(235, 2), OnNext(270, 3), OnCompleted<int>(300));
    }

    [Fact]
    public void ScheduleAbsolute_InThePast_RunsOneTickOn()
    {
        var at = 0L;
        _scheduler.AdvanceTo(50);

        _scheduler.ScheduleAbsolute(10, () => at = _scheduler.Clock);
        _scheduler.AdvanceBy(1);

        Assert.Equal(51, at);
    }

    [Fact]
    public void AdvanceTo_RunsWhatIsDueUpToThen_AndNoMore()
    {
        var seen = new List<long>();
        foreach (var time in new[] { 10L, 20, 30 })
        {
            _scheduler.ScheduleAbsolute(time, () => seen.Add(_scheduler.Clock));
        }

        _scheduler.AdvanceTo(20);

        Assert.Equal([10, 20], seen);
        Assert.Equal(20, _scheduler.Clock);
    }

    [Fact]
    public void Expectation_ByPredicate_MatchesValueOrError()
    {
        var error = new InvalidOperationException("x");
        var xs = _scheduler.CreateHotObservable(OnNext(210, 7), OnError<int>(220, error));

        var result = _scheduler.Start(() => xs);

        result.Messages.AssertEqual(OnNext<int>(210, value => value > 6), OnError<int>(220, thrown => thrown.Message == "x"));
        Assert.Throws<ReactiveAssertException>(
            () => result.Messages.AssertEqual(OnNext<int>(210, value => value > 7), OnError<int>(220, error)));
    }

    [Fact]
    public void AssertEqual_OnDifference_PrintsBothSequences()
    {
        var thrown = Assert.Throws<ReactiveAssertException>(
            () => new[] { OnNext(1, "a"), OnNext(2, "b") }.AssertEqual(OnNext(1, "a"), OnNext(3, "b")));

        Assert.Contains("OnNext(b)@2", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("OnNext(b)@3", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("element 1", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Notifications_OfSameTimeAndValue_AreEqual()
    {
        Assert.Equal(OnNext(10, "a"), OnNext(10, "a"));
        Assert.NotEqual(OnNext(10, "a"), OnNext(11, "a"));
        Assert.NotEqual(OnNext(10, "a"), OnNext(10, "b"));
        Assert.NotEqual(OnNext(10, 0), OnCompleted<int>(10));
        Assert.Equal("(200, Infinite)", Subscribe(200).ToString());
    }

    [Fact]
    public void Stopwatch_OfTheScheduler_IsVirtual()
    {
        var watch = _scheduler.StartStopwatch();

        _scheduler.AdvanceBy(TimeSpan.TicksPerSecond);

        Assert.Equal(TimeSpan.FromSeconds(1), watch.Elapsed);
    }
}
