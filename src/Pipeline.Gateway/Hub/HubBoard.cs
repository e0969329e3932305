using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.Hub;

/// <summary>How things stood at a moment, for whoever asks from outside. Never changes; for any thread.</summary>
/// <param name="open">In any order.</param>
internal sealed class HubBoard(IReadOnlyList<GapRow> open)
{
    // Sorted by who asks, not by the hub.
    private readonly Lazy<IReadOnlyList<GapRow>> _openGaps = new(() => [.. open.OrderBy(gap => gap.OpenedTime)]);

    /// <summary>When it was made, microseconds since the Unix epoch.</summary>
    public required long Time { get; init; }

    /// <summary>Empty while none is known.</summary>
    public required string LogId { get; init; }

    /// <summary>Records that the hub had taken in.</summary>
    public required long Records { get; init; }

    /// <summary>Every stream, in order of appearance.</summary>
    public required IReadOnlyList<StreamRow> Streams { get; init; }

    /// <summary>Streams whose data does not come, as the collectors say.</summary>
    public required IReadOnlyList<StaleStream> Stale { get; init; }

    /// <summary>Holes that are open, the oldest first.</summary>
    public IReadOnlyList<GapRow> OpenGaps => _openGaps.Value;

    /// <summary>Holes that were closed, the newest first.</summary>
    public required IReadOnlyList<GapRow> RecentGaps { get; init; }

    /// <summary>What the collectors say of themselves.</summary>
    public required IReadOnlyList<StatusRow> Status { get; init; }
}
