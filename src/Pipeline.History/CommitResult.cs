namespace Pipeline.History;

/// <summary>What became of a batch.</summary>
/// <param name="Added">Candles that were not there.</param>
/// <param name="Replaced">Candles that took the place of an older record of theirs.</param>
/// <param name="Skipped">Records that were no newer than what is stored.</param>
public readonly record struct CommitResult(int Added, int Replaced, int Skipped);
