namespace Pipeline.History;

/// <summary>Up to where a log has been taken over. Immutable.</summary>
/// <param name="LogId">Which log; null in an empty store.</param>
/// <param name="Next">Per partition, the offset that comes next.</param>
public sealed record StorePosition(string? LogId, IReadOnlyDictionary<int, long> Next)
{
    public static StorePosition None { get; } = new(null, new Dictionary<int, long>());

    /// <summary>The offset that comes next in a partition; 0 where nothing of it was taken.</summary>
    public long NextOf(int partition) => Next.GetValueOrDefault(partition);
}
