using System.Text;

namespace Pipeline.Kafka.Partitioning;

/// <summary>
/// Which partition an instrument lives in, in every topic keyed by instrument: <c>(murmur2(utf8("venue:instrument")) &amp; 0x7fffffff) mod
/// partitions</c>. Passed to Kafka explicitly, because candle keys are longer than the instrument's.
/// </summary>
public static class InstrumentPartitioner
{
    /// <param name="key"><c>venue:instrument</c>.</param>
    /// <param name="partitions">Partitions of the topic, at least 1.</param>
    public static int PartitionOf(string key, int partitions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        return PositiveHash(Encoding.UTF8.GetBytes(key)) % partitions;
    }

    /// <summary>The hash before the modulus; never negative.</summary>
    internal static int PositiveHash(ReadOnlySpan<byte> key) => Murmur2.Hash(key) & 0x7fffffff;
}
