using Pipeline.Kafka.Reader;

namespace Pipeline.Host.Verifying;

/// <summary>Where each partition of some topics began and ended at a moment.</summary>
internal sealed class TopicEnds
{
    private readonly Dictionary<(string Topic, int Partition), (long Low, long High)> _ends = [];

    public IEnumerable<(string Topic, int Partition, long Low, long High)> All =>
        _ends.Select(one => (one.Key.Topic, one.Key.Partition, one.Value.Low, one.Value.High));

    public long Records => _ends.Values.Sum(end => end.High - end.Low);

    /// <summary>
    /// The order of the topics is that of asking: a final is written after its trades, so candles come before trades; a hole is announced
    /// before the trades behind it, so gaps come last.
    /// </summary>
    public static async Task<TopicEnds> OfAsync(KafkaReader reader, IEnumerable<string> topics)
    {
        var ends = new TopicEnds();
        foreach (var topic in topics)
        {
            foreach (var (partition, low, high) in (await reader.DescribeTopicAsync(topic)).Partitions)
            {
                ends._ends[(topic, partition)] = (low, high);
            }
        }

        return ends;
    }

    public bool Holds(KafkaRecord record) =>
        !_ends.TryGetValue((record.Topic, record.Partition), out var end) || record.Offset < end.High;
}
