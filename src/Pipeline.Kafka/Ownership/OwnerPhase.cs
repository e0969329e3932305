namespace Pipeline.Kafka.Ownership;

/// <summary>How far a collector has come with a partition.</summary>
public enum OwnerPhase : byte
{
    /// <summary>Nothing is wanted, or it is over.</summary>
    Idle,

    /// <summary>It is to be ours and another has it: streams are opened before it is claimed.</summary>
    Preparing,

    /// <summary>The claim is written and not yet read.</summary>
    Claiming,

    /// <summary>The owner before may still write: it is given time to say that it has ended.</summary>
    Waiting,

    /// <summary>It cannot write any more; what it sent last may still be on its way.</summary>
    Settling,

    /// <summary>Nobody writes: the tails are read.</summary>
    Reading,

    /// <summary>Ours.</summary>
    Owning,
}
