namespace Pipeline.Simulator.World;

/// <summary>
/// A dialect's view of the world. Called under the world's lock, one event after the other, in the order in which things happen;
/// it must neither wait nor throw.
/// </summary>
internal interface IMarketListener
{
    /// <summary>Events of one turn follow; <paramref name="now"/> is the publisher's clock in microseconds.</summary>
    void BeginTurn(long now);

    void OnTrade(SymbolEngine engine, in EngineTrade trade);

    void OnAggregateTrade(SymbolEngine engine, in AggregateTrade trade);

    /// <summary>A position was closed by force; its trades have been told.</summary>
    void OnLiquidation(SymbolEngine engine, in Liquidation liquidation)
    {
    }

    /// <summary>Best bid or ask changed, in price or quantity.</summary>
    void OnQuote(SymbolEngine engine);

    /// <summary>100 ms have passed: the book's unpublished changes are due, and after a whole second those of the second too.</summary>
    void OnBookInterval(SymbolEngine engine, bool wholeSecond);

    /// <param name="engine">The symbol.</param>
    /// <param name="series">Index into <see cref="KlineKey.All"/>.</param>
    /// <param name="bar">The bar as it stands.</param>
    /// <param name="closed">True when its window is over.</param>
    void OnKline(SymbolEngine engine, int series, in KlineBar bar, bool closed);

    /// <summary>A second of the clock has passed; its bars have been told, mark price and funding are renewed.</summary>
    void OnSecond(SymbolEngine engine);

    /// <summary>No more events for now: send what was produced.</summary>
    void EndTurn();
}
