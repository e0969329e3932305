namespace Pipeline.Kafka.Topics;

/// <summary>One topic as it must be.</summary>
/// <param name="Name">Full name, prefix included.</param>
/// <param name="Schema">Shape of its records, as in the header <c>schema</c>; see <see cref="Records.RecordSchema"/>.</param>
/// <param name="Key">Form of the record key, for people.</param>
/// <param name="Settings">Settings it is created with, such as <c>cleanup.policy</c>; the broker's defaults for the rest.</param>
public sealed record TopicDefinition(string Name, int Partitions, string Schema, string Key, IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>
    /// True when the owner of a partition is the only one who writes it: then its records bear the owner's epoch. False where several
    /// collectors write side by side.
    /// </summary>
    public bool IsOwned { get; init; }

    /// <summary><c>delete</c>, <c>compact</c> or <c>compact,delete</c>.</summary>
    public string CleanupPolicy => Settings["cleanup.policy"];
}
