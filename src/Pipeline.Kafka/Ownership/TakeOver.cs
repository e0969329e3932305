namespace Pipeline.Kafka.Ownership;

/// <summary>How a partition came to its owner.</summary>
public enum TakeOver : byte
{
    /// <summary>Nobody had it, or whoever had it had released it before.</summary>
    Free,

    /// <summary>Its owner released it to us.</summary>
    Planned,

    /// <summary>Its owner was a former run of the same collector.</summary>
    Restart,

    /// <summary>Its owner was silent for the lease.</summary>
    Lease,
}
