using Confluent.Kafka;
using Pipeline.Core.Topology;

namespace Pipeline.Kafka.Raw;

/// <summary>The records of one recording in one partition, one in hand at a time. Blocks while it reads; for one thread.</summary>
internal sealed class RawPartition : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly TopicPartition _place;
    private readonly byte[] _recording;
    private readonly long _start;
    private readonly long _end;
    private long _next;

    public RawPartition(KafkaOptions options, string topic, int partition, long start, long end, byte[] recording)
    {
        (_place, _start, _next, _end, _recording) = (new TopicPartition(topic, partition), start, start, end, recording);
        var properties = ClientProperties.ForReader(options);

        // A reader for each partition: what they read ahead together stays small.
        properties["queued.max.messages.kbytes"] = "4096";
        _consumer = new ConsumerBuilder<byte[], byte[]>(properties).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        _consumer.Assign(new TopicPartitionOffset(_place, start));
    }

    /// <summary>Place of the record in hand; <see cref="long.MaxValue"/> at the end.</summary>
    public long Number { get; private set; }

    public byte[] Value { get; private set; } = [];

    /// <summary>Records read.</summary>
    public long Read => _next - _start;

    /// <summary>Takes the next record of the recording into hand.</summary>
    /// <exception cref="KafkaClientException">No broker has answered for 30 s.</exception>
    public void Advance()
    {
        while (_next < _end)
        {
            var result = _consumer.Consume(Patience)
                ?? throw new KafkaClientException($"Nothing came of {_place.Topic} [{_place.Partition.Value}] for {Patience.TotalSeconds:F0} s.");
            if (result.IsPartitionEOF)
            {
                _next = Math.Max(_next, result.Offset);
                continue;
            }

            _next = result.Offset + 1;
            if (result.Offset < _end && RawHeaders.IsOf(result.Message.Headers, _recording) && RawHeaders.NumberOf(result.Message.Headers) is > 0 and var number)
            {
                (Number, Value) = (number, result.Message.Value ?? []);
                return;
            }
        }

        (Number, Value) = (long.MaxValue, []);
    }

    public void Dispose()
    {
        _consumer.Close();
        _consumer.Dispose();
    }
}
