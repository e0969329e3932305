using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Sink;

namespace Pipeline.Kafka.Ownership;

/// <summary>
/// Lets through what is about partitions that are ours, where collectors share them; what is about no partition always passes. Of each
/// lane one batch is written at a time, so that once a partition is closed no write of it is under way.
/// </summary>
public sealed class SharedSink : IMarketSink
{
    private readonly OwnedSink _sink;
    private readonly Action<int, bool> _setEnded;
    private readonly Action<int> _dropped;
    private readonly bool[] _isOpen;
    private readonly SemaphoreSlim[] _turns;
    private readonly InstrumentTexts _instruments = new();
    private readonly Func<Instrument, bool> _isOurs;

    /// <param name="setEnded">Told whether a partition's states come no more, while its lane writes nothing.</param>
    /// <param name="dropped">Told how many events were passed over.</param>
    public SharedSink(OwnedSink sink, int partitions, int lanes, Action<int, bool> setEnded, Action<int> dropped)
    {
        ArgumentNullException.ThrowIfNull(sink);
        _sink = sink;
        _setEnded = setEnded;
        _dropped = dropped;
        _isOpen = new bool[partitions];
        _turns = [.. Enumerable.Range(0, lanes).Select(_ => new SemaphoreSlim(1, 1))];
        _isOurs = instrument => Volatile.Read(ref _isOpen[_instruments.Of(instrument).Hash % partitions]);
        for (var partition = 0; partition < partitions; partition++)
        {
            sink.End(partition);
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var turn = _turns[batch.Lane % _turns.Length];
        if (!turn.Wait(0, CancellationToken.None))
        {
            return new ValueTask(WaitAndWriteAsync(turn, batch, cancellation));
        }

        ValueTask writing;
        try
        {
            writing = Pass(batch, cancellation);
        }
        catch
        {
            turn.Release();
            throw;
        }

        if (!writing.IsCompletedSuccessfully)
        {
            return new ValueTask(EndTurnAsync(turn, writing));
        }

        turn.Release();
        return default;
    }

    public ValueTask FlushAsync(CancellationToken cancellation) => _sink.FlushAsync(cancellation);

    /// <summary>The partition is ours, and its logs end there.</summary>
    public Task OpenAsync(int partition, PartitionEnds ends, CancellationToken cancellation) => InTurnAsync(
        _turns[partition % _turns.Length],
        () =>
        {
            _sink.Begin(partition, ends);
            _setEnded(partition, false);
            Volatile.Write(ref _isOpen[partition], true);
            return default;
        },
        cancellation);

    /// <summary>The partition is another's; completes when no write of it is under way.</summary>
    public Task CloseAsync(int partition, CancellationToken cancellation) => InTurnAsync(
        _turns[partition % _turns.Length],
        () =>
        {
            Volatile.Write(ref _isOpen[partition], false);
            _sink.End(partition);
            _setEnded(partition, true);
            return default;
        },
        cancellation);

    // Apart from where nobody waits, so that what is remembered for later is not made there.
    private Task WaitAndWriteAsync(SemaphoreSlim turn, MarketBatch batch, CancellationToken cancellation) =>
        InTurnAsync(turn, () => Pass(batch, cancellation), cancellation);

    private static async Task InTurnAsync(SemaphoreSlim turn, Func<ValueTask> work, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            await work();
        }
        finally
        {
            turn.Release();
        }
    }

    private static async Task EndTurnAsync(SemaphoreSlim turn, ValueTask work)
    {
        try
        {
            await work;
        }
        finally
        {
            turn.Release();
        }
    }

    private ValueTask Pass(MarketBatch batch, CancellationToken cancellation)
    {
        var all = batch.Events.Count;
        if (batch.Keep(_isOurs))
        {
            _dropped(all - batch.Events.Count);
        }

        return batch.Events.Count == 0 && !batch.IsCheckpoint ? default : _sink.WriteAsync(batch, cancellation);
    }
}
