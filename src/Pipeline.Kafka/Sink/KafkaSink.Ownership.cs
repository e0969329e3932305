using System.Text;
using Pipeline.Kafka.Records;

namespace Pipeline.Kafka.Sink;

public sealed partial class KafkaSink
{
    private readonly ControlRecords _controls = new();
    private volatile string? _logId;

    /// <summary>The id of the log, which markers name; null while it is not known.</summary>
    public string? LogId
    {
        get => _logId;
        set => _logId = value;
    }

    /// <summary>Under which ownership a partition's records are written from here on: the offset of our claim. 0 = none.</summary>
    public void SetEpoch(int partition, long epoch) => _epochs[partition] = epoch;

    /// <summary>
    /// A partition's states come from now on, or come no more, though of its records some may still wait. While its lane writes nothing.
    /// </summary>
    public void SetEnded(int partition, bool isEnded)
    {
        foreach (var lane in _lanes.All)
        {
            lane.SetEnded(_ledger.Shards[partition], isEnded);
        }
    }

    /// <summary>
    /// Says where the logs of a partition end, for who has just read them: offsets are known from the first record on, and a first
    /// record that lies elsewhere is told (<c>foreign-writer</c>).
    /// </summary>
    /// <exception cref="InvalidOperationException">Records are on their way there.</exception>
    public void SetEnds(int partition, PartitionEnds ends)
    {
        foreach (var topic in _ledger.Topics.Where(topic => topic.IsOwned))
        {
            topic.Partitions[partition].ForgetEnd();
        }

        var shard = _ledger.Shards[partition];
        foreach (var (ledger, end) in new[]
        {
            (shard.Trades, ends.Trades), (shard.Prices, ends.Prices), (shard.Candles, ends.Candles), (shard.Gaps, ends.Gaps),
        })
        {
            if (end is { } offset)
            {
                ledger.Expect(offset);
            }
        }
    }

    /// <summary>Where the logs of a partition will end when all that was handed over is acknowledged, if nobody else writes.</summary>
    public PartitionEnds EndsOf(int partition)
    {
        var shard = _ledger.Shards[partition];
        static long? End(PartitionLedger ledger) => ledger.OffsetAfter(ledger.Taken);
        return new PartitionEnds(End(shard.Trades), End(shard.Prices), End(shard.Candles), End(shard.Gaps));
    }

    /// <summary>Bytes of keys and values handed over to a partition of <c>md.state</c> so far.</summary>
    public long StateBytesOf(int partition) => _ledger.Shards[partition].State.TakenBytes;

    /// <summary>Writes one record to <c>md.state</c> at once: claims, signs of life, the id of the log, tombstones.</summary>
    /// <param name="key">Such as <see cref="StateKeys.Owner"/>.</param>
    /// <param name="value">Empty = a tombstone.</param>
    /// <param name="schema">Shape of the value, such as <see cref="RecordSchema.Owner"/>.</param>
    /// <returns>The offset at which it is acknowledged; negative when the broker does not say.</returns>
    /// <exception cref="KafkaSinkException">It was refused or given up, or the sink cannot go on.</exception>
    public async Task<long> WriteControlAsync(
        string key, ReadOnlyMemory<byte> value, int partition, string schema, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)partition, (uint)_ledger.Shards.Length);
        var (keyBytes, schemaBytes) = (Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes(schema));
        var (ticket, offset) = _controls.Begin();
        try
        {
            while (true)
            {
                var room = _room.Next();
                if (TryWriteControl(partition, keyBytes, value.Span, schemaBytes, ticket))
                {
                    return await offset.WaitAsync(cancellation);
                }

                await room.WaitAsync(cancellation);
            }
        }
        finally
        {
            _controls.Forget(ticket);
        }
    }

    private bool TryWriteControl(int partition, byte[] key, ReadOnlySpan<byte> value, byte[] schema, int ticket)
    {
        var writer = Rent(out var run);
        try
        {
            return writer.TryWriteControl(partition, key, value, schema, ticket);
        }
        catch (KafkaSinkException exception)
        {
            Fail(exception);
            throw;
        }
        finally
        {
            GiveBack(writer, run);
        }
    }
}
