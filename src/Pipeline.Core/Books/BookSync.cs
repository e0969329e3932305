using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;

namespace Pipeline.Core.Books;

/// <summary>
/// Keeps one book in step with its venue by the venue's rule: updates in an unbroken row on top of a snapshot. What does not follow
/// loses the book before anything else, and a snapshot is asked for: at most one at a time, ever more rarely if that does not help.
/// Plain and synchronous; time comes in microseconds with each call.
/// </summary>
internal sealed partial class BookSync(BookRule rule, BookOptions options, bool canAsk = true, BufferBudget? budget = null)
{
    // The market has moved to where the snapshot did not reach.
    private const string UsedUp = "depth";

    private readonly UpdateBuffer _buffer = new(options.MaxBufferedUpdates, options.MaxBufferedLevels, budget);
    private readonly SnapshotRequests _requests = new(options, canAsk);
    private BookPosition _position;
    private SeriesWatch _watch;
    private long _validSince;

    // A snapshot must not be older than what the book knew when it was lost.
    private long _leastId = long.MinValue;

    public BookState State { get; private set; } = BookState.Recovering;

    /// <summary>To be read while <see cref="State"/> is <see cref="BookState.Valid"/> only.</summary>
    public OrderBook Book { get; } = new(options.MaxLevels);

    /// <summary>Id of the last update or snapshot applied.</summary>
    public long Id => _position.Id;

    /// <summary>Event time of that update, microseconds; 0 where the venue sent none.</summary>
    public long EventTime { get; private set; }

    /// <summary>When <see cref="Tick"/> has something to do; the maximum when never.</summary>
    public long Deadline => _requests.Deadline;

    /// <summary>Updates that wait for a snapshot.</summary>
    public int Buffered => _buffer.Count;

    private bool SnapshotsAreStreamed => rule is BookRule.Chain or BookRule.Resend;

    /// <param name="levels">Bids, then asks.</param>
    public BookEffects Apply(in OrderBookUpdate update, ReadOnlySpan<BookLevel> levels, long now)
    {
        if (update.Kind == BookUpdateKind.Snapshot || IsRestart(update))
        {
            return SnapshotsAreStreamed ? Replace(update, levels, now) : Rebuild(update, levels, now);
        }

        return State == BookState.Valid ? Advance(update, levels, now) : Await(update, levels, now);
    }

    /// <summary>
    /// Goes on with an update of another socket that begins at the book's id or before and ends behind it; what follows it there is
    /// given to <see cref="Apply"/>.
    /// </summary>
    public BookEffects Splice(in OrderBookUpdate update, ReadOnlySpan<BookLevel> levels, long now)
    {
        _watch = default;
        return TryApply(update, levels) is { } fault ? Lose(fault, now) : new BookEffects { Updated = true };
    }

    /// <summary>The book is lost: what should come next does not.</summary>
    public BookEffects Break(string reason, long now) => Lose(reason, now);

    /// <summary>Asks again when an answer has not come, or when the pause is over.</summary>
    public BookEffects Tick(long now)
    {
        if (State == BookState.Valid || now < Deadline)
        {
            return default;
        }

        return _requests.IsWaiting ? Fail("unanswered", now) : new BookEffects { Request = Ask(now) };
    }

    /// <summary>Gives back what it shares with the other books of its lane; it is not used any more.</summary>
    public void Abandon() => _buffer.Clear();

    /// <summary>The clock was set back to <paramref name="now"/>.</summary>
    public void SetBack(long now)
    {
        _validSince = Math.Min(_validSince, now);
        _requests.SetBack(now);
    }

    /// <summary>Bybit: id 1 comes after a restart of the service and replaces the book (documentation of 2026-07-24).</summary>
    private bool IsRestart(in OrderBookUpdate update) => rule == BookRule.Resend && update.LastUpdateId == 1;

