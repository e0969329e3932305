using Pipeline.Core.Market;

namespace Pipeline.Core.Books;

/// <summary>
/// Which socket a book follows while several carry its updates. Two sockets may group updates differently, so that they are never mixed:
/// a book follows one, and what another brings ahead of the book is kept until it bridges: the book itself is the snapshot that the row
/// goes on from. It moves to a socket opened later as soon as that one bridges, and to any other that bridges once its own was silent for
/// a second while others spoke, or has gone. Where none bridges then, something is missing, and the book recovers.
/// Plain and synchronous; times in microseconds.
/// </summary>
internal sealed class BookLegs(BookSync sync, BookRule rule, BookOptions options, BufferBudget budget)
{
    /// <summary>Others speak, the followed one does not: so long it is waited for.</summary>
    public const long Patience = 1_000_000;

    private const long Nobody = -1;

    // The other leg, and the twins of both.
    private const int MaxOthers = 3;

    private readonly List<BookLeg> _others = [];
    private long _series;
    private long _silentSince;
    private bool _isWaiting;
    private OrderBookUpdate _lastApplied;

    /// <summary>Number of the socket followed; -1 before the first.</summary>
    public long Followed { get; private set; } = Nobody;

    /// <summary>The last update applied when the book moved.</summary>
    public ref readonly OrderBookUpdate LastApplied => ref _lastApplied;

    /// <summary>When <see cref="Tick"/> has something to do; the maximum when never.</summary>
    public long Deadline => _isWaiting ? _silentSince + Patience : long.MaxValue;

    private bool SnapshotsAreStreamed => rule is BookRule.Chain or BookRule.Resend;

    private bool IsValid => sync.State == BookState.Valid;

    /// <param name="origin">Over which socket it came.</param>
    public BookEffects Take(in OrderBookUpdate update, ReadOnlySpan<BookLevel> levels, in BookOrigin origin, long now)
    {
        if (update.Kind == BookUpdateKind.Snapshot && !SnapshotsAreStreamed)
        {
            return Settle(sync.Apply(update, levels, now), now);
        }

        if (origin.Socket == Followed || Followed == Nobody)
        {
            return TakeFollowed(update, levels, origin, now);
        }

        // Nobody listened in between, or only this socket is left.
        return origin.Series > _series || origin.Legs <= 1
            ? TakeSuccessor(update, levels, origin, now)
            : TakeOther(update, levels, origin, now);
    }

    /// <summary>The followed socket is silent while another is ahead.</summary>
    public BookEffects Tick(long now)
    {
        if (now < Deadline)
        {
            return default;
        }

        if (IsValid && Best(bridging: true) is { } next)
        {
            return Settle(Move(next, now), now);
        }

        if (Best(bridging: false) is not { } ahead)
        {
            _isWaiting = false;
            return default;
        }

        var effects = IsValid ? sync.Break("gap", now) : default;
        Follow(ahead.Socket, now);
        if (!SnapshotsAreStreamed)
        {
            effects = effects.With(Feed(ahead, now));
        }

        Forget(ahead);
        return effects;
    }

    /// <summary>The clock was set back to <paramref name="now"/>.</summary>
    public void SetBack(long now) => _silentSince = Math.Min(_silentSince, now);

    private BookEffects TakeFollowed(in OrderBookUpdate update, ReadOnlySpan<BookLevel> levels, in BookOrigin origin, long now)
    {
        Followed = origin.Socket;
        _series = Math.Max(_series, origin.Series);
        _silentSince = now;
        var effects = sync.Apply(update, levels, now);
        if (_others.Count == 0)
        {
            return effects;
        }

        if (origin.Legs <= 1)
        {
            // The others have gone; what they had ahead comes over this one.
            ForgetAll();
            return effects;
        }

        return Settle(effects, now);
    }

    private BookEffects TakeOther(in OrderBookUpdate update, ReadOnlySpan<BookLevel> levels, in BookOrigin origin, long now)
    {
        var isWhole = IsWhole(update);
        if (isWhole && !IsValid)
        {
            // Whoever brings the book is followed.
            Follow(origin.Socket, now);
            Forget(Find(origin.Socket));
            return sync.Apply(update, levels, now);
        }

        var leg = Find(origin.Socket) ?? Add(origin.Socket);
        if (isWhole && update.LastUpdateId == sync.Id && leg.Socket > Followed)
        {
            Follow(leg.Socket, now);
            Forget(leg);
            return new BookEffects { Moved = true };
        }

        var isKnown = IsValid && update.LastUpdateId <= sync.Id;
        var gone = leg.Add(update, levels, isWhole);
        var effects = isKnown ? new BookEffects { Dropped = "duplicate-book" }
            : gone > 0 ? new BookEffects { Dropped = "book-buffer", DroppedCount = gone }
            : default;
        return Settle(effects, now);
    }

