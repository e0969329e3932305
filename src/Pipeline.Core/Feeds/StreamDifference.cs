namespace Pipeline.Core.Feeds;

/// <summary>What a change of wishes came to, in streams.</summary>
/// <param name="Refused">Streams that could not be wished for, and why.</param>
public sealed record StreamDifference(
    IReadOnlyList<string> Added, IReadOnlyList<string> Removed, int Untouched, IReadOnlyList<string> Refused)
{
    public static readonly StreamDifference None = new([], [], 0, []);

    public bool IsEmpty => Added.Count == 0 && Removed.Count == 0 && Refused.Count == 0;
}
