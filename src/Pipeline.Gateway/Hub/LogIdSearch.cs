using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.State;

namespace Pipeline.Gateway.Hub;

/// <summary>Reads partition 0 of <c>md.state</c> for the id of the log.</summary>
internal sealed class LogIdSearch(PartitionDescription partition) : ILogVisitor, IDisposable
{
    private readonly CancellationTokenSource _done = new();
    private string? _id;

    /// <summary>Null when no collector has written one.</summary>
    public string? Find(LogFollower follower, string topic, CancellationToken cancellation)
    {
        if (partition.High <= partition.Low)
        {
            return null;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(_done.Token, cancellation);
        try
        {
            follower.Follow([new FollowPosition(topic, partition.Partition, partition.Low)], this, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Read to the end.
        }

        return _id;
    }

    public void Dispose() => _done.Dispose();

    public void OnRecord(KafkaRecord record)
    {
        if (record.KeyText == StateKeys.Log && record.Value is { } value)
        {
            _id = LogRecord.Read(value);
        }

        if (record.Offset + 1 >= partition.High)
        {
            _done.Cancel();
        }
    }

    public void OnEnd(string topic, int partition, long offset) => _done.Cancel();

    public void OnReturn()
    {
    }

    public void OnLost()
    {
    }
}
