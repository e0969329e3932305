namespace Pipeline.Core.Market;

/// <summary>What the levels of an <see cref="OrderBookUpdate"/> are.</summary>
public enum BookUpdateKind : byte
{
    /// <summary>Levels that changed.</summary>
    Update,

    /// <summary>The whole book, which replaces what was known.</summary>
    Snapshot,

    /// <summary>The best few levels, whole and for themselves: they build no book.</summary>
    Partial,
}
