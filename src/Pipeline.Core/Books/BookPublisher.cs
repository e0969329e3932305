using Pipeline.Core.Market;

namespace Pipeline.Core.Books;

/// <summary>
/// What of one book leaves: its best levels, whole from time to time and after each rebuilding, in between what changed among them.
/// Whoever applies the records in their order holds exactly the best levels.
/// </summary>
internal sealed class BookPublisher
{
    // Full records a little early, books at different times: the interval is kept, and a thousand books that began together do not stay so.
    private const int Spread = 16;

    private readonly Instrument _instrument;
    private readonly TopLevels _bids;
    private readonly TopLevels _asks;
    private readonly int _depth;
    private readonly long _interval;
    private int _scale;
    private long _publishedId;
    private long _eventTime;
    private long _receivedTime;

    public BookPublisher(Instrument instrument, BookOptions options)
    {
        _instrument = instrument;
        _depth = options.Depth;
        _bids = new TopLevels(options.Depth);
        _asks = new TopLevels(options.Depth);
        var interval = MarketTime.From(options.SnapshotInterval);
        _interval = interval - (interval / 10 * ((instrument.Index % Spread) + 1) / Spread);
    }

    /// <summary>When the next full record is due, microseconds.</summary>
    public long SnapshotDue { get; private set; }

    /// <summary>Adds the record of an update applied to the book; false when nothing among the best levels changed.</summary>
    public bool TryPublish(OrderBook book, in OrderBookUpdate cause, MarketBatch into, long now)
    {
        (_eventTime, _receivedTime) = (cause.EventTime, cause.ReceivedTime);

        // With another scale what was published cannot be compared by ticks.
        if (now >= SnapshotDue || book.Scale != _scale)
        {
            PublishSnapshot(book, cause.LastUpdateId, into, now);
            return true;
        }

        var first = into.Levels.Count;
        var bids = book.Bids.BestChange < _depth ? _bids.Follow(book.Bids, into.Levels) : 0;
        var asks = book.Asks.BestChange < _depth ? _asks.Follow(book.Asks, into.Levels) : 0;
        Settle(book);
        if (bids + asks == 0)
        {
            return false;
        }

        into.BookUpdates.Add(cause with
        {
            Kind = BookUpdateKind.Update,
            PreviousUpdateId = _publishedId,
            FirstLevel = first,
            Bids = bids,
            Asks = asks,
        });
        _publishedId = cause.LastUpdateId;
        return true;
    }

    /// <summary>Adds the full record of a book that was rebuilt up to <paramref name="last"/>.</summary>
    public void PublishRebuilt(OrderBook book, in OrderBookUpdate last, MarketBatch into, long now)
    {
        (_eventTime, _receivedTime) = (last.EventTime, last.ReceivedTime);
        PublishSnapshot(book, last.LastUpdateId, into, now);
    }

    /// <summary>Adds a full record; its times are those of the last update, since nothing newer is known.</summary>
    public void PublishSnapshot(OrderBook book, long id, MarketBatch into, long now)
    {
        var first = into.Levels.Count;
        var bids = _bids.Copy(book.Bids, into.Levels);
        var asks = _asks.Copy(book.Asks, into.Levels);
        into.BookUpdates.Add(new OrderBookUpdate(
            _instrument, BookUpdateKind.Snapshot, id, id, PreviousUpdateId: -1, first, bids, asks, _eventTime, _receivedTime));
        Settle(book);
        _scale = book.Scale;
        _publishedId = id;
        SnapshotDue = now + _interval;
    }

    /// <summary>The clock was set back: the next record is a full one.</summary>
    public void SetBack(long now) => SnapshotDue = Math.Min(SnapshotDue, now);

    private static void Settle(OrderBook book)
    {
        book.Bids.Settle();
        book.Asks.Settle();
    }
}
