using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Books;

/// <summary>
/// The books of one lane. What venues say of books goes out of the batch, what leaves of them comes in, in its place. One book's
/// trouble touches no other.
/// </summary>
internal sealed class BookStation(BookOptions options, IBookSnapshots? snapshots, PipelineMetrics metrics, DisplayFilter? display = null)
{
    // Connections differ by less than this; a clock that falls back further has been set back, and is followed.
    private const long ClockStep = 2_000_000;

    // Full records that one tick may bring: a thousand at once would make one huge batch.
    private const int MaxPerTick = 64;

    private readonly long _trust = MarketTime.From(options.TrustedSilence);
    private readonly BufferBudget _budget = new(options.MaxBufferedLevelsPerLane);
    private readonly PriorityQueue<HeldBook, long> _due = new();
    private readonly List<HeldBook> _all = [];
    private InstrumentMap<HeldBook>? _books;
    private long _now;

    /// <summary>When a batch is wanted even if nothing happens, by the market clock; the maximum when never.</summary>
    public long NextDeadline => _due.TryPeek(out _, out var due) ? due : long.MaxValue;

    /// <summary>Those whose book is kept.</summary>
    public IEnumerable<Instrument> Known => _all.Select(book => book.Instrument);

    public void Process(MarketBatch batch)
    {
        Follow(batch.Now);
        if (batch.BookUpdates.Count > 0)
        {
            TakeUpdates(batch);
        }

        TakeDue(batch);
    }

    /// <summary>Lets go of an instrument's book: nothing of it is published or asked for any more.</summary>
    public void Forget(Instrument instrument)
    {
        if (_books?.Remove(instrument) is not { } book)
        {
            return;
        }

        // Its place in the queue is passed over when its time comes.
        book.QueuedFor = long.MaxValue;
        book.Sync.Abandon();
        _all.Remove(book);
        if (book.ToldState is { } state)
        {
            metrics.Books(instrument.Venue, state, -1);
        }
    }

    private void TakeUpdates(MarketBatch batch)
    {
        var kept = 0;
        for (var i = 0; i < batch.Events.Count; i++)
        {
            var happened = batch.Events[i];
            if (happened.Kind != MarketEventKind.BookUpdate || batch.BookUpdates[happened.Index].Kind == BookUpdateKind.Partial)
            {
                batch.Events[kept++] = happened;
            }
            else if (Publishes(batch, batch.BookUpdates[happened.Index]))
            {
                batch.Events[kept++] = new MarketEvent(MarketEventKind.BookUpdate, batch.BookUpdates.Count - 1);
            }
        }

        batch.Events.Truncate(kept);
    }

    /// <summary>True when a record was appended.</summary>
    private bool Publishes(MarketBatch batch, OrderBookUpdate update)
    {
        var book = BookOf(update.Instrument);
        var levels = batch.Levels.Span.Slice(update.FirstLevel, update.Bids + update.Asks);
        var effects = book.Legs.Take(update, levels, BookOrigin.Of(batch), _now);
        if (effects.Dropped is null)
        {
            (book.HeardAt, book.IsStale) = (_now, false);
        }

        Act(book, effects);
        var publishes = !effects.Rebuilt && Publishes(book, effects, update, batch);
        if (effects.Rebuilt)
        {
            // Updates that waited may have gone on top of the snapshot.
            var last = update with { LastUpdateId = book.Sync.Id, EventTime = book.Sync.EventTime };
            book.Publisher.PublishRebuilt(book.Sync.Book, last, batch, _now);
            Mark(book, batch);
        }

        Queue(book);
        return publishes || effects.Rebuilt;
    }

    private bool Publishes(HeldBook book, in BookEffects effects, in OrderBookUpdate update, MarketBatch batch)
    {
        if (!effects.Updated || !book.Publisher.TryPublish(book.Sync.Book, effects.Moved ? book.Legs.LastApplied : update, batch, _now))
        {
            return false;
        }

        Mark(book, batch);
        return true;
    }

    private void Mark(HeldBook book, MarketBatch batch) => display?.Mark(ref batch.BookUpdates[batch.BookUpdates.Count - 1], book.Sync.Book);

