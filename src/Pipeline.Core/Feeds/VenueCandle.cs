using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds;

/// <summary>One of the venue's own candles as it sent it.</summary>
/// <param name="TakerBuyVolume">Null = not told.</param>
/// <param name="Trades">-1 = not told.</param>
/// <param name="FirstId">-1 = none or not told.</param>
public readonly record struct VenueCandle(
    int Symbol,
    CandleInterval Interval,
    long OpenTime,
    Number Open,
    Number High,
    Number Low,
    Number Close,
    WideNumber Volume,
    WideNumber QuoteVolume,
    WideNumber? TakerBuyVolume,
    long Trades,
    long FirstId,
    long LastId,
    bool Closed,
    long Time)
{
    /// <summary>Without what is the venue's: a number for its symbol, its unit of time.</summary>
    /// <param name="timeUnit">Microseconds in one unit of its times.</param>
    public Candle ToCandle(Instrument instrument, int timeUnit, long receivedTime) => new(
        instrument,
        Interval,
        OpenTime * timeUnit,
        Open,
        High,
        Low,
        Close,
        Volume,
        QuoteVolume,
        TakerBuyVolume,
        Trades,
        FirstId,
        LastId,
        Closed ? CandleState.Final : CandleState.Forming,
        Revision: 0,
        Complete: Closed,
        Updates: 1,
        CandleSource.Venue,
        receivedTime);
}
