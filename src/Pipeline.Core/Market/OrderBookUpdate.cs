namespace Pipeline.Core.Market;

/// <summary>
/// Levels of a book: changed ones, or all. They lie in the owning batch: bids at <c>[FirstLevel, FirstLevel + Bids)</c>, asks directly
/// behind them. Times are microseconds, UTC.
/// </summary>
/// <param name="FirstUpdateId">First id covered; equals <paramref name="LastUpdateId"/> where the venue names one id only.</param>
/// <param name="PreviousUpdateId">
/// From the venue: id of the update before this one, where it says so, else -1. Behind the book station: id of the record before this
/// one, -1 for a snapshot.
/// </param>
/// <param name="EventTime">0 where the venue sends none.</param>
public readonly record struct OrderBookUpdate(
    Instrument Instrument,
    BookUpdateKind Kind,
    long FirstUpdateId,
    long LastUpdateId,
    long PreviousUpdateId,
    int FirstLevel,
    int Bids,
    int Asks,
    long EventTime,
    long ReceivedTime)
{
    /// <summary>The mid price hardly moved since the last record that is not minor. Who builds the book applies it all the same.</summary>
    public bool Minor { get; init; }
}
