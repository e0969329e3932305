using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds;

/// <summary>One of the venue's own candles as it sent it.</summary>
public readonly record struct VenueCandle(
    int Symbol,
    CandleInterval Interval,
    long OpenTime,
    Number Open,
    Number High,
    Number Low,
    Number Close,
    Number Volume,
    Number QuoteVolume,
    Number TakerBuyVolume,
    long Trades,
    long FirstId,
    long LastId,
    bool Closed,
    long Time);
