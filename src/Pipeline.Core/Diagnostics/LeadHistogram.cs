using System.Numerics;

namespace Pipeline.Core.Diagnostics;

/// <summary>
/// Times in microseconds over the last one to two minutes, in buckets an eighth of an octave wide: what is read is at most 12.5 % above
/// what was, never below. One writer; readers on other threads may see a figure more or less. Allocates nothing after it was made.
/// </summary>
internal sealed class LeadHistogram
{
    /// <summary>Half of what is remembered at most.</summary>
    public const long Window = 60_000_000;

    private const int PerOctave = 8;

    // Two minutes; what is longer counts as this.
    private const int MaxOctave = 27;
    private const int Buckets = (MaxOctave - 2) * PerOctave;

    private int[] _now = new int[Buckets];
    private int[] _before = new int[Buckets];
    private long _began = long.MinValue;

    /// <param name="now">Lane time, microseconds.</param>
    public void Add(long microseconds, long now)
    {
        Turn(now);
        _now[BucketOf(microseconds)]++;
    }

    /// <summary>The time that a part of those remembered do not exceed; 0 when none is remembered.</summary>
    /// <param name="part">Such as 0.99.</param>
    public long Quantile(double part) => Quantile([this], part);

    /// <summary>As <see cref="Quantile(double)"/>, of all of them together.</summary>
    public static long Quantile(IReadOnlyList<LeadHistogram> histograms, double part)
    {
        var total = 0L;
        foreach (var one in histograms)
        {
            total += one.Sum();
        }

        var wanted = (long)Math.Ceiling(total * part);
        var seen = 0L;
        for (var bucket = 0; bucket < Buckets && total > 0; bucket++)
        {
            foreach (var one in histograms)
            {
                seen += one._now[bucket] + one._before[bucket];
            }

            if (seen >= wanted)
            {
                return UpperBound(bucket);
            }
        }

        return 0;
    }

    private static int BucketOf(long microseconds)
    {
        var value = Math.Clamp(microseconds, 0, (1L << MaxOctave) - 1);
        if (value < PerOctave)
        {
            return (int)value;
        }

        var octave = BitOperations.Log2((ulong)value);
        return ((octave - 2) * PerOctave) + (int)((value >> (octave - 3)) & (PerOctave - 1));
    }

    private static long UpperBound(int bucket)
    {
        if (bucket < PerOctave)
        {
            return bucket;
        }

        var octave = (bucket / PerOctave) + 2;
        return ((PerOctave + (bucket % PerOctave) + 1L) << (octave - 3)) - 1;
    }

    private long Sum()
    {
        var sum = 0L;
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            sum += _now[bucket] + _before[bucket];
        }

        return sum;
    }

    /// <summary>A clock that was set back begins a new window too.</summary>
    private void Turn(long now)
    {
        if (_began == long.MinValue)
        {
            _began = now;
        }

        if (now >= _began && now - _began < Window)
        {
            return;
        }

        var isOld = now < _began || now - _began >= 2 * Window;
        (_now, _before) = (_before, _now);
        Array.Clear(_now);
        if (isOld)
        {
            Array.Clear(_before);
        }

        _began = now;
    }
}
