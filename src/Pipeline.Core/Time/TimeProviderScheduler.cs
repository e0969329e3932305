using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Pipeline.Core.Time;

/// <summary>
/// The Rx scheduler on our one clock: every time operator of the product gets it, so that virtual time drives them all.
/// Pass it to time operators only: each schedule is a timer, and work without a delay runs on a timer's thread too.
/// <para>
/// The stopwatch is overridden as well: periodic operators correct their drift by it, and Rx would take the machine's otherwise.
/// </para>
/// </summary>
public sealed class TimeProviderScheduler(TimeProvider time) : LocalScheduler
{
    /// <summary>Longest wait a timer takes (2^32 − 2 ms); longer ones are made of several.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    public override DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Runs <paramref name="action"/> after <paramref name="dueTime"/>; never on the caller's stack, even when zero.</summary>
    public override IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (dueTime > LongestTimer)
        {
            return Schedule(state, LongestTimer, (_, rest) => Schedule(rest, dueTime - LongestTimer, action));
        }

        var item = new Item<TState>(this, state, action);
        item.Start(time, Scheduler.Normalize(dueTime));
        return item;
    }

    /// <summary>An absolute time is taken as the distance from now; a later step of the wall clock does not move it.</summary>
    public override IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        Schedule(state, dueTime - Now, action);

    public override IStopwatch StartStopwatch() => new Lap(time);

    private sealed class Lap(TimeProvider time) : IStopwatch
    {
        private readonly long _start = time.GetTimestamp();

        public TimeSpan Elapsed => time.GetElapsedTime(_start);
    }

    private sealed class Item<TState>(IScheduler scheduler, TState state, Func<IScheduler, TState, IDisposable> action) : IDisposable
    {
        private readonly SingleAssignmentDisposable _work = new();
        private ITimer? _timer;

        public void Start(TimeProvider time, TimeSpan dueTime)
        {
            // Armed only after the field is set: a timer may fire before its constructor returns.
            _timer = time.CreateTimer(static item => ((Item<TState>)item!).Run(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            _timer?.Dispose();
            _work.Dispose();
        }

        private void Run()
        {
            _timer!.Dispose();
            if (!_work.IsDisposed)
            {
                _work.Disposable = action(scheduler, state);
            }
        }
    }
}
