namespace Pipeline.Gateway.Instruments;

/// <summary>What a client's names of instruments stand for.</summary>
/// <param name="Keys">Instruments found; null when no names were given, which means all.</param>
/// <param name="Unknown">Places in the list of names that stand for nothing that is known yet.</param>
/// <param name="Ambiguous">Places of names that several instruments of one venue bear: they stand for none of them.</param>
/// <param name="Version">State of the directory that was asked.</param>
internal sealed record SymbolResolution(HashSet<string>? Keys, List<int> Unknown, List<int> Ambiguous, long Version);
