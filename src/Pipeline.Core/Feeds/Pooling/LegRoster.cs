namespace Pipeline.Core.Feeds.Pooling;

/// <summary>
/// The legs of one place whose receive loop may still run, the replaced ones too, and the figures of all that ever were there. Safe from
/// any thread.
/// </summary>
internal sealed class LegRoster
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Leg, Task> _alive = [];
    private long _goneFrames;
    private long _goneWireBytes;
    private long _gonePayloadBytes;
    private long _goneLastMessageAt;

    /// <summary>Legs that are not gone yet.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _alive.Count;
            }
        }
    }

    public long Frames => Sum(ref _goneFrames, leg => leg.Connection.Frames);

    public long WireBytes => Sum(ref _goneWireBytes, leg => leg.Connection.WireBytes);

    public long PayloadBytes => Sum(ref _gonePayloadBytes, leg => leg.Connection.PayloadBytes);

    public long BytesPerSecond
    {
        get
        {
            // What is gone brings nothing any more.
            var gone = 0L;
            return Sum(ref gone, leg => leg.Connection.BytesPerSecond);
        }
    }

    public long LastMessageAt
    {
        get
        {
            lock (_gate)
            {
                return Math.Max(_goneLastMessageAt, _alive.Keys.Select(leg => leg.Connection.LastMessageAt).DefaultIfEmpty().Max());
            }
        }
    }

    public void Add(Leg leg)
    {
        lock (_gate)
        {
            _alive.Add(leg, Task.CompletedTask);
        }
    }

    /// <summary>Begins to close a leg; it is gone when that is through.</summary>
    public void Close(Leg leg, Func<Task> close)
    {
        var gone = GoneAsync(leg, close);
        lock (_gate)
        {
            if (_alive.ContainsKey(leg))
            {
                _alive[leg] = gone;
            }
        }
    }

    /// <summary>Completes when all legs are gone that are being closed by now.</summary>
    public Task WhenGoneAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll(_alive.Values);
        }
    }

    /// <summary>A figure of all legs, those that are gone included.</summary>
    private long Sum(ref long gone, Func<Leg, long> figure)
    {
        lock (_gate)
        {
            return gone + _alive.Keys.Sum(figure);
        }
    }

    private async Task GoneAsync(Leg leg, Func<Task> close)
    {
        await close();
        lock (_gate)
        {
            if (_alive.Remove(leg))
            {
                _goneFrames += leg.Connection.Frames;
                _goneWireBytes += leg.Connection.WireBytes;
                _gonePayloadBytes += leg.Connection.PayloadBytes;
                _goneLastMessageAt = Math.Max(_goneLastMessageAt, leg.Connection.LastMessageAt);
            }
        }
    }
}
