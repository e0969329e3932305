using Pipeline.Core.Diagnostics;

namespace Pipeline.Core.Feeds.Freshness;

/// <summary>
/// How far a venue's event times lie behind ours when nothing is wrong: the way there, and the difference of the clocks, which may be
/// negative. Learned as the least lag of the last ten minutes. Written by one thread, read by any; microseconds.
/// </summary>
internal sealed class VenueLag(string venue, long maxLag)
{
    /// <summary>An event from further in the future is no sign of a venue's clock, but a bad event.</summary>
    private const long MostAhead = 60_000_000;

    private const long Unknown = long.MaxValue;
    private const long Minute = 60_000_000;
    private const int Minutes = 10;

    private readonly long[] _least = CreateEmpty();
    private long _minute = -1;
    private long _limit = Unknown;
    private long _usual;
    private long _newest;
    private int _isRebased;

    public string Venue => venue;

    /// <summary>Where the lag of each batch is counted; null = nowhere.</summary>
    public LatencyHistogram? Latency { get; init; }

    /// <summary>An event that is older than this on arrival is late; the maximum while nothing is known.</summary>
    public long Limit => Volatile.Read(ref _limit);

    /// <summary>The least lag of the last ten minutes; 0 while nothing is known.</summary>
    public long Usual => Volatile.Read(ref _usual);

    /// <summary>The least lag of the newest batch.</summary>
    public long Newest => Volatile.Read(ref _newest);

    /// <summary>Forgets what was learned: our clock was set. From any thread.</summary>
    public void Rebase()
    {
        Volatile.Write(ref _isRebased, 1);
        Volatile.Write(ref _limit, Unknown);
    }

    /// <summary>Takes the least lag of a batch.</summary>
    public void Note(long lag, long now)
    {
        Volatile.Write(ref _newest, lag);
        if (lag < -MostAhead)
        {
            return;
        }

        var minute = now / Minute;
        if (minute == _minute && lag >= _least[minute % Minutes] && _isRebased == 0)
        {
            return;
        }

        Turn(minute);
        ref var least = ref _least[minute % Minutes];
        least = Math.Min(least, lag);
        Learn();
    }

    private void Turn(long minute)
    {
        var isRebased = Interlocked.Exchange(ref _isRebased, 0) != 0;
        var passed = isRebased || minute < _minute ? Minutes : Math.Min(Minutes, minute - _minute);
        for (var i = 0; i < passed; i++)
        {
            _least[(minute - i + Minutes) % Minutes] = Unknown;
        }

        _minute = minute;
    }

    /// <summary>The least but one as soon as there are three minutes: a single bad event must not make all others late.</summary>
    private void Learn()
    {
        var (first, second, known) = (Unknown, Unknown, 0);
        foreach (var least in _least)
        {
            known += least == Unknown ? 0 : 1;
            (first, second) = least < first ? (least, first) : (first, Math.Min(second, least));
        }

        var usual = known >= 3 ? second : first;
        Volatile.Write(ref _usual, usual);
        Volatile.Write(ref _limit, usual + maxLag);
    }

    private static long[] CreateEmpty()
    {
        var empty = new long[Minutes];
        Array.Fill(empty, Unknown);
        return empty;
    }
}
