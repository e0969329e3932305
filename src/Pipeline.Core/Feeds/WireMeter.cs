namespace Pipeline.Core.Feeds;

/// <summary>
/// Bytes a second over the last ten seconds, in steps of a second: the second that is leaving counts by the part of it that is still
/// within. Plain: the caller tells the time, from any origin, never backwards.
/// </summary>
internal sealed class WireMeter
{
    /// <summary>Seconds over which the mean is taken.</summary>
    public const int Seconds = 10;

    /// <summary>The running second and the ten before it, each at its number modulo their count.</summary>
    private readonly long[] _bytes = new long[Seconds + 1];
    private TimeSpan? _start;
    private long _second;

    /// <summary>Notes bytes; true when they are the first of a new second.</summary>
    public bool Add(long bytes, TimeSpan now)
    {
        _start ??= now;
        var isNew = Turn(now);
        _bytes[_second % _bytes.Length] += bytes;
        return isNew;
    }

    /// <summary>The mean; over less than ten seconds, but one at least, as long as the first byte is younger.</summary>
    public long BytesPerSecond(TimeSpan now)
    {
        if (_start is not { } start)
        {
            return 0;
        }

        Turn(now);
        var sum = 0L;
        for (var back = 0; back < Seconds; back++)
        {
            sum += At(_second - back);
        }

        var left = 1 - (now.TotalSeconds - Math.Floor(now.TotalSeconds));
        var span = Math.Clamp((now - start).TotalSeconds, 1, Seconds);
        return (long)((sum + (At(_second - Seconds) * left)) / span);
    }

    /// <summary>Whether ten seconds have passed since the first byte, so that the mean is one of ten seconds.</summary>
    public bool IsFull(TimeSpan now) => _start is { } start && now - start >= TimeSpan.FromSeconds(Seconds);

    private long At(long second) => second < 0 ? 0 : _bytes[second % _bytes.Length];

    /// <summary>Empties the seconds since the last call.</summary>
    private bool Turn(TimeSpan now)
    {
        var second = (long)Math.Floor(now.TotalSeconds);
        if (second <= _second)
        {
            return false;
        }

        for (var empty = Math.Max(_second + 1, second - Seconds); empty <= second; empty++)
        {
            _bytes[empty % _bytes.Length] = 0;
        }

        _second = second;
        return true;
    }
}
