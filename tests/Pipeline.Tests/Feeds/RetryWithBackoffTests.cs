using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Pipeline.Core.Feeds;

namespace Pipeline.Tests.Feeds;

/// <summary>Marbles in milliseconds of virtual time.</summary>
public sealed class RetryWithBackoffTests : ReactiveTest
{
    private const long Ms = TimeSpan.TicksPerMillisecond;
    private static readonly InvalidOperationException Lost = new("lost");

    private readonly TestScheduler _scheduler = new();
    private readonly List<RetryInfo> _retries = [];

    [Fact]
    public void Retry_OfALifeThatNeverHasData_WaitsOneTwoFourUpToTheLongest()
    {
        var life = _scheduler.CreateColdObservable(OnError<int>(10 * Ms, Lost));

        Run(life, 2_000_000);

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300], Gaps(life).Take(12));
        Assert.All(_retries, retry => Assert.Same(Lost, retry.Error));
        Assert.Equal(Enumerable.Range(1, _retries.Count), _retries.Select(retry => retry.Attempt));
    }

    [Fact]
    public void Retry_OnCompletion_WorksAsOnError()
    {
        var life = _scheduler.CreateColdObservable(OnCompleted<int>(10 * Ms));

        var result = Run(life, 10_000);

        Assert.Equal([1, 2, 4], Gaps(life));
        Assert.Empty(result.Messages);
    }

    [Fact]
    public void Retry_AfterALongLifeWithData_IsMadeAtOnce()
    {
        var life = _scheduler.CreateColdObservable(OnNext(100 * Ms, 1), OnCompleted<int>(2_000 * Ms));

        var result = Run(life, 5_000);

        Assert.All(Gaps(life), gap => Assert.Equal(0, gap));
        Assert.Equal(3, result.Messages.Count);
    }

    [Fact]
    public void Retry_AfterAShortLifeWithData_WaitsTheFirstDelay()
    {
        var life = _scheduler.CreateColdObservable(OnNext(100 * Ms, 1), OnCompleted<int>(1_999 * Ms));

        Run(life, 10_000);

        Assert.Equal([1, 1, 1], Gaps(life));
    }

    [Fact]
    public void Backoff_AfterDataOfALaterLife_StartsAfresh()
    {
        var failing = _scheduler.CreateColdObservable(OnError<int>(10 * Ms, Lost));
        var good = _scheduler.CreateColdObservable(OnNext(10 * Ms, 1), OnError<int>(5_000 * Ms, Lost));
        var lives = new Queue<IObservable<int>>([failing, failing, failing, good, failing, failing]);

        Run(Observable.Defer(() => lives.TryDequeue(out var next) ? next : Observable.Never<int>()), 60_000);

        Assert.Equal([1, 2, 4, 0, 1, 2], _retries.Select(retry => retry.Delay.TotalSeconds));
        Assert.Equal([1, 2, 3, 1, 2, 3], _retries.Select(retry => retry.Attempt));
    }

    [Fact]
    public void Backoff_AfterAnswersThatAreNoData_GoesOn()
    {
        var life = _scheduler.CreateColdObservable(OnNext(10 * Ms, -1), OnError<int>(5_000 * Ms, Lost));

        var result = Run(life, 30_000, isData: value => value > 0);

        Assert.Equal([1, 2, 4], _retries.Take(3).Select(retry => retry.Delay.TotalSeconds));
        Assert.Equal(-1, result.Messages[0].Value.Value);
    }

    [Fact]
    public void Subscription_Disposed_EndsTheLifeOrTheWait()
    {
        var life = _scheduler.CreateColdObservable(OnError<int>(10 * Ms, Lost));

        Run(life, 1_500);

        Assert.Equal(2, life.Subscriptions.Count);
        _scheduler.AdvanceBy(600_000 * Ms);
        Assert.Equal(2, life.Subscriptions.Count);
    }

    [Fact]
    public void Subscription_DisposedDuringALife_UnsubscribesIt()
    {
        var life = _scheduler.CreateColdObservable(OnNext(10 * Ms, 1));

        Run(life, 1_500);

        life.Subscriptions.AssertEqual(Subscribe(Subscribed, 1_500 * Ms));
    }

    [Fact]
    public void Retry_WithALimit_GivesUpAndSaysWhy()
    {
        var life = _scheduler.CreateColdObservable(OnError<int>(10 * Ms, Lost));

        var result = Run(life, 60_000, maxAttempts: 3);

        Assert.Equal(4, life.Subscriptions.Count);
        result.Messages.AssertEqual(OnError<int>(
            Subscribed + (7_040 * Ms),
            error => error is ReconnectLimitException { Attempts: 3 }
                && error.InnerException == Lost
                && error.Message.Contains("maxReconnectAttempts", StringComparison.Ordinal)));
    }

    [Fact]
    public void PublishRefCount_OverEndlessLives_SharesOneAndStopsWithTheLast()
    {
        var life = _scheduler.CreateColdObservable(OnNext(100 * Ms, 1), OnNext(3_000 * Ms, 2), OnCompleted<int>(3_500 * Ms));
        var shared = life.RetryWithBackoff(Policy(-1), _scheduler).Publish().RefCount();
        var first = _scheduler.CreateObserver<int>();
        var second = _scheduler.CreateObserver<int>();

        var one = shared.Subscribe(first);
        _scheduler.AdvanceTo(1_000 * Ms);
        var two = shared.Subscribe(second);
        _scheduler.AdvanceTo(3_400 * Ms);
        one.Dispose();
        _scheduler.AdvanceTo(4_000 * Ms);
        two.Dispose();
        _scheduler.AdvanceTo(9_000 * Ms);

        first.Messages.AssertEqual(OnNext(100 * Ms, 1), OnNext(3_000 * Ms, 2));
        second.Messages.AssertEqual(OnNext(3_000 * Ms, 2), OnNext((3_600 * Ms) + 1, 1));
        life.Subscriptions.AssertEqual(Subscribe(0, 3_500 * Ms), Subscribe((3_500 * Ms) + 1, 4_000 * Ms));
    }

    private ITestableObserver<int> Run(IObservable<int> life, long ms, int maxAttempts = -1, Func<int, bool>? isData = null) =>
        _scheduler.Start(() => life.RetryWithBackoff(Policy(maxAttempts), _scheduler, isData, _retries.Add), ms * Ms);

    private static ReconnectPolicy Policy(int maxAttempts) =>
        new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(300), 2, maxAttempts, 0, new Random(1));

    /// <summary>Whole seconds between the end of a life and the begin of the next.</summary>
    private static IEnumerable<long> Gaps(ITestableObservable<int> life) => life.Subscriptions
        .Zip(life.Subscriptions.Skip(1), (ended, begun) => (begun.Subscribe - ended.Unsubscribe) / TimeSpan.TicksPerSecond);
}
