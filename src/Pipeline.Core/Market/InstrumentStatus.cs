namespace Pipeline.Core.Market;

/// <summary>Whether an instrument is traded now.</summary>
public enum InstrumentStatus : byte
{
    Trading,

    /// <summary>Listed, not traded at the moment.</summary>
    Halted,

    /// <summary>Announced, not traded yet.</summary>
    PreOpen,

    /// <summary>Gone from the venue's list.</summary>
    Delisted,
}
