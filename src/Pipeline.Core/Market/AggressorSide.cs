namespace Pipeline.Core.Market;

/// <summary>The side that took liquidity in a trade.</summary>
public enum AggressorSide : byte
{
    Unknown,
    Buy,
    Sell,
}
