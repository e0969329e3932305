namespace Pipeline.Core.Market;

/// <summary>Whether a trade is one of the market's.</summary>
public enum TradeKind : byte
{
    /// <summary>Two orders met.</summary>
    Market,

    /// <summary>
    /// Counted by the venue among its trades, yet none of the market's: insurance fund, auto-deleveraging. Its id counts, its price
    /// and quantity, which may be zero, do not.
    /// </summary>
    OffMarket,
}
