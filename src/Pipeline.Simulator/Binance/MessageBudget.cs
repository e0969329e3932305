namespace Pipeline.Simulator.Binance;

/// <summary>Counts a client's messages in a rolling window. Used by the connection's read loop alone.</summary>
internal sealed class MessageBudget(TimeProvider clock, BinanceLimits limits)
{
    private readonly long _start = clock.GetTimestamp();
    private readonly TimeSpan[] _times = new TimeSpan[limits.Messages];
    private long _count;

    /// <summary>Notes a message; false when it is one too many.</summary>
    public bool TryTake()
    {
        var now = clock.GetElapsedTime(_start);
        ref var slot = ref _times[_count % _times.Length];
        if (_count >= _times.Length && now - slot < limits.MessageWindow)
        {
            return false;
        }

        slot = now;
        _count++;
        return true;
    }
}
