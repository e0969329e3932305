using System.Threading.Tasks.Dataflow;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Core.Graph;

/// <summary>Partitions that come and go, where collectors share them.</summary>
public sealed partial class PipelineGraph
{
    private readonly PartitionGates? _gates;

    /// <summary>From here on what comes of the partition is kept; completes when that holds.</summary>
    public Task HoldAsync(int partition, CancellationToken cancellation = default) =>
        OrderAsync(new GateOrder(partition, GateState.Held, 0), cancellation);

    /// <summary>
    /// The partition is ours: what was kept of it goes to its lane, and what comes follows. Completes when what was kept is there.
    /// </summary>
    /// <param name="since">Its owner wrote until then, market-clock microseconds: quotes and the like of before are passed over.</param>
    public Task OpenAsync(int partition, long since, CancellationToken cancellation = default) =>
        OrderAsync(new GateOrder(partition, GateState.Open, since), cancellation);

    /// <summary>The partition is another's: what comes of it is passed over, and the stations forget its instruments.</summary>
    public Task LeaveAsync(int partition, CancellationToken cancellation = default) =>
        OrderAsync(new GateOrder(partition, GateState.Foreign, 0), cancellation);

    private async Task OrderAsync(GateOrder order, CancellationToken cancellation)
    {
        if (_gates is null)
        {
            throw new InvalidOperationException("The graph was made for all partitions.");
        }

        var batch = _venueBatches.Rent();
        batch.ReceivedTime = MarketTime.Now(_clock);
        batch.Gate = order;
        if (!await _normalise.SendAsync(batch, cancellation))
        {
            // The graph has ended, and with it all of this.
            batch.Release();
            return;
        }

        await Task.WhenAny(order.Done, Completion).WaitAsync(cancellation);
    }

    private async Task FollowAsync(GateOrder order, Normalizer normalizer, VenueBatch venue)
    {
        var lane = _lanes[order.Partition % _lanes.Length];
        var now = venue.ReceivedTime;
        venue.Release();
        if (order.State == GateState.Open)
        {
            while (_gates!.TryTake(order.Partition, out var held))
            {
                held.Lane = order.Partition % _lanes.Length;
                DropOlder(held, order.Since);
                await SendAsync(lane, held);
            }
        }
        else
        {
            _gates!.Close(order.Partition, order.State);
        }

        normalizer.LookAgain();
        if (order.State == GateState.Foreign)
        {
            var batch = _marketBatches.Rent();
            batch.Lane = order.Partition % _lanes.Length;
            batch.Now = now;
            batch.Left = order.Partition;
            await SendAsync(lane, batch);
        }

        order.Complete();
    }

    /// <summary>True when the batch is held, or of a partition that is another's.</summary>
    private bool IsKeptBack(int partition, MarketBatch batch)
    {
        if (_gates!.TryHold(partition, batch))
        {
            return true;
        }

        if (_gates.StateOf(partition) == GateState.Open)
        {
            return false;
        }

        batch.Release();
        return true;
    }

    private static void DropOlder(MarketBatch held, long since)
    {
        if (held.Now >= since)
        {
            return;
        }

        var kept = 0;
        for (var i = 0; i < held.Events.Count; i++)
        {
            if (held.Events[i].Kind is MarketEventKind.Trade or MarketEventKind.PriceTick or MarketEventKind.BookUpdate or MarketEventKind.Health)
            {
                held.Events[kept++] = held.Events[i];
            }
        }

        held.Events.Truncate(kept);
    }

    private async Task SendAsync(ITargetBlock<MarketBatch> lane, MarketBatch batch)
    {
        if (!lane.Post(batch) && !await lane.SendAsync(batch))
        {
            // Only a lane that has failed takes nothing more, and then the graph is ending.
            _metrics.Dropped("", "lane-failed", batch.Events.Count);
            batch.Release();
        }
    }
}
