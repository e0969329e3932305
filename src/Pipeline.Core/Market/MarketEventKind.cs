namespace Pipeline.Core.Market;

/// <summary>What a <see cref="MarketEvent"/> refers to.</summary>
public enum MarketEventKind : byte
{
    Trade,
    Quote,
    BookUpdate,
    Candle,
    VenueCandle,
    DeadLetter,
}
