namespace Pipeline.Simulator.World;

/// <summary>How a trade came about. Only <see cref="Market"/> counts in bars and aggregates; the next three exist on Binance futures alone.</summary>
internal enum TradeKind
{
    /// <summary>A taker met a resting order.</summary>
    Market,

    /// <summary>The insurance fund took over a liquidated position.</summary>
    InsuranceFund,

    /// <summary>A position was reduced against one of the other side.</summary>
    Deleveraging,

    /// <summary>Something of the venue's own, without price and quantity.</summary>
    Unnamed,

    /// <summary>No trade: its id was left out for good, on any venue.</summary>
    Skipped,

    /// <summary>A trade that counts in bars and is shown to nobody, on any venue.</summary>
    Withheld,
}
