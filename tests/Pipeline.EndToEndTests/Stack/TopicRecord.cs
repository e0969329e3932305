using System.Text;
using System.Text.Json.Nodes;
using Confluent.Kafka;

namespace Pipeline.EndToEndTests.Stack;

/// <summary>A record as a consumer sees it.</summary>
/// <param name="Timestamp">Time of production, milliseconds since the Unix epoch.</param>
internal sealed record TopicRecord(
    string Topic, int Partition, long Offset, long Timestamp, string Key, byte[] Value, IReadOnlyDictionary<string, string> Headers)
{
    private JsonNode? _json;

    /// <summary>The value, parsed once: tests look at the same records again and again. Not to be changed.</summary>
    public JsonNode Json => _json ??= JsonNode.Parse(Value)!;

    public static TopicRecord From(ConsumeResult<byte[], byte[]> result) => new(
        result.Topic,
        result.Partition.Value,
        result.Offset.Value,
        result.Message.Timestamp.UnixTimestampMs,
        Encoding.UTF8.GetString(result.Message.Key ?? []),
        result.Message.Value ?? [],
        result.Message.Headers.ToDictionary(header => header.Key, header => Encoding.UTF8.GetString(header.GetValueBytes())));
}
