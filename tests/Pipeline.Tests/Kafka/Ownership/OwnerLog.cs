using Pipeline.Core.Topology;
using Pipeline.Kafka.Ownership;
using Pipeline.Kafka.Sink;

namespace Pipeline.Tests.Kafka.Ownership;

/// <summary>One partition of <c>md.state</c> in memory, those who contend for it, and a clock that moves when it is told to.</summary>
internal sealed class OwnerLog
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);
    private readonly List<OwnerRecord> _records = [];

    public long Now { get; private set; } = 1_000_000_000;

    public TimeSpan Elapsed => TimeSpan.FromMicroseconds(Now - 1_000_000_000);

    /// <summary>Nothing is written, nothing read.</summary>
    public bool IsDown { get; set; }

    public List<OwnerProcess> Processes { get; } = [];

    public IEnumerable<string> Kinds => _records.Select(record => record.Kind.ToString().ToLowerInvariant());

    public OwnerProcess Add(string instance)
    {
        var process = new OwnerProcess(instance, $"{instance}/{Processes.Count}");
        Processes.Add(process);
        return process;
    }

    public OwnerProcess Own(string instance)
    {
        var process = Add(instance);
        process.Machine.Begin(Now, process.Effects);
        Settle();
        Assert.Equal(OwnerPhase.Owning, process.Machine.Phase);
        return process;
    }

    /// <summary>Time passes for everybody at once, and nobody looks meanwhile.</summary>
    public void Jump(TimeSpan span) => Now += span.Ticks / TimeSpan.TicksPerMicrosecond;

    public void Advance(TimeSpan span)
    {
        var end = Now + (span.Ticks / TimeSpan.TicksPerMicrosecond);
        Settle();
        while (Now < end)
        {
            var next = Processes.Where(process => process.IsRunning).Select(process => process.Machine.NextDeadline).Append(end).Min();
            Now = Math.Clamp(next, Now + (Step.Ticks / TimeSpan.TicksPerMicrosecond), end);
            Settle();
        }
    }

    /// <summary>Everything happens that can without time.</summary>
    public void Settle()
    {
        bool moved;
        do
        {
            moved = false;
            foreach (var process in Processes.Where(process => process.IsRunning))
            {
                moved |= Look(process);
            }
        }
        while (moved);
    }

    /// <summary>What it had handed over is acknowledged.</summary>
    public void Flush(OwnerProcess process) => Then(process, process.Machine.Flushed);

    /// <summary>Whoever shares out says to whom the partition should belong.</summary>
    public void Assign(OwnerProcess? to)
    {
        // Who is to be asked has read the log to its end.
        Settle();
        foreach (var process in Processes)
        {
            if (process == to)
            {
                process.Machine.Want(Now, process.Effects);
            }
            else
            {
                process.Machine.Unwant(process.Effects);
            }
        }

        Settle();
    }

    public override string ToString() => string.Join(", ", Processes.Select(process => $"{process.Process} {process.Machine.Phase}"));

    private bool Look(OwnerProcess process)
    {
        // The clock first: who has slept must know before it does anything.
        process.Machine.Tick(Now, process.Effects);
        var moved = process.Effects.Count > 0;
        foreach (var effect in process.Effects.ToList())
        {
            Do(process, effect);
        }

        process.Effects.Clear();
        while (!IsDown && !process.IsDeaf && process.Position < _records.Count && process.Effects.Count == 0)
        {
            moved = true;
            var offset = process.Position++;
            process.Machine.Read(offset, _records[offset], Now, process.Effects);
        }

        return moved || process.Effects.Count > 0;
    }

    private void Do(OwnerProcess process, OwnerEffect effect)
    {
        switch (effect)
        {
            case OwnerEffect.WriteClaim when Write(process, OwnerKind.Claim):
                process.Machine.Claimed(_records.Count - 1, Now);
                break;
            case OwnerEffect.WriteAlive when Write(process, OwnerKind.Alive):
                process.Machine.Acknowledged(Now);
                break;
            case OwnerEffect.WriteReleased:
                Write(process, OwnerKind.Released);
                break;
            case OwnerEffect.Prepare:
                process.Prepared++;
                if (!process.IsSlowToPrepare)
                {
                    Then(process, effects => process.Machine.Prepared(Now, effects));
                }

                break;
            case OwnerEffect.LetGo:
                process.LetGo++;
                break;
            case OwnerEffect.ReadTail when process.IsSlowToRead:
                break;
            case OwnerEffect.ReadTail:
                process.Machine.TailRead();
                process.Owned++;
                break;
            case OwnerEffect.Stop:
                process.HasStopped = true;
                if (!process.IsSlowToFlush)
                {
                    Flush(process);
                }

                break;
            case OwnerEffect.Lose:
                process.Lost++;
                break;
        }
    }

    private void Then(OwnerProcess process, Action<List<OwnerEffect>> step)
    {
        var effects = new List<OwnerEffect>();
        step(effects);
        effects.ForEach(one => Do(process, one));
    }

    private bool Write(OwnerProcess process, OwnerKind kind)
    {
        if (!IsDown)
        {
            _records.Add(new OwnerRecord(kind, process.Instance, process.Process, Math.Max(0, process.Machine.Epoch), Now, default(PartitionEnds)));
        }

        return !IsDown;
    }
}