    private BookEffects Advance(in OrderBookUpdate update, ReadOnlySpan<BookLevel> levels, long now)
    {
        var fit = _position.Judge(rule, update);
        switch (fit)
        {
            case BookFit.KeepAlive:
                return default;
            case BookFit.Gap:
                return Lose("gap", update, levels, now);
            case BookFit.Old:
                return IsNewSeries(update, _position.Id, EventTime)
                    ? Lose("ids-restarted", update, levels, now)
                    : new BookEffects { Dropped = "stale-book" };
            default:
                _watch = default;
                return TryApply(update, levels) is { } fault
                    ? Lose(fault, now)
                    : new BookEffects { Updated = true, Reset = fit == BookFit.Reset };
        }
    }

    private BookEffects Await(in OrderBookUpdate update, ReadOnlySpan<BookLevel> levels, long now)
    {
        if (!_requests.CanAsk)
        {
            return new BookEffects { Dropped = "book-no-snapshot" };
        }

        if (SnapshotsAreStreamed)
        {
            // Nothing builds on an update here. Old ones still arrive between subscribing again and the snapshot.
            if (_requests.IsIdle)
            {
                _requests.Expect(now);
            }

            return new BookEffects { Dropped = "book-recovering" };
        }

        var effects = Buffer(update, levels);
        return _requests.IsIdle ? effects with { Request = Ask(now) } : effects;
    }

    /// <summary>Keeps the row unbroken: behind a gap it begins anew.</summary>
    private BookEffects Buffer(in OrderBookUpdate update, ReadOnlySpan<BookLevel> levels)
    {
        var broken = 0;
        if (_buffer.Count > 0)
        {
            ref readonly var last = ref _buffer[_buffer.Count - 1];
            var fit = BookPosition.Behind(last).Judge(rule, update);
            if (fit == BookFit.Old && !IsNewSeries(update, last.LastUpdateId, last.EventTime))
            {
                return new BookEffects { Dropped = "stale-book" };
            }

            if (fit != BookFit.Next)
            {
                _leastId = fit == BookFit.Old ? long.MinValue : _leastId;
                broken = _buffer.Count;
                _buffer.Clear();
            }
        }

        _watch = default;
        broken += _buffer.Add(update, levels);
        return broken == 0 ? default : new BookEffects { Dropped = "book-buffer", DroppedCount = broken };
    }

    /// <summary>Null, or what is wrong with the book now.</summary>
    private string? TryApply(in OrderBookUpdate update, ReadOnlySpan<BookLevel> levels)
    {
        _position = BookPosition.Behind(update);
        EventTime = update.EventTime;
        if (!Book.TryApply(levels, update.Bids))
        {
            return "impossible-level";
        }

        if (Book.IsCrossed)
        {
            return "crossed";
        }

        return Book.Bids.Knows(options.Depth) && Book.Asks.Knows(options.Depth) ? null : UsedUp;
    }

    /// <summary>The update that does not follow is the first of those that wait.</summary>
    private BookEffects Lose(string reason, in OrderBookUpdate update, ReadOnlySpan<BookLevel> levels, long now)
    {
        var effects = Lose(reason, now);
        _leastId = long.MinValue;
        if (!SnapshotsAreStreamed && canAsk)
        {
            _buffer.Add(update, levels);
        }

        return effects;
    }

    private BookEffects Lose(string reason, long now)
    {
        State = BookState.Recovering;
        Book.Clear();
        _buffer.Clear();
        _watch = default;
        _leastId = _position.Id;
        _requests.Forget(now - _validSince);
        if (reason == UsedUp)
        {
            _requests.Forgive();
        }

        return new BookEffects { Lost = reason, Request = Ask(now) };
    }

    private bool Ask(long now)
    {
        if (!_requests.Ask(now))
        {
            return false;
        }

        State = BookState.Recovering;
        return true;
    }

    /// <summary>Stragglers are older than the frontier; only a new series has later times under far lower ids.</summary>
    private bool IsNewSeries(in OrderBookUpdate update, long frontier, long time) =>
        rule != BookRule.Chain && update.EventTime >= time && _watch.IsNewSeries(update.LastUpdateId, frontier);
}
