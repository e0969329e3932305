namespace Pipeline.Core.Market;

/// <summary>What is traded.</summary>
public enum InstrumentKind : byte
{
    Spot,
    Perpetual,

    /// <summary>A token whose price an on-chain program tells.</summary>
    Token,
}
