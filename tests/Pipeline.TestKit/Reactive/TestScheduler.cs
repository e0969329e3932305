using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Microsoft.Reactive.Testing;

/// <summary>
/// A virtual-time scheduler whose unit is the tick (100 ns), with factories for observables and observers on its clock.
/// <para>
/// This folder has the names and the behaviour of the package <c>Microsoft.Reactive.Testing</c>, which the package feeds at hand
/// do not carry in a version that restores. Where it restores, delete the folder and add one line to <c>Pipeline.TestKit.csproj</c>:
/// <c>&lt;PackageReference Include="Microsoft.Reactive.Testing" /&gt;</c>. See <c>src/adr/0001</c>.
/// </para>
/// </summary>
public class TestScheduler : VirtualTimeScheduler<long, long>
{
    /// <summary>Schedules at <paramref name="dueTime"/>; what is due now or was due before runs one tick from now.</summary>
    public override IDisposable ScheduleAbsolute<TState>(
        TState state, long dueTime, Func<IScheduler, TState, IDisposable> action) =>
        base.ScheduleAbsolute(state, dueTime <= Clock ? Clock + 1 : dueTime, action);

    /// <summary>
    /// Makes the observable at <paramref name="created"/>, subscribes at <paramref name="subscribed"/>, disposes at
    /// <paramref name="disposed"/>, runs until nothing is scheduled any more and returns what was observed.
    /// </summary>
    public ITestableObserver<T> Start<T>(Func<IObservable<T>> create, long created, long subscribed, long disposed)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(created, subscribed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(subscribed, disposed);
        var source = default(IObservable<T>)!;
        var subscription = Disposable.Empty;
        var observer = CreateObserver<T>();
        ScheduleAbsolute(0, created, (_, _) =>
        {
            source = create();
            return Disposable.Empty;
        });
        ScheduleAbsolute(0, subscribed, (_, _) =>
        {
            subscription = source.Subscribe(observer);
            return Disposable.Empty;
        });
        ScheduleAbsolute(0, disposed, (_, _) =>
        {
            subscription.Dispose();
            return Disposable.Empty;
        });
        Start();
        return observer;
    }

    /// <summary>The same, created at 100 and subscribed at 200.</summary>
    public ITestableObserver<T> Start<T>(Func<IObservable<T>> create, long disposed) =>
        Start(create, ReactiveTest.Created, ReactiveTest.Subscribed, disposed);

    /// <summary>The same, created at 100, subscribed at 200 and disposed at 1,000.</summary>
    public ITestableObserver<T> Start<T>(Func<IObservable<T>> create) =>
        Start(create, ReactiveTest.Created, ReactiveTest.Subscribed, ReactiveTest.Disposed);

    public ITestableObservable<T> CreateHotObservable<T>(params Recorded<Notification<T>>[] messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return new HotObservable<T>(this, messages);
    }

    public ITestableObservable<T> CreateColdObservable<T>(params Recorded<Notification<T>>[] messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return new ColdObservable<T>(this, messages);
    }

    public ITestableObserver<T> CreateObserver<T>() => new TestObserver<T>(this);

    protected override long Add(long absolute, long relative) => absolute + relative;

    protected override DateTimeOffset ToDateTimeOffset(long absolute) => new(absolute, TimeSpan.Zero);

    protected override long ToRelative(TimeSpan timeSpan) => timeSpan.Ticks;
}
