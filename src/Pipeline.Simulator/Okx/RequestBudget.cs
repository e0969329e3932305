namespace Pipeline.Simulator.Okx;

/// <summary>Counts a connection's requests in a rolling hour. Used by its read loop alone.</summary>
internal sealed class RequestBudget(TimeProvider clock)
{
    private readonly Queue<long> _times = new();

    /// <summary>Notes a request; false when it is one too many.</summary>
    public bool TryTake()
    {
        while (_times.TryPeek(out var oldest) && clock.GetElapsedTime(oldest) >= OkxLimits.RequestWindow)
        {
            _times.Dequeue();
        }

        if (_times.Count >= OkxLimits.RequestsPerWindow)
        {
            return false;
        }

        _times.Enqueue(clock.GetTimestamp());
        return true;
    }
}
