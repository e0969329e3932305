namespace Pipeline.Core.Market;

/// <summary>One price level; quantity is absolute, zero deletes the level.</summary>
public readonly record struct BookLevel(Number Price, Number Quantity);
