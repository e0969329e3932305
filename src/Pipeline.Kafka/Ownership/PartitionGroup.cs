using Confluent.Kafka;
using Pipeline.Core.Topology;

namespace Pipeline.Kafka.Ownership;

/// <summary>
/// A place in the consumer group on <c>md.state</c>: which partitions should be ours. Nothing is read by it and nothing committed; what
/// it says is a wish, and who writes is another matter. Safe from any thread.
/// </summary>
public sealed class PartitionGroup : IAsyncDisposable
{
    private readonly IConsumer<Ignore, Ignore> _consumer;
    private readonly CancellationTokenSource _leaving = new();
    private readonly Lock _gate = new();
    private readonly HashSet<int> _assigned = [];
    private readonly string _topic;
    private readonly Action<string> _tell;
    private Action<IReadOnlySet<int>>? _changed;
    private Task _running = Task.CompletedTask;
    private bool _isAnswered;
    private bool _isJoined;

    /// <param name="topic">The full name of <c>md.state</c>.</param>
    /// <param name="tell">Told what goes wrong; must be quick.</param>
    /// <exception cref="KafkaClientException">A property is wrong.</exception>
    public PartitionGroup(KafkaOptions options, RestartOptions restart, string topic, Action<string> tell)
    {
        ArgumentNullException.ThrowIfNull(restart);
        _topic = topic;
        _tell = tell;
        try
        {
            _consumer = new ConsumerBuilder<Ignore, Ignore>(ClientProperties.ForGroup(options, restart))
                .SetLogHandler((_, _) => { })
                .SetErrorHandler((_, error) => TellError(error))
                .SetPartitionsAssignedHandler((_, added) =>
                {
                    Change(set => set.UnionWith(added.Select(one => one.Partition.Value)));
                    return added.Select(one => new TopicPartitionOffset(one, Offset.End));
                })
                .SetPartitionsRevokedHandler((_, gone) => Change(set => set.ExceptWith(gone.Select(one => one.Partition.Value))))
                .SetPartitionsLostHandler((_, gone) => Change(set => set.ExceptWith(gone.Select(one => one.Partition.Value))))
                .Build();
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or KafkaException)
        {
            throw new KafkaClientException($"The consumer group cannot be joined: {error.Message}", error);
        }
    }

    /// <summary>True once the group has said anything.</summary>
    public bool IsAnswered => Volatile.Read(ref _isAnswered);

    /// <summary>Joins; again does nothing.</summary>
    public void Join()
    {
        if (!_isJoined)
        {
            _isJoined = true;
            _running = Blocking.RunAsync(() =>
            {
                Run();
                return true;
            });
        }
    }

    /// <summary>From now on this one is told of the partitions that should be ours: of those that are already at once.</summary>
    /// <param name="changed">Null = nobody is told any more. Must be quick.</param>
    public void Tell(Action<IReadOnlySet<int>>? changed)
    {
        lock (_gate)
        {
            _changed = changed;
            changed?.Invoke(_assigned.ToHashSet());
        }
    }

    /// <summary>Leaves the group, so that others are to have our partitions; completes when it has been told.</summary>
    public async Task LeaveAsync()
    {
        await _leaving.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        Tell(null);
        await LeaveAsync();
        await Blocking.RunAsync(() =>
        {
            _consumer.Dispose();
            return true;
        });
        _leaving.Dispose();
    }

    private void Run()
    {
        try
        {
            _consumer.Subscribe(_topic);
            while (!_leaving.IsCancellationRequested)
            {
                ConsumeOnce();
            }
        }
        catch (OperationCanceledException)
        {
            // The normal end.
        }

        try
        {
            _consumer.Close();
        }
        catch (KafkaException error)
        {
            _tell($"the consumer group could not be told that we leave: {error.Error.Reason}");
        }

        Change(set => set.Clear());
    }

    private void ConsumeOnce()
    {
        try
        {
            // What is read is of no use; the partition is not read any further.
            if (_consumer.Consume(_leaving.Token) is { } result)
            {
                _consumer.Pause([result.TopicPartition]);
            }
        }
        catch (ConsumeException error)
        {
            _tell($"consumer group: {error.Error.Reason}");
        }
        catch (KafkaException error) when (!error.Error.IsFatal)
        {
            // A partition that was paused when it had gone already.
        }
    }

    private void TellError(Error error)
    {
        // Brokers that are away are told of by the sink.
        if (!error.IsLocalError || error.IsFatal)
        {
            _tell($"consumer group: {error.Reason}");
        }
    }

    private void Change(Action<HashSet<int>> change)
    {
        lock (_gate)
        {
            change(_assigned);
            Volatile.Write(ref _isAnswered, true);
            _changed?.Invoke(_assigned.ToHashSet());
        }
    }
}
