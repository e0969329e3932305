using System.Threading.Channels;
using Confluent.Kafka;
using Pipeline.Core.Topology;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Sink;

namespace Pipeline.Kafka.Reader;

/// <summary>The thread that polls the consumer and fills the channel.</summary>
internal sealed class ReadLoop(KafkaOptions options, IReadOnlyList<ReadPosition> positions, bool follow, ChannelWriter<KafkaRecord> target)
{
    private const int MicrosecondsPerMillisecond = 1000;

    /// <summary>Partitions that have not been read to where their end was at the start.</summary>
    private readonly Dictionary<TopicPartition, long> _open = positions
        .Where(position => position.Start < position.End)
        .ToDictionary(position => new TopicPartition(position.Topic, position.Partition), position => position.End);

    /// <summary>Reads until cancelled, or until the end when nothing is to be followed. Ends the channel; never throws.</summary>
    public bool Run(CancellationToken cancellation)
    {
        try
        {
            Consume(cancellation);
            target.TryComplete();
        }
        catch (OperationCanceledException)
        {
            target.TryComplete();
        }
        catch (KafkaException exception)
        {
            target.TryComplete(new KafkaClientException($"Reading has ended: {exception.Error.Reason}.", exception));
        }
        catch (Exception exception)
        {
            target.TryComplete(exception);
        }

        return true;
    }

    private void Consume(CancellationToken cancellation)
    {
        if (!follow && _open.Count == 0)
        {
            return;
        }

        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(ClientProperties.ForReader(options))
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { })
            .Build();
        consumer.Assign(Assignment());
        while (follow || _open.Count > 0)
        {
            var result = consumer.Consume(cancellation);
            var partition = result.TopicPartition;
            if (result.IsPartitionEOF)
            {
                CloseAt(partition, result.Offset);
                continue;
            }

            if (follow || (_open.TryGetValue(partition, out var end) && result.Offset < end))
            {
                Pass(InJson(ToRecord(result)), cancellation);
            }

            CloseAt(partition, result.Offset + 1);
        }
    }

    private IEnumerable<TopicPartitionOffset> Assignment() => positions
        .Where(position => follow || position.Start < position.End)
        .Select(position => new TopicPartitionOffset(position.Topic, position.Partition, position.Start));

    private void CloseAt(TopicPartition partition, long position)
    {
        if (_open.TryGetValue(partition, out var end) && position >= end)
        {
            _open.Remove(partition);
        }
    }

    private void Pass(KafkaRecord record, CancellationToken cancellation)
    {
        // This thread is the reader's own: it may wait.
        if (!target.TryWrite(record))
        {
            target.WriteAsync(record, cancellation).AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>What is written as Protobuf is read as JSON; what is not to be understood is left as it is, for who judges records to refuse.</summary>
    internal static KafkaRecord InJson(KafkaRecord record)
    {
        if (record.Value is null || record.Header(HeaderNames.ContentType) != ProtobufRecords.ContentType || record.Header(HeaderNames.Schema) is not { } schema)
        {
            return record;
        }

        try
        {
            return record with { Value = ProtobufRecords.Decode(schema, record.Value) };
        }
        catch (RecordFormatException)
        {
            return record;
        }
    }

    internal static KafkaRecord ToRecord(ConsumeResult<byte[]?, byte[]?> result) => new(
        result.Topic,
        result.Partition,
        result.Offset,
        result.Message.Timestamp.UnixTimestampMs * MicrosecondsPerMillisecond,
        result.Message.Key,
        result.Message.Value,
        [.. result.Message.Headers.Select(header => new KeyValuePair<string, byte[]?>(header.Key, header.GetValueBytes()))]);
}
