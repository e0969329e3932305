namespace Pipeline.Core.Feeds;

/// <summary>
/// Whether the streams of a pooled connection were listened to without a break, over all the sockets that carried them one after the
/// other or side by side. Shared by those sockets; safe from several threads.
/// </summary>
public sealed class Continuity
{
    private static long _last;

    private readonly Lock _gate = new();
    private long _series;
    private int _legs;
    private int _guests;

    /// <summary>See <see cref="FrameOrigin.Series"/>; 0 before the first socket opened.</summary>
    public long Series => Interlocked.Read(ref _series);

    /// <summary>Sockets open now.</summary>
    public int Legs => Volatile.Read(ref _legs);

    /// <summary>Sockets that may carry the same streams now: one more while another connection takes some of them over.</summary>
    public int Carriers => Volatile.Read(ref _legs) + (Volatile.Read(ref _guests) > 0 ? 1 : 0);

    /// <summary>A socket opened. The first one after none begins a new series.</summary>
    public void Enter()
    {
        lock (_gate)
        {
            if (_legs++ == 0)
            {
                Begin();
            }
        }
    }

    /// <summary>A socket ended.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _legs--;
        }
    }

    /// <summary>Another connection carries a stream of this one too, until <see cref="Part"/>: what one of them lacks the other may bring.</summary>
    public void Share() => Interlocked.Increment(ref _guests);

    /// <summary>One stream is not shared with another connection any more.</summary>
    public void Part() => Interlocked.Decrement(ref _guests);

    /// <summary>Data was missed although a socket is open: it was mute, or not subscribed yet when the other one broke.</summary>
    public void Break()
    {
        lock (_gate)
        {
            Begin();
        }
    }

    /// <summary>Rises over all connections of the process: a stream may move from one to another.</summary>
    private void Begin() => Interlocked.Exchange(ref _series, Interlocked.Increment(ref _last));
}
