namespace Pipeline.Venues.Binance;

/// <summary>Frames of Binance USDⓈ-M futures.</summary>
internal sealed class BinanceFuturesParser : BinanceParser<BinanceFuturesMarket>;
