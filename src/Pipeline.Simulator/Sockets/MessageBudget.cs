namespace Pipeline.Simulator.Sockets;

/// <summary>Counts a client's messages in a rolling window. Used by the connection's read loop alone.</summary>
/// <param name="clock">The simulator's clock.</param>
/// <param name="most">Messages taken per window.</param>
/// <param name="window">Its length.</param>
internal sealed class MessageBudget(TimeProvider clock, int most, TimeSpan window)
{
    private readonly long _start = clock.GetTimestamp();
    private readonly TimeSpan[] _times = new TimeSpan[most];
    private long _count;

    /// <summary>Notes a message; false when it is one too many, which is not noted.</summary>
    public bool TryTake()
    {
        var now = clock.GetElapsedTime(_start);
        ref var slot = ref _times[_count % _times.Length];
        if (_count >= _times.Length && now - slot < window)
        {
            return false;
        }

        slot = now;
        _count++;
        return true;
    }
}
