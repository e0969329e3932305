namespace Pipeline.Core.Feeds.Freshness;

/// <summary>
/// Whether a connection that has fallen silent should be suspected: only a busy one, whose silences were all short. How much comes says
/// little, for traffic is bursty; how long nothing came says it. Plain logic, constant in time and memory; not thread-safe. Times are
/// since any fixed instant.
/// <para>
/// Only silence that was listened to is learned from: what passes while there is no socket, or while our own side holds the receive loop
/// back, tells nothing of the venue. That it was busy is remembered over a reconnect.
/// </para>
/// </summary>
internal sealed class ConnectionFreshness(TimeSpan stallTimeout)
{
    /// <summary>Longest silence of a busy connection.</summary>
    internal static readonly TimeSpan BusySilence = TimeSpan.FromMilliseconds(500);

    /// <summary>How far back silences count.</summary>
    internal static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    /// <summary>How long a new connection is listened to before it may count as busy.</summary>
    internal static readonly TimeSpan LeastHistory = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Data from here on finds a busy connection: every long silence moves it ahead by <see cref="Memory"/>. This one instant answers
    /// whether any silence within the memory was long, exactly, where buckets of silences would do so roughly.
    /// </summary>
    private TimeSpan _busyFrom = TimeSpan.MaxValue;

    /// <summary>Since when the silence lasts: the last data, or whatever it is awaited from.</summary>
    private TimeSpan _since;
    private bool _isOpen;
    private bool _isPaused;
    private bool _isConfirmed;
    private bool _hasData;

    /// <summary>Arrival of the newest data on whichever socket; null before the first.</summary>
    public TimeSpan? LastData { get; private set; }

    public bool IsBusy => LastData >= _busyFrom;

    /// <summary>When the connection is to be suspected if nothing comes before; null while its silence means nothing.</summary>
    public TimeSpan? SuspectAt => _isOpen && !_isPaused && IsBusy ? _since + stallTimeout : null;

    /// <summary>Whether it is listened to, and nothing came for so long: however quiet it is, a request should have been answered by then.</summary>
    public bool IsSilentFor(TimeSpan least, TimeSpan now) => _isOpen && !_isPaused && now - _since >= least;

    /// <summary>What was learned: from when on data finds a busy connection, and when the newest came.</summary>
    public (TimeSpan BusyFrom, TimeSpan? LastData) Learned => (_busyFrom, LastData);

    /// <summary>Knows what another connection with the same streams has learned.</summary>
    public void Inherit((TimeSpan BusyFrom, TimeSpan? LastData) learned) => (_busyFrom, LastData) = learned;

    /// <summary>A socket is open. Data is awaited from here on, until something is acknowledged.</summary>
    public void Opened(TimeSpan now)
    {
        _isOpen = true;
        _isPaused = false;
        _isConfirmed = false;
        _hasData = false;
        _since = now;
    }

    /// <summary>The venue acknowledged a subscription; after the first one on a socket data is awaited.</summary>
    public void Confirmed(TimeSpan now)
    {
        if (_isConfirmed || !_isOpen)
        {
            return;
        }

        _isConfirmed = true;
        if (!_hasData)
        {
            _since = now;
        }
    }

    public void Data(TimeSpan now)
    {
        var silence = _isPaused ? TimeSpan.Zero : now - _since;
        if (!_hasData && !IsBusy)
        {
            // Time has passed that nobody listened to: that no long silence was heard in it says nothing.
            _busyFrom = LastData is null || _busyFrom < now + LeastHistory ? now + LeastHistory : _busyFrom;
        }
        else if (_hasData ? silence > BusySilence : silence >= stallTimeout)
        {
            _busyFrom = now + Memory;
        }

        _hasData = true;
        _since = now;
        LastData = now;
    }

    /// <summary>Our side holds the receive loop back.</summary>
    public void Paused() => _isPaused = true;

    public void Resumed(TimeSpan now)
    {
        _isPaused = false;
        _since = now;
    }

    public void Closed() => _isOpen = false;
}
