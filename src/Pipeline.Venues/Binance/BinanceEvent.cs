namespace Pipeline.Venues.Binance;

/// <summary>Value of a payload's <c>e</c>; a spot quote has none.</summary>
internal enum BinanceEvent : byte
{
    None,
    Trade,
    AggregateTrade,
    BookTicker,
    DepthUpdate,
    Kline,
    ServerShutdown,
    Other,
}
