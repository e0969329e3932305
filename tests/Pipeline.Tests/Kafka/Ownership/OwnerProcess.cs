using Pipeline.Core.Topology;
using Pipeline.Kafka.Ownership;

namespace Pipeline.Tests.Kafka.Ownership;

/// <summary>A collector as far as it contends for one partition.</summary>
internal sealed class OwnerProcess(string instance, string process)
{
    public string Instance => instance;

    public string Process => process;

    public PartitionOwnership Machine { get; } = new(0, instance, process, new RestartOptions());

    public List<OwnerEffect> Effects { get; } = [];

    public int Position { get; set; }

    public int Lost { get; set; }

    public int Owned { get; set; }

    public int Prepared { get; set; }

    public int LetGo { get; set; }

    public bool HasStopped { get; set; }

    /// <summary>Says that it is prepared when it is told to.</summary>
    public bool IsSlowToPrepare { get; set; }

    /// <summary>Has read the tail when it is told to.</summary>
    public bool IsSlowToRead { get; set; }

    /// <summary>Has flushed when it is told to.</summary>
    public bool IsSlowToFlush { get; set; }

    public bool HasOwned => Owned > 0;

    /// <summary>Killed.</summary>
    public bool IsDead { get; set; }

    /// <summary>SIGSTOP.</summary>
    public bool IsStopped { get; set; }

    /// <summary>Reads nothing, for a while.</summary>
    public bool IsDeaf { get; set; }

    public bool IsRunning => !IsDead && !IsStopped;

    /// <summary>Records that it hands over now would go.</summary>
    public bool MayWriteAt(long now) => IsRunning && Machine.MayWriteUntil > now;
}
