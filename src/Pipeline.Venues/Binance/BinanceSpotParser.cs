namespace Pipeline.Venues.Binance;

/// <summary>Frames of Binance spot.</summary>
internal sealed class BinanceSpotParser : BinanceParser<BinanceSpotMarket>;
