namespace Pipeline.Core.Market;

/// <summary>What became of an instrument between two lists of its venue.</summary>
public enum InstrumentChangeKind
{
    Listed,

    /// <summary>Gone from the list, or marked as delisted in it.</summary>
    Delisted,

    /// <summary>The same thing under another symbol, or a symbol that stands for another id.</summary>
    Renamed,

    /// <summary>Its steps, its contract size or its status.</summary>
    Changed,
}
