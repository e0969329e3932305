using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Subjects;
using Microsoft.Reactive.Testing;
using Pipeline.Core.Feeds;

namespace Pipeline.Tests.Feeds;

public sealed class BufferFromFirstTests
{
    [Fact]
    public void Buffer_OpensWithItsFirstElement_AndClosesByTimeOrSize()
    {
        var scheduler = new TestScheduler();
        var source = new Subject<int>();
        var seen = new List<(long At, string Elements)>();
        source.BufferFromFirst(TimeSpan.FromTicks(100), 3, scheduler).Subscribe(buffer => seen.Add((scheduler.Clock, string.Join(' ', buffer))));

        foreach (var (at, element) in new[] { (10, 1), (60, 2), (300, 3), (310, 4), (320, 5), (330, 6) })
        {
            scheduler.AdvanceTo(at);
            source.OnNext(element);
        }

        scheduler.AdvanceTo(1_000);
        Assert.Equal([(110L, "1 2"), (320L, "3 4 5"), (430L, "6")], seen);
    }

    [Fact]
    public void Buffer_WhenTheSourceEnds_LeavesWhatIsOpen()
    {
        var source = new Subject<int>();
        var seen = new List<int>();
        var ended = false;
        source.BufferFromFirst(TimeSpan.FromSeconds(1), 3, new TestScheduler()).Subscribe(seen.AddRange, () => ended = true);

        source.OnNext(1);
        source.OnCompleted();

        Assert.Equal([1], seen);
        Assert.True(ended);
    }

    /// <summary>A thread closes each buffer as soon as it is open, while elements keep coming: the moment of closing is met again and again.</summary>
    [Fact]
    public void Elements_ThatComeWhileABufferCloses_AreNotLost()
    {
        const int Closings = 20_000;
        using var scheduler = new AtOnceScheduler();
        var source = new Subject<int>();
        var (given, seen) = (0, 0);
        using var buffers = source.BufferFromFirst(TimeSpan.FromTicks(1), int.MaxValue, scheduler).Subscribe(buffer => seen += buffer.Count);

        while (scheduler.Count < Closings)
        {
            source.OnNext(given++);
        }

        source.OnCompleted();
        Assert.Equal(given, seen);
    }

    /// <summary>Runs whatever is scheduled at once, on a thread of its own.</summary>
    private sealed class AtOnceScheduler : LocalScheduler, IDisposable
    {
        private readonly Thread _thread;
        private Action? _due;
        private volatile bool _isOver;
        private int _count;

        public AtOnceScheduler()
        {
            _thread = new Thread(Run) { IsBackground = true };
            _thread.Start();
        }

        public int Count => Volatile.Read(ref _count);

        public override IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action)
        {
            Volatile.Write(ref _due, () => action(this, state));
            return Disposable.Empty;
        }

        public void Dispose()
        {
            _isOver = true;
            _thread.Join();
        }

        private void Run()
        {
            while (!_isOver)
            {
                if (Interlocked.Exchange(ref _due, null) is { } action)
                {
                    action();
                    Interlocked.Increment(ref _count);
                }
            }
        }
    }
}
