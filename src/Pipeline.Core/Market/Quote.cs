namespace Pipeline.Core.Market;

/// <summary>Best bid and ask. <see cref="EventTime"/> is 0 where the venue sends none. Times are microseconds, UTC.</summary>
public readonly record struct Quote(
    Instrument Instrument,
    long UpdateId,
    Number Bid,
    Number BidQuantity,
    Number Ask,
    Number AskQuantity,
    long EventTime,
    long ReceivedTime)
{
    /// <summary>The mid price hardly moved since the last quote that is not minor.</summary>
    public bool Minor { get; init; }
}
