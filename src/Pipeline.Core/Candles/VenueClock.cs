namespace Pipeline.Core.Candles;

/// <summary>
/// What time it is at a venue: the greatest event time of the last 30 s, advanced by the market clock. Needs no clock of ours to be
/// right: what counts is how far ahead of arrival event times are at most. One thread notes, any may read.
/// </summary>
public sealed class VenueClock
{
    private const long BucketLength = 5_000_000;
    private const int Buckets = 6;

    // One wrong event time must not close windows of the whole venue: a leap is believed when several batches in a row say so.
    private const long Leap = 2_000_000;
    private const int Enough = 3;

    private readonly long[] _greatest = new long[Buckets];
    private long _bucket = long.MinValue;
    private long _offset;
    private long _leap;
    private int _leaps;

    /// <summary>Venue time minus market time, microseconds; 0 before anything came, the last known while nothing comes.</summary>
    public long Offset => Volatile.Read(ref _offset);

    /// <param name="eventTime">Greatest event time of what arrived together, microseconds.</param>
    /// <param name="receivedTime">When it arrived, by the market clock.</param>
    public void Note(long eventTime, long receivedTime)
    {
        var offset = eventTime - receivedTime;
        if (_bucket != long.MinValue && offset - _offset > Leap && !IsBelieved(offset))
        {
            return;
        }

        _leaps = _bucket != long.MinValue && offset - _offset > Leap ? _leaps : 0;
        var bucket = receivedTime / BucketLength;
        if (_bucket == long.MinValue || bucket < _bucket - 1 || bucket - _bucket >= Buckets)
        {
            // The first, the first after a long silence, or the market clock was set back.
            Array.Fill(_greatest, long.MinValue);
            _bucket = bucket;
        }

        for (; _bucket < bucket; _bucket++)
        {
            _greatest[(int)((_bucket + 1) % Buckets)] = long.MinValue;
        }

        ref var greatest = ref _greatest[(int)(_bucket % Buckets)];
        greatest = Math.Max(greatest, offset);
        var all = long.MinValue;
        foreach (var one in _greatest)
        {
            all = Math.Max(all, one);
        }

        Volatile.Write(ref _offset, all);
    }

    private bool IsBelieved(long offset)
    {
        _leaps = _leaps > 0 && Math.Abs(offset - _leap) < Leap ? _leaps + 1 : 1;
        _leap = offset;
        return _leaps >= Enough;
    }
}
