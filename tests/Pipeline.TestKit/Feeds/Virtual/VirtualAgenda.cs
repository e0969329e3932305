using Pipeline.TestKit.Time;

namespace Pipeline.TestKit.Feeds.Virtual;

/// <summary>
/// What happens when, over one timer that is armed for the earliest of it: while nothing happens, time costs nothing. Events of the same
/// instant happen in the order in which they were entered.
/// </summary>
internal sealed class VirtualAgenda : IDisposable
{
    private readonly TestTimeProvider _time;
    private readonly ITimer _timer;
    private readonly PriorityQueue<IVirtualEvent, (long Due, long Order)> _events = new();
    private long _order;
    private long _armedFor = long.MaxValue;
    private bool _isRunning;

    public VirtualAgenda(TestTimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static me => ((VirtualAgenda)me!).Run(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Events to come.</summary>
    public int Count => _events.Count;

    public void In(TimeSpan wait, Action action) => In(wait, new VirtualAction(action));

    public void In(TimeSpan wait, IVirtualEvent happening)
    {
        _events.Enqueue(happening, (_time.Elapsed.Ticks + Math.Max(0, wait.Ticks), ++_order));
        Arm();
    }

    public void Dispose() => _timer.Dispose();

    private void Run()
    {
        _armedFor = long.MaxValue;
        _isRunning = true;
        try
        {
            while (_events.TryPeek(out var happening, out var at) && at.Due <= _time.Elapsed.Ticks)
            {
                _events.Dequeue();
                happening.Happen();
            }
        }
        finally
        {
            _isRunning = false;
            Arm();
        }
    }

    private void Arm()
    {
        if (!_isRunning && _events.TryPeek(out _, out var next) && next.Due < _armedFor)
        {
            _armedFor = next.Due;
            _timer.Change(TimeSpan.FromTicks(Math.Max(0, next.Due - _time.Elapsed.Ticks)), Timeout.InfiniteTimeSpan);
        }
    }
}
