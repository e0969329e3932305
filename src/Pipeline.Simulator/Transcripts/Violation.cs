namespace Pipeline.Simulator.Transcripts;

/// <summary>Something a client owed and did not do.</summary>
/// <param name="At">Microseconds since the Unix epoch.</param>
internal sealed record Violation(long At, string What);
