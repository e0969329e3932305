using System.Globalization;
using System.Text;

namespace Pipeline.Kafka.Sink;

/// <summary>Under which ownership each partition is written, as header text.</summary>
internal sealed class Epochs(int partitions)
{
    private static readonly byte[] None = "0"u8.ToArray();
    private readonly byte[][] _texts = [.. Enumerable.Repeat(None, partitions)];
    private readonly long[] _values = new long[partitions];

    public long this[int partition]
    {
        get => Volatile.Read(ref _values[partition]);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Volatile.Write(ref _values[partition], value);
            Volatile.Write(ref _texts[partition], Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
        }
    }

    /// <param name="isOwned">False where several collectors write side by side: no epoch holds there.</param>
    public ReadOnlySpan<byte> TextOf(int partition, bool isOwned) => isOwned ? Volatile.Read(ref _texts[partition]) : None;
}
