using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds;

/// <summary>Rolling 24 hours as the venue sent them; null = not said. See <see cref="Ticker"/>.</summary>
public readonly record struct VenueTicker(
    int Symbol,
    Number Last,
    Number? LastQuantity,
    Number? Bid,
    Number? BidQuantity,
    Number? Ask,
    Number? AskQuantity,
    Number Open,
    Number High,
    Number Low,
    WideNumber Volume,
    WideNumber? QuoteVolume,
    long Time);
