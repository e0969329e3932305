using Pipeline.Core.Recordings;
using Pipeline.Kafka.Partitioning;
using Pipeline.Kafka.Reader;

namespace Pipeline.Kafka.Raw;

/// <summary>The recordings that <c>md.raw</c> holds.</summary>
internal static class RawNotes
{
    /// <summary>The newest note of each recording, in the order they were begun. Reads the one partition the notes lie in.</summary>
    public static async Task<IReadOnlyList<RawNote>> ReadAsync(KafkaReader reader, TopicDescription topic, CancellationToken cancellation)
    {
        var notes = new SortedDictionary<string, RawNote>(StringComparer.Ordinal);
        var request = new ReadRequest
        {
            Topics = [topic.Name],
            Partitions = [InstrumentPartitioner.PartitionOf(RawNote.Key, topic.Partitions.Count)],
            Capacity = 16,
        };
        await foreach (var record in reader.ReadAsync(request, cancellation))
        {
            if (record.KeyText == RawNote.Key && record.Value is { } value && Read(value) is { } note)
            {
                notes[note.Recording] = note;
            }
        }

        return [.. notes.Values];
    }

    /// <summary>Null when it cannot be read: the next of its recording may.</summary>
    private static RawNote? Read(byte[] value)
    {
        try
        {
            return RawNote.Parse(value);
        }
        catch (RecordingException)
        {
            return null;
        }
    }
}
