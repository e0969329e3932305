namespace Pipeline.History;

/// <summary>What a step of retention did.</summary>
/// <param name="Aged">Candles removed because of their age.</param>
/// <param name="Oversize">Candles removed because of the size of the file.</param>
/// <param name="IsMore">Another step would find more to do.</param>
public readonly record struct TidyResult(int Aged, int Oversize, bool IsMore);
