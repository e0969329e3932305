namespace Pipeline.Kafka.Reader;

/// <summary>What to read.</summary>
public sealed record ReadRequest
{
    /// <summary>Full topic names.</summary>
    public required IReadOnlyList<string> Topics { get; init; }

    public ReadStart Start { get; init; } = ReadStart.Beginning;

    /// <summary>Partitions taken of each topic; null = all.</summary>
    public IReadOnlyCollection<int>? Partitions { get; init; }

    /// <summary>True: go on for ever. False: end with the last record that was there at the start. Default false.</summary>
    public bool Follow { get; init; }

    /// <summary>Leaves out what writers wrote that were not owners any more; null = nothing is left out.</summary>
    public EpochFence? Fence { get; init; }

    /// <summary>Records read ahead of the consumer at most. Default 1024.</summary>
    public int Capacity { get; init; } = 1024;
}
