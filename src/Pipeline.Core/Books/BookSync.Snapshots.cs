using Pipeline.Core.Market;

namespace Pipeline.Core.Books;

/// <summary>How a snapshot becomes the book.</summary>
internal sealed partial class BookSync
{
    /// <summary>A snapshot by REST goes under the updates that wait.</summary>
    private BookEffects Rebuild(in OrderBookUpdate snapshot, ReadOnlySpan<BookLevel> levels, long now)
    {
        if (State == BookState.Valid)
        {
            return new BookEffects { Snapshot = "not-needed" };
        }

        var position = BookPosition.Behind(snapshot);
        var first = 0;
        while (first < _buffer.Count && position.Judge(rule, _buffer[first]) == BookFit.Old)
        {
            first++;
        }

        var isTooOld = first < _buffer.Count && position.Judge(rule, _buffer[first]) == BookFit.Gap;
        if (isTooOld || snapshot.LastUpdateId < _leastId)
        {
            return Fail("too-old", now);
        }

        var fault = Load(snapshot, levels);
        for (; first < _buffer.Count && fault is null; first++)
        {
            ref readonly var update = ref _buffer[first];
            fault = TryApply(update, _buffer.LevelsOf(update));
        }

        return fault is null ? Stand(now) : Fail(fault, now);
    }

    /// <summary>A snapshot from the stream is the book, whatever was before.</summary>
    private BookEffects Replace(in OrderBookUpdate snapshot, ReadOnlySpan<BookLevel> levels, long now)
    {
        if (Load(snapshot, levels) is not { } fault)
        {
            return Stand(now);
        }

        return State == BookState.Valid ? Lose(fault, now) : Fail(fault, now);
    }

    private string? Load(in OrderBookUpdate snapshot, ReadOnlySpan<BookLevel> levels)
    {
        Book.Clear();
        var fault = TryApply(snapshot, levels);
        if (fault is null && !SnapshotsAreStreamed)
        {
            // Fewer than were asked for are all there are.
            MarkCut(Book.Bids);
            MarkCut(Book.Asks);
        }

        return fault;
    }

    private void MarkCut(BookSide side)
    {
        if (side.Count >= options.RequestDepth)
        {
            side.MarkCut();
        }
    }

    private BookEffects Stand(long now)
    {
        State = BookState.Valid;
        _validSince = now;
        _leastId = long.MinValue;
        _watch = default;
        _buffer.Clear();
        _requests.Done();
        return new BookEffects { Rebuilt = true, Snapshot = "applied" };
    }

    private BookEffects Fail(string outcome, long now)
    {
        State = BookState.Invalid;
        Book.Clear();
        return new BookEffects { Snapshot = outcome, Request = Ask(now) };
    }
}
