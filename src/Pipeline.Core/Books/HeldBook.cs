using Pipeline.Core.Market;

namespace Pipeline.Core.Books;

/// <summary>One instrument's book in a lane: its sync, its publisher and when it is to be looked at.</summary>
internal sealed class HeldBook(Instrument instrument, BookOptions options, bool canAsk)
{
    public Instrument Instrument { get; } = instrument;

    public BookSync Sync { get; } = new(instrument.Rules.Book, options, canAsk);

    public BookPublisher Publisher { get; } = new(instrument, options);

    /// <summary>State told to the metrics; null before the first.</summary>
    public BookState? ToldState { get; set; }

    /// <summary>Levels cut and told to the metrics.</summary>
    public long ToldCut { get; set; }

    /// <summary>Its place in the lane's queue of deadlines; the maximum when it has none.</summary>
    public long QueuedFor { get; set; } = long.MaxValue;

    public long Deadline => Sync.State == BookState.Valid ? Publisher.SnapshotDue : Sync.Deadline;
}
