using Confluent.Kafka;
using Pipeline.Core.Topology;
using Pipeline.Kafka.Topics;

namespace Pipeline.Kafka.Reader;

/// <summary>
/// Follows partitions from given offsets for ever, on the thread that calls, without a channel between: for a reader that has a thread of its
/// own. As <see cref="KafkaReader"/> it joins no group and commits nothing.
/// </summary>
public sealed class LogFollower(KafkaOptions options)
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private IReadOnlyList<FollowPosition> _followed = [];
    private IConsumer<byte[]?, byte[]?>? _consumer;
    private volatile bool _isLost;

    /// <summary>Partitions of these topics with their offsets. Blocks.</summary>
    /// <exception cref="KafkaClientException">No broker answers, or a topic is missing.</exception>
    public IReadOnlyList<TopicDescription> Describe(IReadOnlyList<string> topics)
    {
        ArgumentNullException.ThrowIfNull(topics);
        using var cluster = new ClusterView(options);
        var there = cluster.Topics(RequestTimeout);
        return [.. topics.Select(topic => KafkaReader.Describe(cluster, there, topic))];
    }

    /// <summary>
    /// Where the partitions that are followed end, as the brokers said when they last sent something, at least once every half second while
    /// there is room for it; those of which they have not told yet are left out. Null while nothing is followed or the brokers cannot be reached.
    /// For any thread; asks nobody.
    /// </summary>
    public IReadOnlyDictionary<(string Topic, int Partition), long>? ReadEnds()
    {
        lock (_gate)
        {
            if (_consumer is not { } consumer || _isLost)
            {
                return null;
            }

            var ends = new Dictionary<(string Topic, int Partition), long>(_followed.Count);
            foreach (var one in _followed)
            {
                if (consumer.GetWatermarkOffsets(new TopicPartition(one.Topic, one.Partition)).High is { IsSpecial: false } end)
                {
                    ends[(one.Topic, one.Partition)] = end;
                }
            }

            return ends;
        }
    }

    /// <summary>Follows until cancelled. Outages are waited out.</summary>
    /// <exception cref="KafkaClientException">A position is not in the log any more, or reading fails for another reason.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Follow(IReadOnlyList<FollowPosition> positions, ILogVisitor visitor, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        var properties = ClientProperties.ForReader(options);

        // A position outside the log means that the log is another one, or has left us behind: not to be glossed over.
        properties["auto.offset.reset"] = "error";

        // A gateway starts with a window of each partition at once, and must not hold much more than it has asked for.
        properties["queued.max.messages.kbytes"] = "16384";
        _isLost = false;
        try
        {
            using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(properties)
                .SetLogHandler((_, _) => { })
                .SetErrorHandler((_, error) => OnError(error, visitor))
                .Build();
            consumer.Assign(positions.Select(one => new TopicPartitionOffset(one.Topic, one.Partition, one.Offset)));
            var outer = Show(consumer, positions);
            try
            {
                while (!cancellation.IsCancellationRequested)
                {
                    Visit(consumer.Consume(PollTimeout), visitor);
                }
            }
            finally
            {
                Show(outer.Consumer, outer.Positions);
            }
        }
        catch (KafkaException exception)
        {
            throw new KafkaClientException($"Reading has ended: {exception.Error.Reason}.", exception);
        }

        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Whose ends are told from now on. A visitor may follow something else meanwhile.</summary>
    private (IConsumer<byte[]?, byte[]?>? Consumer, IReadOnlyList<FollowPosition> Positions) Show(
        IConsumer<byte[]?, byte[]?>? consumer, IReadOnlyList<FollowPosition> positions)
    {
        lock (_gate)
        {
            var before = (_consumer, _followed);
            (_consumer, _followed) = (consumer, positions);
            return before;
        }
    }

    private void Visit(ConsumeResult<byte[]?, byte[]?>? result, ILogVisitor visitor)
    {
        if (result is null)
        {
            return;
        }

        if (_isLost)
        {
            _isLost = false;
            visitor.OnReturn();
        }

        if (result.IsPartitionEOF)
        {
            visitor.OnEnd(result.Topic, result.Partition, result.Offset);
        }
        else
        {
            visitor.OnRecord(ReadLoop.InJson(ReadLoop.ToRecord(result)));
        }
    }

    private void OnError(Error error, ILogVisitor visitor)
    {
        if (!_isLost && error.Code is Confluent.Kafka.ErrorCode.Local_AllBrokersDown or Confluent.Kafka.ErrorCode.Local_Transport)
        {
            _isLost = true;
            visitor.OnLost();
        }
    }
}
