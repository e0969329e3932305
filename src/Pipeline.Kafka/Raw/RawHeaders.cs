using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace Pipeline.Kafka.Raw;

/// <summary>Headers of the records of a recording, beside those that all records have.</summary>
internal static class RawHeaders
{
    /// <summary>Recording the record belongs to.</summary>
    public const string Recording = "recording";

    /// <summary>Its place in the recording, over all partitions, from 1 without a gap.</summary>
    public const string Number = "number";

    public static byte[] Of(long value) => Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>0 when there is none.</summary>
    public static long NumberOf(Headers headers) =>
        headers.TryGetLastBytes(Number, out var bytes) && long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public static bool IsOf(Headers headers, byte[] recording) =>
        headers.TryGetLastBytes(Recording, out var bytes) && bytes.AsSpan().SequenceEqual(recording);
}
