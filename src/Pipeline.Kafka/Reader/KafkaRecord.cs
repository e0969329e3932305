using System.Buffers.Text;
using System.Text;
using Pipeline.Kafka.Sink;

namespace Pipeline.Kafka.Reader;

/// <summary>One record as it lies in the log.</summary>
/// <param name="Timestamp">Time of production, microseconds since the Unix epoch, UTC (Kafka keeps milliseconds).</param>
/// <param name="Key">Record key; null when it has none.</param>
/// <param name="Value">Record value; null for a tombstone.</param>
/// <param name="Headers">Record headers in order.</param>
public sealed record KafkaRecord(
    string Topic,
    int Partition,
    long Offset,
    long Timestamp,
    byte[]? Key,
    byte[]? Value,
    IReadOnlyList<KeyValuePair<string, byte[]?>> Headers)
{
    public string? KeyText => Key is null ? null : Encoding.UTF8.GetString(Key);

    public string? ValueText => Value is null ? null : Encoding.UTF8.GetString(Value);

    /// <summary>Ownership under which it was written; 0 where none is told.</summary>
    public long Epoch
    {
        get
        {
            foreach (var (name, value) in Headers)
            {
                if (name == HeaderNames.Epoch && value is not null && Utf8Parser.TryParse(value, out long epoch, out var length) && length == value.Length)
                {
                    return epoch;
                }
            }

            return 0;
        }
    }

    /// <summary>Text of the first header of that name (<see cref="Sink.HeaderNames"/>); null when there is none.</summary>
    public string? Header(string name)
    {
        foreach (var (key, value) in Headers)
        {
            if (key == name)
            {
                return value is null ? null : Encoding.UTF8.GetString(value);
            }
        }

        return null;
    }
}
