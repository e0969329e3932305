namespace Pipeline.SocketIo.EngineIo;

/// <summary>The one timer of a server: comes round every tick, or earlier when somebody is in a hurry. Never twice at once.</summary>
internal sealed class Sweeper : IDisposable
{
    private readonly TimeProvider _time;
    private readonly int _tick;
    private readonly Action _sweep;
    private readonly Lock _gate = new();
    private readonly long _start;
    private readonly ITimer _timer;
    private long _next;
    private bool _running;

    public Sweeper(TimeProvider time, int tick, Action sweep)
    {
        _time = time;
        _tick = tick;
        _sweep = sweep;
        _start = time.GetTimestamp();
        _next = tick;
        _timer = time.CreateTimer(static state => ((Sweeper)state!).Run(), this, TimeSpan.FromMilliseconds(tick), Timeout.InfiniteTimeSpan);
    }

    private long Now => (long)_time.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>Comes within so many milliseconds.</summary>
    public void Hurry(int milliseconds)
    {
        lock (_gate)
        {
            var due = Now + milliseconds;
            if (due >= _next)
            {
                return;
            }

            _next = due;
            if (!_running)
            {
                Arm();
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Run()
    {
        lock (_gate)
        {
            _running = true;
            _next = Now + _tick;
        }

        try
        {
            _sweep();
        }
        finally
        {
            lock (_gate)
            {
                _running = false;
                Arm();
            }
        }
    }

    private void Arm() => _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, _next - Now)), Timeout.InfiniteTimeSpan);
}
