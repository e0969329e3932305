namespace Pipeline.Core.Market;

/// <summary>
/// Open, high, low, close and totals of a left-closed window <c>[OpenTime, CloseTime)</c> of event time.
/// Times are microseconds since the Unix epoch, UTC.
/// </summary>
/// <param name="Volume">Sum of quantities: base currency, or contracts where the venue counts those.</param>
/// <param name="QuoteVolume">Sum of price × quantity × contract size, quote currency.</param>
/// <param name="TakerBuyVolume">Part of <paramref name="Volume"/> in which the buyer took liquidity; null = the venue does not say.</param>
/// <param name="Trades">Number of fills; -1 = the venue does not say.</param>
/// <param name="FirstId">Id of the first trade; -1 where there is none, or where ids say nothing of order.</param>
/// <param name="Complete">True when no hole touches the window and its start was seen.</param>
/// <param name="Updates">Records written for this candle so far, this one included.</param>
public readonly record struct Candle(
    Instrument Instrument,
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
    CandleState State,
    int Revision,
    bool Complete,
    int Updates,
    CandleSource Source,
    long ReceivedTime)
{
    public long CloseTime => OpenTime + Interval.Microseconds;
}
