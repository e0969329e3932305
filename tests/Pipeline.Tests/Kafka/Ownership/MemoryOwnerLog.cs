using System.Runtime.CompilerServices;
using System.Text;
using Pipeline.Kafka.Ownership;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Sink;

namespace Pipeline.Tests.Kafka.Ownership;

/// <summary><c>md.state</c> in memory. What is told of its records, and when, is the test's to say.</summary>
internal sealed class MemoryOwnerLog : IOwnerLog
{
    private readonly Lock _gate = new();
    private readonly List<KafkaRecord> _records = [];
    private readonly Dictionary<string, TaskCompletionSource> _written = new(StringComparer.Ordinal);
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Of these keys no record is acknowledged.</summary>
    public HashSet<string> Unacknowledged { get; } = new(StringComparer.Ordinal);

    /// <summary>Of these partitions nothing is read.</summary>
    public HashSet<int> Unread { get; } = [];

    /// <summary>Completes when a record of that key has been handed over.</summary>
    public Task WrittenAsync(string key)
    {
        lock (_gate)
        {
            return Written(key).Task;
        }
    }

    /// <summary>Another collector's claim.</summary>
    public void Claim(int partition, string instance) => Add(
        partition, StateKeys.Owner, new OwnerRecord(OwnerKind.Claim, instance, instance, 0, 0, default(PartitionEnds)).Write());

    public async IAsyncEnumerable<KafkaRecord> FollowAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var next = 0; ; next++)
        {
            KafkaRecord? record;
            while ((record = Find(next, out var more)) is null)
            {
                await more.WaitAsync(cancellation);
            }

            if (!Unread.Contains(record.Partition))
            {
                yield return record;
            }
        }
    }

    public Task<IReadOnlyDictionary<int, (long Low, long High)>> BoundsAsync()
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyDictionary<int, (long Low, long High)>>(
                _records.GroupBy(record => record.Partition).ToDictionary(group => group.Key, group => (0L, (long)group.Count())));
        }
    }

    public Task<long> WriteAsync(int partition, string key, ReadOnlyMemory<byte> value, string schema, CancellationToken cancellation)
    {
        var offset = Add(partition, key, value.ToArray());
        lock (_gate)
        {
            Written(key).TrySetResult();
        }

        return Unacknowledged.Contains(key) ? new TaskCompletionSource<long>().Task.WaitAsync(cancellation) : Task.FromResult(offset);
    }

    public PartitionEnds EndsOf(int partition) => default;

    private long Add(int partition, string key, byte[] value)
    {
        lock (_gate)
        {
            var offset = _records.Count(record => record.Partition == partition);
            _records.Add(new KafkaRecord("md.state", partition, offset, 0, Encoding.UTF8.GetBytes(key), value, []));
            _more.SetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return offset;
        }
    }

    private KafkaRecord? Find(int index, out Task more)
    {
        lock (_gate)
        {
            more = _more.Task;
            return index < _records.Count ? _records[index] : null;
        }
    }

    private TaskCompletionSource Written(string key)
    {
        if (!_written.TryGetValue(key, out var written))
        {
            _written[key] = written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return written;
    }
}
