using Pipeline.Kafka.Reader;

namespace Pipeline.Gateway.Hub;

/// <summary>What a source told: a record, or a log that begins, or how far a partition was read.</summary>
internal readonly record struct FetchItem(TopicKind Topic, KafkaRecord? Record, LogBeginning? Log, int Partition, long Offset)
{
    // What a record costs in memory beside its value.
    private const int RecordBytes = 400;

    public long Bytes => Record is null ? 0 : RecordBytes + (Record.Value?.Length ?? 0);

    public void Apply(HubState state)
    {
        if (Record is not null)
        {
            state.Take(Topic, Record);
        }
        else if (Log is not null)
        {
            state.Begin(Log);
        }
        else
        {
            state.Reached(Topic, Partition, Offset);
        }
    }
}
