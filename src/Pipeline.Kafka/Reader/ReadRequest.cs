namespace Pipeline.Kafka.Reader;

/// <summary>What to read.</summary>
public sealed record ReadRequest
{
    /// <summary>Full topic names.</summary>
    public required IReadOnlyList<string> Topics { get; init; }

    public ReadStart Start { get; init; } = ReadStart.Beginning;

    /// <summary>
    /// Offsets to go on from, by partition; where none is given, <see cref="Start"/> tells. One before the oldest record means that; one
    /// behind the end is of another log, and the partition is read from its beginning.
    /// </summary>
    public IReadOnlyDictionary<int, long>? Offsets { get; init; }

    /// <summary>Partitions taken of each topic; null = all.</summary>
    public IReadOnlyCollection<int>? Partitions { get; init; }

    /// <summary>True: go on for ever. False: end with the last record that was there at the start. Default false.</summary>
    public bool Follow { get; init; }

    /// <summary>Leaves out what writers wrote that were not owners any more; null = nothing is left out.</summary>
    public EpochFence? Fence { get; init; }

    /// <summary>Records read ahead of the consumer at most. Default 1024.</summary>
    public int Capacity { get; init; } = 1024;
}
