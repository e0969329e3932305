
namespace Pipeline.Core.Market;

/// <summary>
/// How far an instrument has come: all that a restarted process must know of it. Made by stations 4 and 5 while they handle the same
/// batch, so that both parts have folded the same trades; written to <c>md.state</c> once everything written before it is acknowledged.
/// </summary>
public sealed class InstrumentState(Instrument instrument)
{
    public Instrument Instrument { get; } = instrument;

    /// <summary>
    /// To station 4 it is as it was at the last checkpoint. Station 5, whose windows close by the clock too, leaves it out if it has
    /// nothing new either.
    /// </summary>
    public bool IsUnchanged { get; set; }

    /// <summary>Station 4; null where the instrument has had no trade.</summary>
    public TradeSeriesState? Trades { get; set; }

    /// <summary>Station 5; null where no candle is made of it.</summary>
    public CandleSeriesState? Candles { get; set; }
}
