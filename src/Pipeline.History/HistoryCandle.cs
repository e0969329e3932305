using Pipeline.Core.Market;

namespace Pipeline.History;

/// <summary>
/// A final or revised candle as <c>md.candles</c> has it, without the names of its series. Times are microseconds since the Unix epoch, UTC.
/// </summary>
/// <param name="TakerBuyVolume">Null where the venue does not say.</param>
/// <param name="Trades">Number of fills; -1 where the venue does not say.</param>
/// <param name="FirstId">Id of the first trade; -1 where there is none, or where ids say nothing of order.</param>
/// <param name="Updates">Records that were written for it, the last one included.</param>
public readonly record struct HistoryCandle(
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
    CandleState State,
    int Revision,
    bool Complete,
    int Updates,
    CandleSource Source);
