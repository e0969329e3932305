using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Kafka.Sink;

namespace Pipeline.Kafka.Ownership;

/// <summary>
/// Lets records through to the sink while their partitions are ours. The first trade of each partition goes alone: where it comes to
/// lie says whether somebody has written there since the tail was read.
/// </summary>
/// <param name="mayWrite">False once others may own the partitions; asked with every batch.</param>
/// <param name="lost">Told when others may own the partitions, or a first record lies elsewhere than behind the tail; maybe more than once.</param>
public sealed class OwnedSink(
    IMarketSink sink,
    Func<int, PartitionEnds> endsOf,
    IReadOnlyList<PartitionEnds> tailEnds,
    Func<Instrument, int> partitionOf,
    Func<bool> mayWrite,
    Action<string> lost) : IMarketSink
{
    private readonly PartitionEnds[] _tailEnds = [.. tailEnds];
    private readonly bool[] _isProven = new bool[tailEnds.Count];
    private int _unproven = tailEnds.Count;

    /// <inheritdoc/>
    /// <exception cref="PartitionsLostException">The partitions are not ours any more.</exception>
    /// <exception cref="KafkaSinkException">The sink cannot go on.</exception>
    public ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (!mayWrite())
        {
            // Whoever writes may find out before whoever watches the lease: then it is told here, once more does no harm.
            throw Lose("nothing of ours was acknowledged for as long as the lease is");
        }

        return Volatile.Read(ref _unproven) == 0 || (batch.Trades.Count | batch.PriceTicks.Count) == 0 || FindFirst(batch, 0) < 0
            ? sink.WriteAsync(batch, cancellation)
            : new ValueTask(WriteInPartsAsync(batch, cancellation));
    }

    public ValueTask FlushAsync(CancellationToken cancellation) => sink.FlushAsync(cancellation);

    /// <summary>A partition came to us, and its logs end there. Not while its lane writes.</summary>
    public void Begin(int partition, PartitionEnds ends)
    {
        _tailEnds[partition] = ends;
        if (_isProven[partition])
        {
            _isProven[partition] = false;
            Interlocked.Increment(ref _unproven);
        }
    }

    /// <summary>A partition went: nothing more is to be proven of it. Not while its lane writes.</summary>
    public void End(int partition)
    {
        if (!_isProven[partition])
        {
            _isProven[partition] = true;
            Interlocked.Decrement(ref _unproven);
        }
    }

    private PartitionsLostException Lose(string reason)
    {
        lost(reason);
        return new PartitionsLostException("The partitions are not owned any more", new OwnershipLoss(reason, IsTakenOver: false));
    }

    /// <summary>The first event from there on that is the first trade of its partition; -1 when none is.</summary>
    private int FindFirst(MarketBatch batch, int from)
    {
        for (var i = from; i < batch.Events.Count; i++)
        {
            if (PartitionOf(batch, batch.Events[i]) is { } partition && !_isProven[partition])
            {
                return i;
            }
        }

        return -1;
    }

    private int? PartitionOf(MarketBatch batch, MarketEvent happened) => happened.Kind switch
    {
        MarketEventKind.Trade => partitionOf(batch.Trades[happened.Index].Instrument),
        MarketEventKind.PriceTick => partitionOf(batch.PriceTicks[happened.Index].Instrument),
        _ => null,
    };

    /// <summary>Cuts the batch around each first record. States stand behind everything else, and so they go with the last part.</summary>
    private async Task WriteInPartsAsync(MarketBatch batch, CancellationToken cancellation)
    {
        var events = batch.Events.Span.ToArray();
        var states = batch.States.Span.ToArray();
        var isCheckpoint = batch.IsCheckpoint;
        (batch.IsCheckpoint, var at) = (false, 0);
        batch.States.Clear();
        Set(batch, events);
        while (FindFirst(batch, at) is >= 0 and var first)
        {
            var partition = PartitionOf(batch, events[first])!.Value;
            var isTrade = events[first].Kind == MarketEventKind.Trade;
            await WritePartAsync(batch, events[at..first], cancellation);
            await WritePartAsync(batch, events[first..(first + 1)], cancellation);
            await sink.FlushAsync(cancellation);
            Prove(partition, isTrade);
            Set(batch, events);
            at = first + 1;
        }

        batch.IsCheckpoint = isCheckpoint;
        foreach (var state in states)
        {
            batch.States.Add(state);
        }

        await WritePartAsync(batch, events[at..], cancellation);
    }

    private async Task WritePartAsync(MarketBatch batch, MarketEvent[] part, CancellationToken cancellation)
    {
        if (part.Length > 0 || batch.IsCheckpoint || batch.States.Count > 0)
        {
            Set(batch, part);
            await sink.WriteAsync(batch, cancellation);
        }
    }

    private void Prove(int partition, bool isTrade)
    {
        var (expected, found) = isTrade
            ? (_tailEnds[partition].Trades + 1, endsOf(partition).Trades)
            : (_tailEnds[partition].Prices + 1, endsOf(partition).Prices);
        if (expected is not null && found is not null && expected != found)
        {
            throw Lose($"somebody else wrote to partition {partition}: its first record lies at {found - 1} and the tail ended at {expected - 1}");
        }

        _isProven[partition] = true;
        Interlocked.Decrement(ref _unproven);
    }

    private static void Set(MarketBatch batch, MarketEvent[] events)
    {
        batch.Events.Clear();
        batch.Events.AddRange(events);
    }
}
