using Pipeline.Core.Market;

namespace Pipeline.Core.Books;

/// <summary>One instrument's book in a lane: its sync, the sockets that feed it, its publisher and when it is to be looked at.</summary>
internal sealed class HeldBook
{
    public HeldBook(Instrument instrument, BookOptions options, bool canAsk, BufferBudget budget)
    {
        Instrument = instrument;
        Sync = new BookSync(instrument.Rules.Book, options, canAsk, budget);
        Legs = new BookLegs(Sync, instrument.Rules.Book, options, budget);
        Publisher = new BookPublisher(instrument, options);
    }

    public Instrument Instrument { get; }

    public BookSync Sync { get; }

    public BookLegs Legs { get; }

    public BookPublisher Publisher { get; }

    /// <summary>When the venue last said something that belongs to the book, be it that nothing changed; microseconds.</summary>
    public long HeardAt { get; set; }

    /// <summary>
    /// Nothing was heard for so long that the book may be a picture of the past: nothing of it is published by the clock until the
    /// venue says something again.
    /// </summary>
    public bool IsStale { get; set; }

    /// <summary>State told to the metrics; null before the first.</summary>
    public string? ToldState { get; set; }

    /// <summary>Levels cut and told to the metrics.</summary>
    public long ToldCut { get; set; }

    /// <summary>Its place in the lane's queue of deadlines; the maximum when it has none.</summary>
    public long QueuedFor { get; set; } = long.MaxValue;

    public long Deadline =>
        Math.Min(Legs.Deadline, Sync.State != BookState.Valid ? Sync.Deadline : IsStale ? long.MaxValue : Publisher.SnapshotDue);

    public string StateName => Sync.State switch
    {
        BookState.Valid => IsStale ? "stale" : "valid",
        BookState.Recovering => "recovering",
        _ => "invalid",
    };
}