    /// <summary>The followed socket has gone. The venue's ids tell whether anything is missing.</summary>
    private BookEffects TakeSuccessor(in OrderBookUpdate update, ReadOnlySpan<BookLevel> levels, in BookOrigin origin, long now)
    {
        var isNewSeries = origin.Series > _series;
        var isWhole = IsWhole(update);
        if (!IsValid || (isWhole && isNewSeries))
        {
            return Adopt(update, levels, origin, now);
        }

        var leg = Find(origin.Socket) ?? Add(origin.Socket);
        leg.Add(update, levels, isWhole);
        if (leg.Prune(sync.Id) && leg.Bridges(sync.Id))
        {
            var effects = Move(leg, now);
            Become(origin, now);
            return effects;
        }

        if (update.LastUpdateId > sync.Id || (isNewSeries && SnapshotsAreStreamed))
        {
            return Adopt(update, levels, origin, now);
        }

        // Still behind; but a venue that counts anew is noticed here.
        var old = isNewSeries ? sync.Apply(update, levels, now) : new BookEffects { Dropped = "duplicate-book" };
        if (old.Lost is not null)
        {
            Become(origin, now);
        }

        return old;
    }

    /// <summary>Follows the socket from here on, whatever that does to the book.</summary>
    private BookEffects Adopt(in OrderBookUpdate update, ReadOnlySpan<BookLevel> levels, in BookOrigin origin, long now)
    {
        var effects = new BookEffects();
        if (!IsValid && !SnapshotsAreStreamed && Find(origin.Socket) is { } leg)
        {
            effects = Feed(leg, now);
        }

        Become(origin, now);
        return effects.With(sync.Apply(update, levels, now));
    }

    /// <summary>The row joins the updates that wait for a snapshot.</summary>
    private BookEffects Feed(BookLeg leg, long now)
    {
        var effects = new BookEffects();
        for (var i = 0; i < leg.Count; i++)
        {
            ref readonly var update = ref leg[i];
            effects = effects.With(sync.Apply(update, leg.LevelsOf(update), now));
        }

        return effects;
    }

    /// <summary>After whatever moved the book: others let go of what it is past, and it moves on to one opened later that bridges.</summary>
    private BookEffects Settle(BookEffects effects, long now)
    {
        if (_others.Count == 0)
        {
            return effects;
        }

        var isAhead = false;
        foreach (var leg in _others)
        {
            isAhead |= IsValid ? leg.Prune(sync.Id) : !leg.IsEmpty;
        }

        if (isAhead && IsValid && Best(bridging: true) is { } next && next.Socket > Followed)
        {
            return Settle(effects.With(Move(next, now)), now);
        }

        if (isAhead && !_isWaiting)
        {
            _silentSince = now;
        }

        _isWaiting = isAhead;
        return effects;
    }

    private BookEffects Move(BookLeg leg, long now)
    {
        var effects = new BookEffects { Moved = true };
        for (var i = 0; i < leg.Count && effects.Lost is null; i++)
        {
            ref readonly var update = ref leg[i];
            var levels = leg.LevelsOf(update);
            var applied = i == 0 && !IsWhole(update) ? sync.Splice(update, levels, now) : sync.Apply(update, levels, now);

            // The book stood before and stands after: readers get what changed.
            effects = effects.With(applied with { Rebuilt = false, Updated = applied.Updated || applied.Rebuilt });
            _lastApplied = update;
        }

        Follow(leg.Socket, now);
        Forget(leg);
        return effects;
    }

    private bool IsWhole(in OrderBookUpdate update) =>
        update.Kind == BookUpdateKind.Snapshot || (rule == BookRule.Resend && update.LastUpdateId == 1);

    /// <summary>The latest socket that has something ahead; among those that bridge, if only they are wanted.</summary>
    private BookLeg? Best(bool bridging)
    {
        BookLeg? best = null;
        foreach (var leg in _others)
        {
            var fits = bridging ? leg.Bridges(sync.Id) : !leg.IsEmpty;
            if (fits && (best is null || leg.Socket > best.Socket))
            {
                best = leg;
            }
        }

        return best;
    }

    private BookLeg? Find(long socket)
    {
        foreach (var leg in _others)
        {
            if (leg.Socket == socket)
            {
                return leg;
            }
        }

        return null;
    }

    private BookLeg Add(long socket)
    {
        if (_others.Count == MaxOthers)
        {
            Forget(_others[0]);
        }

        var leg = new BookLeg(socket, rule, options, budget);
        _others.Add(leg);
        return leg;
    }

    private void Become(in BookOrigin origin, long now)
    {
        Follow(origin.Socket, now);
        _series = Math.Max(_series, origin.Series);
        ForgetAll();
    }

    private void Follow(long socket, long now)
    {
        Followed = socket;
        _silentSince = now;
        _isWaiting = false;
    }

    private void Forget(BookLeg? leg)
    {
        if (leg is not null)
        {
            leg.Clear();
            _others.Remove(leg);
        }
    }

    private void ForgetAll()
    {
        foreach (var leg in _others)
        {
            leg.Clear();
        }

        _others.Clear();
        _isWaiting = false;
    }
}
