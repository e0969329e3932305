namespace Pipeline.Core.Market;

/// <summary>
/// Levels changed between two update ids. The levels lie in the owning batch: bids at
/// <c>[FirstLevel, FirstLevel + Bids)</c>, asks directly behind them. Times are microseconds, UTC.
/// </summary>
public readonly record struct OrderBookUpdate(
    Instrument Instrument,
    long FirstUpdateId,
    long LastUpdateId,
    int FirstLevel,
    int Bids,
    int Asks,
    long EventTime,
    long ReceivedTime);
