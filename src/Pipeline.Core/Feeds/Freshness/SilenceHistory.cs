namespace Pipeline.Core.Feeds.Freshness;

/// <summary>
/// The longest silence between two arrivals within the last hour in which anything arrived, to five minutes. Written by one thread,
/// read by any; times in microseconds.
/// </summary>
internal sealed class SilenceHistory
{
    private const int Buckets = 12;
    private const long BucketLength = 5 * 60_000_000L;

    private readonly long[] _longest = new long[Buckets];
    private long _bucket = -1;

    /// <summary>0 before the first silence is known.</summary>
    public long Longest
    {
        get
        {
            var longest = 0L;
            for (var i = 0; i < Buckets; i++)
            {
                longest = Math.Max(longest, Volatile.Read(ref _longest[i]));
            }

            return longest;
        }
    }

    /// <summary>Silences below this, which end before <see cref="End"/>, change nothing: they need not be added.</summary>
    public long Least { get; private set; } = -1;

    public long End { get; private set; } = long.MinValue;

    /// <summary>Adds a silence that ended now.</summary>
    public void Add(long silence, long now)
    {
        if (now >= End || now < End - BucketLength)
        {
            Turn(now / BucketLength);
        }

        ref var longest = ref _longest[_bucket % Buckets];
        if (silence > longest)
        {
            Volatile.Write(ref longest, silence);
            Least = silence;
        }
    }

    /// <summary>A clock that was set back begins anew: what was learned under another time says nothing about this hour.</summary>
    private void Turn(long bucket)
    {
        var passed = _bucket < 0 || bucket < _bucket ? Buckets : Math.Min(Buckets, bucket - _bucket);
        for (var i = 0; i < passed; i++)
        {
            Volatile.Write(ref _longest[(bucket - i) % Buckets], 0);
        }

        _bucket = bucket;
        End = (bucket + 1) * BucketLength;
        Least = -1;
    }
}
