using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Core.Graph;

/// <summary>
/// Which partitions the stations know of, where collectors share them, and what is kept of those that are about to be ours. All are
/// foreign at first. Safe from any thread; what is held of a partition keeps its order.
/// </summary>
public sealed class PartitionGates
{
    /// <summary>Most events held of one partition; then the oldest go: trades are repaired by their ids, books begin anew.</summary>
    public const int MostHeld = 10_000;

    private readonly Gate[] _gates;
    private readonly PipelineMetrics _metrics;

    public PartitionGates(int partitions, PipelineMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        _metrics = metrics;
        _gates = [.. Enumerable.Range(0, partitions).Select(_ => new Gate())];
        metrics.AddQueue("held partitions", () => Held, (long)MostHeld * partitions);
    }

    public int Count => _gates.Length;

    /// <summary>Events held of all partitions.</summary>
    public int Held => _gates.Sum(gate => Volatile.Read(ref gate.Events));

    public GateState StateOf(int partition) => _gates[partition].State;

    /// <summary>Holds or passes over from now on; nothing is held of it yet.</summary>
    public void Close(int partition, GateState state)
    {
        var gate = _gates[partition];
        lock (gate)
        {
            gate.State = state;
            while (gate.Batches.TryDequeue(out var batch))
            {
                batch.Release();
            }

            gate.Events = 0;
        }
    }

    /// <summary>False when the partition is not held: then the batch stays the caller's.</summary>
    public bool TryHold(int partition, MarketBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var gate = _gates[partition];
        lock (gate)
        {
            if (gate.State != GateState.Held)
            {
                return false;
            }

            gate.Batches.Enqueue(batch);
            gate.Events += batch.Events.Count;
            while (gate.Events > MostHeld && gate.Batches.TryDequeue(out var oldest))
            {
                gate.Events -= oldest.Events.Count;
                _metrics.Dropped("", "held-full", oldest.Events.Count);
                oldest.Release();
            }

            return true;
        }
    }

    /// <summary>What was held, oldest first; once there is nothing more the gate is open.</summary>
    public bool TryTake(int partition, out MarketBatch batch)
    {
        var gate = _gates[partition];
        lock (gate)
        {
            if (gate.Batches.TryDequeue(out batch!))
            {
                gate.Events -= batch.Events.Count;
                return true;
            }

            gate.State = GateState.Open;
            return false;
        }
    }

    private sealed class Gate
    {
        // Guarded by the gate itself, but for the reads of those who may be a moment late.
        public volatile GateState State;
        public int Events;

        public Queue<MarketBatch> Batches { get; } = new();
    }
}
