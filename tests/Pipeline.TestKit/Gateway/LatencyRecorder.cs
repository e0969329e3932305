using System.Globalization;

namespace Pipeline.TestKit.Gateway;

/// <summary>Latencies in steps of 20 µs up to ten seconds, counted from any thread.</summary>
public sealed class LatencyRecorder
{
    private const int Step = 20;

    private readonly int[] _counts = new int[500_000];
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void Add(long microseconds)
    {
        Interlocked.Increment(ref _counts[Math.Clamp(microseconds / Step, 0, _counts.Length - 1)]);
        Interlocked.Increment(ref _count);
    }

    /// <summary>What a part of them do not exceed, milliseconds; 0 when there is none.</summary>
    public double Quantile(double part)
    {
        var wanted = (long)Math.Ceiling(Count * part);
        var seen = 0L;
        for (var i = 0; i < _counts.Length && wanted > 0; i++)
        {
            seen += Volatile.Read(ref _counts[i]);
            if (seen >= wanted)
            {
                return (i + 1) * Step / 1000.0;
            }
        }

        return 0;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"p50 {Quantile(0.5):F2} ms, p95 {Quantile(0.95):F2} ms, p99 {Quantile(0.99):F2} ms of {Count}");
}
