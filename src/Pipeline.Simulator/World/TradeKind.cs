namespace Pipeline.Simulator.World;

/// <summary>How a trade came about. All but <see cref="Market"/> exist on Binance futures alone and count in no bar or aggregate.</summary>
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
}
