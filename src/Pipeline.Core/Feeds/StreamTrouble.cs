namespace Pipeline.Core.Feeds;

/// <summary>A stream that is wished for and does not come, since it never was subscribed to.</summary>
/// <param name="Stream">The venue's name of it.</param>
/// <param name="Connection">Connection it is on; null when it is on none.</param>
/// <param name="Reason">In words.</param>
public sealed record StreamTrouble(string Stream, string? Connection, StreamTroubleKind Kind, string Reason);
