namespace Pipeline.Core.Market;

/// <summary>How a trade reached us. Only <see cref="Live"/> trades promise increasing ids per instrument.</summary>
public enum TradeSource : byte
{
    Live,
    Repair,
    Replay,
}