    private void TakeDue(MarketBatch batch)
    {
        for (var left = MaxPerTick; left > 0 && _due.TryPeek(out var book, out var due) && due <= _now; left--)
        {
            _due.Dequeue();
            if (book.QueuedFor != due)
            {
                continue;
            }

            book.QueuedFor = long.MaxValue;
            Tick(book, batch);
            Queue(book);
        }
    }

    private void Tick(HeldBook book, MarketBatch batch)
    {
        TickLegs(book, batch);
        if (book.Sync.State != BookState.Valid)
        {
            Act(book, book.Sync.Tick(_now));
        }
        else if (_now - book.HeardAt >= _trust)
        {
            book.IsStale = true;
            Tell(book);
        }
        else if (book.Publisher.SnapshotDue <= _now)
        {
            book.Publisher.PublishSnapshot(book.Sync.Book, book.Sync.Id, batch, _now);
            Mark(book, batch);
            batch.Events.Add(new MarketEvent(MarketEventKind.BookUpdate, batch.BookUpdates.Count - 1));
        }
    }

    private void TickLegs(HeldBook book, MarketBatch batch)
    {
        if (book.Legs.Deadline > _now)
        {
            return;
        }

        var effects = book.Legs.Tick(_now);
        (book.HeardAt, book.IsStale) = effects.Updated ? (_now, false) : (book.HeardAt, book.IsStale);
        Act(book, effects);
        if (Publishes(book, effects, book.Legs.LastApplied, batch))
        {
            batch.Events.Add(new MarketEvent(MarketEventKind.BookUpdate, batch.BookUpdates.Count - 1));
        }
    }

    private void Act(HeldBook book, in BookEffects effects)
    {
        var venue = book.Instrument.Venue;
        Tell(book);
        if (effects.Lost is { } reason)
        {
            metrics.BookLost(venue, reason);
        }

        if (effects.Snapshot is { } outcome)
        {
            metrics.BookSnapshot(venue, outcome);
        }

        if (effects.Dropped is { } dropped)
        {
            metrics.Dropped(venue, dropped, Math.Max(1, effects.DroppedCount));
        }

        if (effects.Moved)
        {
            metrics.BookMoved(venue);
        }

        if (effects.Reset)
        {
            metrics.Reset(venue, "book");
        }

        if (effects.Request)
        {
            Request(book.Instrument);
        }
    }

    private void Tell(HeldBook book)
    {
        var venue = book.Instrument.Venue;
        var state = book.StateName;
        if (!ReferenceEquals(book.ToldState, state))
        {
            if (book.ToldState is { } before)
            {
                metrics.Books(venue, before, -1);
            }

            metrics.Books(venue, state, 1);
            book.ToldState = state;
        }

        var cut = book.Sync.Book.Bids.Cut + book.Sync.Book.Asks.Cut;
        metrics.BookLevelsCut(venue, cut - book.ToldCut);
        book.ToldCut = cut;
    }

    private void Request(Instrument instrument)
    {
        metrics.BookSnapshot(instrument.Venue, "requested");
        try
        {
            snapshots!.Request(instrument);
        }
        catch (Exception)
        {
            // The book asks again after its deadline; the lane goes on.
            metrics.BookSnapshot(instrument.Venue, "request-failed");
        }
    }

    /// <summary>One entry a book, except where a deadline came nearer: the old one is passed over when its time comes.</summary>
    private void Queue(HeldBook book)
    {
        var deadline = book.Deadline;
        if (deadline < book.QueuedFor)
        {
            book.QueuedFor = deadline;
            _due.Enqueue(book, deadline);
        }
    }

    private void Follow(long now)
    {
        if (now >= _now - ClockStep)
        {
            _now = Math.Max(_now, now);
            return;
        }

        _now = now;
        _due.Clear();
        foreach (var book in _all)
        {
            book.Sync.SetBack(now);
            book.Legs.SetBack(now);
            book.Publisher.SetBack(now);
            book.HeardAt = Math.Min(book.HeardAt, now);
            book.QueuedFor = long.MaxValue;
            Queue(book);
        }
    }

    private HeldBook BookOf(Instrument instrument) => (_books ??= new InstrumentMap<HeldBook>(Make))[instrument];

    private HeldBook Make(Instrument instrument)
    {
        var book = new HeldBook(instrument, options, snapshots is not null, _budget);
        _all.Add(book);
        return book;
    }
}
