namespace Pipeline.Venues.Binance;

/// <summary>Value of a payload's <c>e</c>; a spot quote and a partial book of spot have none.</summary>
internal enum BinanceEvent : byte
{
    None,
    Trade,
    AggregateTrade,
    BookTicker,
    DepthUpdate,
    Kline,
    Ticker,
    MarkPrice,
    Liquidation,
    ServerShutdown,
    Other,
}
