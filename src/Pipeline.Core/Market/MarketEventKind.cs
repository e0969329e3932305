namespace Pipeline.Core.Market;

/// <summary>What a <see cref="MarketEvent"/> refers to.</summary>
public enum MarketEventKind : byte
{
    Trade,
    Quote,
    BookUpdate,
    Candle,
    VenueCandle,
    Ticker,
    MarkPrice,
    FundingRate,
    Liquidation,
    PriceTick,
    DeadLetter,
}
