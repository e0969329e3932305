namespace Pipeline.Core.Feeds;

/// <summary>What a change of wishes came to, in streams.</summary>
/// <param name="Refused">Streams that could not be wished for, and why.</param>
public sealed record StreamDifference(
    IReadOnlyList<string> Added, IReadOnlyList<string> Removed, int Untouched, IReadOnlyList<string> Refused)
{
    public static readonly StreamDifference None = new([], [], 0, []);

    /// <summary>Streams that go to a connection with another number of legs.</summary>
    public IReadOnlyList<string> Moved { get; init; } = [];

    public bool IsEmpty => Added.Count + Removed.Count + Moved.Count + Refused.Count == 0;
}
