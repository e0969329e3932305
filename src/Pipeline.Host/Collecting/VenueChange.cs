using Pipeline.Core.Feeds;

namespace Pipeline.Host.Collecting;

/// <summary>What an edit came to for one venue.</summary>
/// <param name="Streams">Null when it is not collected from yet: then the edit holds once it is.</param>
/// <param name="LeftOut">Entries that stand for nothing, or do not say for what.</param>
/// <param name="Refusal">Why the edit is not followed and all stays as it was; null when it is.</param>
internal sealed record VenueChange(string Venue, StreamDifference? Streams, IReadOnlyList<string> LeftOut, string? Refusal = null);
