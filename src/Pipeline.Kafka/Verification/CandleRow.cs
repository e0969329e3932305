using Pipeline.Core.Market;

namespace Pipeline.Kafka.Verification;

/// <summary>What the proofs need of a record of <c>md.candles</c>.</summary>
/// <param name="Trades">Fills; -1 = the record does not say.</param>
internal sealed record CandleRow(
    CandleInterval Interval,
    long OpenTime,
    long CloseTime,
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
    CandleSource Source)
{
    /// <summary>No trade fell into it.</summary>
    public bool IsEmpty => LastId < 0 && Trades <= 0 && Volume.CompareTo(WideNumber.Zero) == 0;

    public override string ToString() => $"{Interval} candle of {OpenTime}";
}
