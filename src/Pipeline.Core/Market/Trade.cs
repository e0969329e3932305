namespace Pipeline.Core.Market;

/// <summary>
/// A trade as one record. <see cref="Id"/> is the id under which the venue's stream counts; where a row stands for several
/// fills, <see cref="Fills"/> says how many. <see cref="FirstId"/> differs from it where the row stands for a range of ids. Times are microseconds since the Unix epoch, UTC.
/// </summary>
public readonly record struct Trade(
    Instrument Instrument,
    long Id,
    long FirstId,
    Number Price,
    Number Quantity,
    AggressorSide Side,
    int Fills,
    TradeKind Kind,
    long EventTime,
    long ReceivedTime,
    TradeSource Source,
    bool AfterGap);
