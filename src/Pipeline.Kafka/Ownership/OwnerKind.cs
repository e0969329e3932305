namespace Pipeline.Kafka.Ownership;

/// <summary>What a record under <c>#owner</c> says.</summary>
public enum OwnerKind : byte
{
    /// <summary>From here on the partition is mine; the record's offset is the epoch.</summary>
    Claim,

    /// <summary>It still is.</summary>
    Alive,

    /// <summary>Nothing more will come of me; the logs end there.</summary>
    Released,
}
