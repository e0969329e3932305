namespace Pipeline.Venues.Binance;

/// <summary>From the bytes of a payload's <c>e</c> to what happened.</summary>
internal static class BinanceEventNames
{
    public static BinanceEvent Find(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("trade"u8) ? BinanceEvent.Trade
        : name.SequenceEqual("aggTrade"u8) ? BinanceEvent.AggregateTrade
        : name.SequenceEqual("bookTicker"u8) ? BinanceEvent.BookTicker
        : name.SequenceEqual("depthUpdate"u8) ? BinanceEvent.DepthUpdate
        : name.SequenceEqual("kline"u8) ? BinanceEvent.Kline
        : name.SequenceEqual("24hrTicker"u8) ? BinanceEvent.Ticker
        : name.SequenceEqual("markPriceUpdate"u8) ? BinanceEvent.MarkPrice
        : name.SequenceEqual("forceOrder"u8) ? BinanceEvent.Liquidation
        : name.SequenceEqual("serverShutdown"u8) ? BinanceEvent.ServerShutdown
        : BinanceEvent.Other;
}
