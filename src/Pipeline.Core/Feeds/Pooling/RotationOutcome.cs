namespace Pipeline.Core.Feeds.Pooling;

/// <summary>What became of a rotation.</summary>
/// <param name="Connection">Name of the connection.</param>
/// <param name="IsDone">Whether the replacement has taken over.</param>
/// <param name="Reason">Why not; null when it has.</param>
/// <param name="Took">From its beginning to the close of the old socket, or to giving up.</param>
/// <param name="Unproven">Streams that were quiet all the time, so that nothing has shown the replacement to carry them.</param>
public sealed record RotationOutcome(string Connection, bool IsDone, string? Reason, TimeSpan Took, int Unproven);
