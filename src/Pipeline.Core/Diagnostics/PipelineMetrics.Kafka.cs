namespace Pipeline.Core.Diagnostics;

/// <content>Records on their way to the broker.</content>
public sealed partial class PipelineMetrics
{
    private readonly KafkaCounters _kafka;

    public long AcknowledgedCount => _kafka.Acknowledged.Total;

    public void HandedOver(string topic, long records, long bytes)
    {
        _kafka.HandedOver.Add(records, topic);
        _kafka.RecordBytes.Add(bytes, topic);
    }

    public void Acknowledged(string topic, long records) => _kafka.Acknowledged.Add(records, topic);

    public void Failed(string topic, string reason, long records) => _kafka.Failed.Add(records, topic, reason);

    public void QueueFull() => _kafka.QueueFull.Add(1);

    /// <param name="of"><c>gap</c>: of a hole that was announced; <c>trades</c>: too many records wait for those of trades.</param>
    public void AckWait(string of) => _kafka.AckWaits.Add(1, of);

    /// <summary>Somebody else writes a partition that should be ours alone, or the broker wrote a record twice.</summary>
    public void OffsetShifted(string topic) => _kafka.OffsetShifts.Add(1, topic);

    /// <summary>Records of the topics that a reader of ours left out; of the gateway its own figures tell.</summary>
    /// <param name="reader"><c>restart</c>.</param>
    /// <param name="reason"><c>stale-epoch</c>: written by who did not own the partition any more; <c>bad-record</c>: not to be read.</param>
    public void ReadDropped(string reader, string reason, long records) => _kafka.ReadDropped.Add(records, reader, reason);

    private sealed class KafkaCounters(MetricSet set)
    {
        public TaggedCounter HandedOver { get; } = set.Add(
            "pipeline.kafka.handed_over", "{record}", "Records handed to the Kafka client", "topic");

        public TaggedCounter Acknowledged { get; } = set.Add(
            "messaging.client.sent.messages", "{record}", "Records acknowledged by the broker", "topic");

        public TaggedCounter Failed { get; } = set.Add(
            "pipeline.kafka.produce_errors", "{record}", "Records the broker refused for good", "topic", "reason");

        public TaggedCounter RecordBytes { get; } = set.Add("pipeline.kafka.bytes", "By", "Bytes of record values handed over", "topic");

        public TaggedCounter QueueFull { get; } = set.Add(
            "pipeline.kafka.queue_full", "{wait}", "Times the sink waited for room in the Kafka client");

        public TaggedCounter AckWaits { get; } = set.Add(
            "pipeline.kafka.ack_waits", "{wait}", "Times a batch waited for acknowledgements, by of what", "of");

        public TaggedCounter ReadDropped { get; } = set.Add(
            "pipeline.kafka.read_dropped", "{record}", "Records of the topics that a reader left out", "reader", "reason");

        public TaggedCounter OffsetShifts { get; } = set.Add(
            "pipeline.kafka.offset_shifts", "{shift}", "Times our records did not follow each other in a partition that is ours alone", "topic");
    }
}
