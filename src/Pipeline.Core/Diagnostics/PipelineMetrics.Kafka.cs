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

    private sealed class KafkaCounters(CounterSet set)
    {
        public TaggedCounter HandedOver { get; } = set.Add(
            "pipeline.kafka.handed_over", "{record}", "Records handed to the Kafka client", "topic");

        public TaggedCounter Acknowledged { get; } = set.Add(
            "messaging.client.sent.messages", "{record}", "Records acknowledged by the broker", "topic");

        public TaggedCounter Failed { get; } = set.Add(
            "pipeline.kafka.failed", "{record}", "Records the broker refused for good", "topic", "reason");

        public TaggedCounter RecordBytes { get; } = set.Add("pipeline.kafka.bytes", "By", "Bytes of record values handed over", "topic");

        public TaggedCounter QueueFull { get; } = set.Add(
            "pipeline.kafka.queue_full", "{wait}", "Times the sink waited for room in the Kafka client");
    }
}
