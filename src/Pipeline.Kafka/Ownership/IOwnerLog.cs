using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Sink;

namespace Pipeline.Kafka.Ownership;

/// <summary><c>md.state</c> as ownership sees it.</summary>
public interface IOwnerLog
{
    /// <summary>All records from the beginning, and then for ever.</summary>
    IAsyncEnumerable<KafkaRecord> FollowAsync(CancellationToken cancellation);

    /// <summary>By partition the oldest offset, and that of the next record.</summary>
    Task<IReadOnlyDictionary<int, (long Low, long High)>> BoundsAsync();

    /// <summary>Writes a record; completes with its offset when it is acknowledged.</summary>
    /// <exception cref="KafkaSinkException">It cannot be written any more.</exception>
    Task<long> WriteAsync(int partition, string key, ReadOnlyMemory<byte> value, string schema, CancellationToken cancellation);

    /// <summary>Where the logs of a partition end as far as is known.</summary>
    PartitionEnds EndsOf(int partition);
}
