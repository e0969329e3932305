using System.Diagnostics.Metrics;

namespace Pipeline.Core.Diagnostics;

/// <summary>
/// Latencies in microseconds: counted for ever in fixed buckets, and over the last one to two minutes for quantiles. Any number of threads
/// may add to the buckets; quantiles are right with one writer and near with several. Allocates nothing after it was made.
/// </summary>
public sealed class LatencyHistogram
{
    private static readonly long[] Limits =
    [
        100, 250, 500, 1_000, 2_500, 5_000, 10_000, 15_000, 30_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000,
    ];

    private readonly long[] _counts = new long[Limits.Length + 1];
    private readonly LeadHistogram _recent = new();
    private Histogram<double>? _instrument;
    private KeyValuePair<string, object?>[] _tags = [];
    private long _sum;
    private long _negative;

    /// <summary>
    /// Upper bounds of the buckets, microseconds; what is above the last one has a bucket of its own. Some are there because alerts ask for
    /// them: 15 and 30 ms.
    /// </summary>
    public static IReadOnlyList<long> Bounds => Limits;

    /// <summary>How many were counted.</summary>
    public long Count
    {
        get
        {
            var count = 0L;
            for (var i = 0; i < _counts.Length; i++)
            {
                count += Volatile.Read(ref _counts[i]);
            }

            return count;
        }
    }

    /// <summary>How many were below zero, where the clocks of two machines differ.</summary>
    public long Negative => Volatile.Read(ref _negative);

    /// <summary>Mean of all, microseconds; 0 when there is none.</summary>
    public double Mean => Count is var count && count == 0 ? 0 : (double)Volatile.Read(ref _sum) / count;

    /// <param name="microseconds">Below zero counts as zero, and as <see cref="Negative"/>.</param>
    /// <param name="now">Microseconds of any clock that goes on.</param>
    public void Add(long microseconds, long now)
    {
        if (microseconds < 0)
        {
            Interlocked.Increment(ref _negative);
            microseconds = 0;
        }

        var bucket = 0;
        while (bucket < Limits.Length && microseconds > Limits[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Add(ref _sum, microseconds);
        _recent.Add(microseconds, now);
        if (_instrument is { Enabled: true } instrument)
        {
            instrument.Record(microseconds / 1e6, _tags);
        }
    }

    /// <summary>What a part of those of the last minute or two do not exceed, microseconds, at most 12.5 % too high; 0 when there is none.</summary>
    public long Quantile(double part) => _recent.Quantile(part);

    /// <summary>Counts of the buckets, not added up, and the sum of all in microseconds.</summary>
    public (IReadOnlyList<long> Counts, long Sum) Read()
    {
        var counts = new long[_counts.Length];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = Volatile.Read(ref _counts[i]);
        }

        return (counts, Volatile.Read(ref _sum));
    }

    /// <summary>Whoever listens to the meter hears of each from now on, in seconds.</summary>
    internal void Tell(Histogram<double> instrument, KeyValuePair<string, object?>[] tags)
    {
        _tags = tags;
        Volatile.Write(ref _instrument, instrument);
    }
}
