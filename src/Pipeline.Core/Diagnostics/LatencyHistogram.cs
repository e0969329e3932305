namespace Pipeline.Core.Diagnostics;

/// <summary>
/// Latencies in microseconds: counted for ever in fixed buckets, and over the last one to two minutes for quantiles. One writer; for
/// readers on any thread, who may see a figure more or less. Allocates nothing after it was made.
/// </summary>
public sealed class LatencyHistogram
{
    private readonly long[] _counts = new long[Bounds.Count + 1];
    private readonly LeadHistogram _recent = new();
    private long _sum;

    /// <summary>Upper bounds of the buckets, microseconds; what is above the last one has a bucket of its own.</summary>
    public static IReadOnlyList<long> Bounds { get; } =
    [
        100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000,
    ];

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

    /// <summary>Mean of all, microseconds; 0 when there is none.</summary>
    public double Mean => Count is var count && count == 0 ? 0 : (double)Volatile.Read(ref _sum) / count;

    /// <param name="microseconds">Below zero, where clocks differ, counts as zero.</param>
    /// <param name="now">Microseconds of any clock that goes on.</param>
    public void Add(long microseconds, long now)
    {
        var value = Math.Max(microseconds, 0);
        var bucket = 0;
        while (bucket < Bounds.Count && value > Bounds[bucket])
        {
            bucket++;
        }

        Volatile.Write(ref _counts[bucket], _counts[bucket] + 1);
        Volatile.Write(ref _sum, _sum + value);
        _recent.Add(value, now);
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
}
