using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Sink;
using Pipeline.Kafka.Topics;

namespace Pipeline.Kafka.State;

/// <summary>
/// The tails of a partition that another still writes, read along from its newest checkpoint: when it ends, what it wrote last is here
/// already. Holds what it read in memory, up to a bound.
/// </summary>
public sealed class TailPrefetch : IAsyncDisposable
{
    // Two checkpoints' worth and more.
    private const int MostRecords = 500_000;

    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Log> _logs;
    private readonly Task _reading;
    private TaskCompletionSource? _awaited;
    private int _records;
    private bool _hasEnded;

    private TailPrefetch(KafkaReader reader, TopicCatalog topics, int partition, TailOffsets from)
    {
        Partition = partition;
        _logs = new Dictionary<string, Log>(StringComparer.Ordinal)
        {
            [topics.Trades.Name] = new(from.Trades),
            [topics.Prices.Name] = new(from.Prices),
            [topics.Candles.Name] = new(from.Candles),
            [topics.Gaps.Name] = new(from.Gaps),
        };
        _reading = ReadAsync(reader);
    }

    public int Partition { get; }

    /// <summary>Begins to read along.</summary>
    /// <param name="marker">Of the newest checkpoint; null = there is none yet.</param>
    /// <param name="lookback">Records of each topic to begin with where there is none.</param>
    /// <exception cref="KafkaClientException">No broker answers.</exception>
    public static async Task<TailPrefetch> BeginAsync(
        KafkaReader reader, TopicCatalog topics, int partition, CheckpointMarker? marker, long lookback)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(topics);
        var source = new KafkaTailSource(reader);
        async Task<(long Low, long High)> BoundsAsync(TopicDefinition topic) => (await source.BoundsAsync(topic.Name))[partition];
        var (trades, prices, candles, gaps) = (
            await BoundsAsync(topics.Trades), await BoundsAsync(topics.Prices), await BoundsAsync(topics.Candles), await BoundsAsync(topics.Gaps));
        var from = TailPlan.Begin(
            marker,
            new TailOffsets(trades.Low, prices.Low, candles.Low, gaps.Low),
            new TailOffsets(trades.High, prices.High, candles.High, gaps.High),
            lookback);
        return new TailPrefetch(reader, topics, partition, from);
    }

    /// <summary>The first offset of a topic that is here.</summary>
    public long BeginOf(string topic)
    {
        lock (_gate)
        {
            var log = _logs[topic];
            return log.Records.Count > 0 ? Math.Max(log.From, log.Records[0].Offset) : log.From;
        }
    }

    /// <summary>Where what is here ends.</summary>
    public PartitionEnds EndsOf(TopicCatalog topics)
    {
        ArgumentNullException.ThrowIfNull(topics);
        lock (_gate)
        {
            long End(TopicDefinition topic) => _logs[topic.Name] is { Records: [.., var last] } ? last.Offset + 1 : _logs[topic.Name].From;
            return new PartitionEnds(End(topics.Trades), End(topics.Prices), End(topics.Candles), End(topics.Gaps));
        }
    }

    /// <summary>Completes with the first record, or when none has come for so long.</summary>
    public async Task BegunAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        Task first;
        lock (_gate)
        {
            _awaited ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            first = _records > 0 ? Task.CompletedTask : _awaited.Task;
        }

        try
        {
            await first.WaitAsync(patience, time, cancellation);
        }
        catch (TimeoutException)
        {
            // Nothing was written there of late.
        }
    }

    /// <summary>The records of a stretch, once they have come; null when they do not.</summary>
    public async Task<IReadOnlyList<KafkaRecord>?> ReadAsync(LogStretch stretch, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stretch);
        using var bound = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellation);
        while (true)
        {
            Task more;
            lock (_gate)
            {
                var log = _logs[stretch.Topic];
                if (log.Records.Count > 0 && log.Records[^1].Offset >= stretch.To - 1)
                {
                    return [.. log.Records.Where(record => record.Offset >= stretch.From && record.Offset < stretch.To)];
                }

                if (_hasEnded)
                {
                    return null;
                }

                _awaited ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                more = _awaited.Task;
            }

            try
            {
                await more.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task ReadAsync(KafkaReader reader)
    {
        try
        {
            var positions = _logs.Select(log => (log.Key, Partition, log.Value.From));
            await foreach (var record in reader.FollowAsync(positions, _ending.Token))
            {
                Take(record);
                if (_records > MostRecords)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The normal end.
        }
        finally
        {
            lock (_gate)
            {
                _hasEnded = true;
                _awaited?.TrySetResult();
            }
        }
    }

    private void Take(KafkaRecord record)
    {
        lock (_gate)
        {
            _logs[record.Topic].Records.Add(record);
            _records++;
            _awaited?.TrySetResult();
            _awaited = null;
        }
    }

    private sealed record Log(long From)
    {
        public List<KafkaRecord> Records { get; } = [];
    }
}
