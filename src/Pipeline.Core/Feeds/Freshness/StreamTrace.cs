using System.Runtime.CompilerServices;

namespace Pipeline.Core.Feeds.Freshness;

/// <summary>
/// What came of one stream, over which socket, and how it is used to come. Written by station 3 alone, a few plain stores an event; read
/// by any thread without a lock.
/// </summary>
internal sealed class StreamTrace
{
    /// <summary>Of an event whose age is no sign of anything.</summary>
    private const long NoLag = long.MinValue;

    // What every event touches lies together.
    private readonly SilenceHistory _silences = new();
    private SocketTrace? _second;
    private Action? _wake;
    private SocketTrace? _newest;
    private long _arrival;
    private long _eventTime;
    private long _count;
    private long _lag = NoLag;
    private long _digest;

    /// <summary>Copies of what <see cref="SilenceHistory"/> bounds, so that most events need not look there.</summary>
    private long _leastSilence = long.MinValue;
    private long _silencesEnd = long.MinValue;
    private long _forgivenBefore;
    private long _olderId = long.MinValue;
    private int _wakeOn;

    /// <summary>Events so far.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Arrival of the newest event, market-clock microseconds; 0 before the first.</summary>
    public long Arrival => Volatile.Read(ref _arrival);

    /// <summary>Greatest event time, microseconds; 0 where none was told.</summary>
    public long EventTime => Volatile.Read(ref _eventTime);

    /// <summary>Highest id of the newest sockets; <see cref="long.MinValue"/> before the first event.</summary>
    public long NewestId => Math.Max(
        Volatile.Read(ref _newest)?.NewestId ?? long.MinValue, Volatile.Read(ref _second)?.NewestId ?? long.MinValue);

    /// <summary>Tells the values of the newest quote from others.</summary>
    public long Digest => Volatile.Read(ref _digest);

    public long LongestSilence => _silences.Longest;

    /// <summary>Whether the newest event was older than this on arrival.</summary>
    public bool IsLater(long lag) => Volatile.Read(ref _lag) > lag;

    /// <summary>Silences that began before this time do not teach what is usual: they were a fault.</summary>
    public void ForgiveBefore(long time) => Volatile.Write(ref _forgivenBefore, time);

    /// <summary>
    /// Asks to be told of an event, once; from the writer's thread. Who asks looks at <see cref="Count"/> again afterwards: the event may
    /// have come before.
    /// </summary>
    public void Await(WakeOn events, Action wake)
    {
        Volatile.Write(ref _wake, wake);
        Interlocked.Exchange(ref _wakeOn, (int)events);
    }

    /// <summary>
    /// Whether data came over the socket without a hole to what older ones brought; where ids do not hang together, whether any came.
    /// </summary>
    public bool Carries(long socket, bool isChained)
    {
        var (newest, second) = (Volatile.Read(ref _newest), Volatile.Read(ref _second));
        var trace = newest?.Socket == socket ? newest : second?.Socket == socket ? second : null;
        if (trace is null || !isChained)
        {
            return trace is not null;
        }

        var older = Volatile.Read(ref _olderId);
        if (trace == newest && second is not null)
        {
            older = Math.Max(older, second.NewestId);
        }

        return older == long.MinValue || trace.FirstId <= older + 1;
    }

    /// <param name="firstId">Least id the event stands for, or that it builds on plus one.</param>
    /// <param name="eventTime">Microseconds; 0 where none is told.</param>
    /// <param name="judgesLag">Whether an old event is a sign that the stream lags.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Note(in Arrival arrival, long firstId, long id, long eventTime, bool judgesLag)
    {
        var newest = _newest;
        var isFirst = false;
        if (newest is not null && newest.Socket == arrival.Socket)
        {
            newest.Add(id);
        }
        else
        {
            isFirst = NoteSocket(arrival, firstId, id);
        }

        if (arrival.Time != _arrival)
        {
            Arrive(arrival.Time);
        }

        Volatile.Write(ref _count, _count + 1);
        if (eventTime > _eventTime)
        {
            Volatile.Write(ref _eventTime, eventTime);
        }

        if (judgesLag)
        {
            Volatile.Write(ref _lag, isFirst || eventTime <= 0 ? NoLag : arrival.Time - eventTime);
        }

        if (_wakeOn != 0)
        {
            Wake(arrival.LatestLag);
        }
    }

    public void NoteDigest(long digest) => Volatile.Write(ref _digest, digest);

    /// <summary>True for the first event of a socket.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool NoteSocket(in Arrival arrival, long firstId, long id)
    {
        if (_second is { } second && second.Socket == arrival.Socket)
        {
            second.Add(id);
            return false;
        }

        if (arrival.Socket < (_second ?? _newest)?.Socket)
        {
            return NoteOld(arrival.Socket, firstId, id, arrival.Series);
        }

        var trace = new SocketTrace(arrival.Socket, arrival.Series, firstId, id);
        if (_newest is null || arrival.Socket > _newest.Socket)
        {
            Retire(_second);
            if (_newest is null || arrival.Series > _newest.Series)
            {
                // Nobody listened in between: that was no silence of the stream's.
                Volatile.Write(ref _arrival, 0);
            }

            // A reader must never miss one of them in both places.
            Volatile.Write(ref _second, _newest);
            Volatile.Write(ref _newest, trace);
        }
        else
        {
            Retire(_second);
            Volatile.Write(ref _second, trace);
        }

        return true;
    }

    /// <summary>An older socket than the two newest is still open: only how far it has come counts.</summary>
    private bool NoteOld(long socket, long firstId, long id, long series)
    {
        if (_second is null)
        {
            Volatile.Write(ref _second, new SocketTrace(socket, series, firstId, id));
            return true;
        }

        if (id > _olderId)
        {
            Volatile.Write(ref _olderId, id);
        }

        return false;
    }

    private void Retire(SocketTrace? trace)
    {
        if (trace is not null && trace.NewestId > _olderId)
        {
            Volatile.Write(ref _olderId, trace.NewestId);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Arrive(long time)
    {
        var before = _arrival;
        Volatile.Write(ref _arrival, time);
        if (time - before > _leastSilence || time >= _silencesEnd)
        {
            AddSilence(before, time);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddSilence(long before, long time)
    {
        var silence = time - before;
        if (before > 0 && silence > 0 && before >= Volatile.Read(ref _forgivenBefore))
        {
            _silences.Add(silence, time);
            (_leastSilence, _silencesEnd) = (_silences.Least, _silences.End);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Wake(long latestLag)
    {
        var events = (WakeOn)_wakeOn;
        if (events.HasFlag(WakeOn.Restart))
        {
            Volatile.Write(ref _lag, NoLag);
            Interlocked.And(ref _wakeOn, ~(int)WakeOn.Restart);
        }

        var isLate = _lag > latestLag;
        var wanted = WakeOn.Data | (isLate ? WakeOn.Late : WakeOn.InTime);
        if ((events & wanted) != 0 && Interlocked.Exchange(ref _wakeOn, 0) != 0)
        {
            Volatile.Read(ref _wake)?.Invoke();
        }
    }
}
