namespace Pipeline.Core.Feeds.Subscriptions;

/// <summary>
/// What is wished for on one connection and how far each wish has come on the current socket. Intent survives the socket, everything
/// else does not. Plain logic; times are since any fixed instant. Not thread-safe.
/// </summary>
/// <param name="rankOf">Importance of a stream, lower first.</param>
internal sealed class SubscriptionLedger(Func<string, int> rankOf)
{
    /// <summary>A request without an answer is made this often before its streams are given up for a while.</summary>
    internal const int MaxAttempts = 2;

    private static readonly Comparer<Wish> ByRank = Comparer<Wish>.Create(static (a, b) => (a.Rank, a.Order).CompareTo((b.Rank, b.Order)));

    private static readonly Comparer<Wish> ByRetry =
        Comparer<Wish>.Create(static (a, b) => (a.RetryAt, a.Order).CompareTo((b.RetryAt, b.Order)));

    private readonly Dictionary<string, Wish> _wishes = new(StringComparer.Ordinal);
    private readonly SortedSet<Wish> _queued = new(ByRank);
    private readonly SortedSet<Wish> _leaving = new(ByRank);
    private readonly SortedSet<Wish> _failed = new(ByRetry);
    private long _order;
    private int _standing;
    private int _refused;

    /// <summary>Streams wanted.</summary>
    public int Count { get; private set; }

    /// <summary>Streams that the venue has confirmed.</summary>
    public int ConfirmedCount { get; private set; }

    /// <summary>Streams known, those included that are being left.</summary>
    public int Size => _wishes.Count;

    /// <summary>
    /// Whether every stream wished for is confirmed, or refused: one that the venue does not have is no reason to wait for. One that gets a fresh start counts as before it, as long as nothing speaks against
    /// it: it is its book alone that waits, and no reason to call a whole connection unready.
    /// </summary>
    public bool IsReady => _standing + _refused == Count;

    public IReadOnlyDictionary<string, StreamState> States => _wishes.Values.Where(wish => wish.IsWanted)
        .ToDictionary(wish => wish.Name, wish => wish.State, StringComparer.Ordinal);

    /// <summary>Streams to be asked for, the most important first.</summary>
    public IReadOnlyCollection<Wish> Queued => _queued;

    /// <summary>Streams to be left.</summary>
    public IReadOnlyCollection<Wish> Leaving => _leaving;

    /// <summary>When the next one that failed is asked for again; null = none.</summary>
    public TimeSpan? NextRetry => _failed.Min?.RetryAt;

    public Wish? Find(string stream) => _wishes.GetValueOrDefault(stream);

    /// <summary>Whether it is wanted, or on its way to a fresh start.</summary>
    public bool Has(string stream) => Find(stream) is { IsWanted: true };

    /// <summary>False when it is wanted already.</summary>
    public bool Want(string stream)
    {
        if (Find(stream) is not { } wish)
        {
            wish = new Wish(stream, rankOf(stream), ++_order);
            _wishes.Add(stream, wish);
            Enter(wish);
            return true;
        }

        if (wish.IsWanted)
        {
            return false;
        }

        Change(wish, static wish =>
        {
            wish.IsWanted = true;
            if (wish is { Phase: WishPhase.Leaving, LastRequest: 0, Before: WishPhase.Confirmed })
            {
                // The venue has not been told anything yet.
                wish.Phase = WishPhase.Confirmed;
            }
            else
            {
                Restart(wish);
            }
        });
        return true;
    }

    /// <summary>False when it was not wanted.</summary>
    public bool Leave(string stream)
    {
        if (Find(stream) is not { IsWanted: true } wish)
        {
            return false;
        }

        if (wish.Returns)
        {
            // One that is on its way out to come back is simply not brought back.
            Change(wish, static wish => wish.IsWanted = wish.Returns = false);
        }
        else if (wish.IsHeld)
        {
            Change(wish, static wish =>
            {
                wish.IsWanted = false;
                BeginLeaving(wish);
            });
        }
        else
        {
            Remove(wish);
        }

        return true;
    }

    /// <summary>Leaves a stream to want it again: a fresh start. One that was not asked for yet has it before it.</summary>
    public void Renew(string stream)
    {
        if (Find(stream) is { IsWanted: true, Returns: false, IsHeld: true } wish)
        {
            Change(wish, static wish =>
            {
                wish.StoodBefore = wish.Stands;
                wish.Returns = true;
                BeginLeaving(wish);
            });
        }
    }

    /// <summary>
    /// The socket is gone and everything that was said over it: what is wanted is to be asked for anew. Those under suspicion stay so, and
    /// those that <paramref name="isBarred"/> says must wait.
    /// </summary>
    public void Reset(Func<string, bool> isBarred)
    {
        foreach (var wish in _wishes.Values.ToList())
        {
            if (!wish.IsWanted)
            {
                Remove(wish);
                continue;
            }

            Change(wish, wish =>
            {
                wish.Returns = wish.StoodBefore = wish.IsHeld = false;
                wish.Attempts = 0;
                wish.FirstRequest = wish.LastRequest = 0;
                if (wish.Phase != WishPhase.Suspected && !(wish.Phase == WishPhase.Failed && isBarred(wish.Name)))
                {
                    wish.Phase = WishPhase.Queued;
                }
            });
        }
    }

    public void Sent(SubscriptionRequest request)
    {
        foreach (var wish in request.Streams.Select(Find).OfType<Wish>())
        {
            Change(wish, wish =>
            {
                wish.Attempts++;
                wish.LastRequest = request.Id;
                wish.FirstRequest = wish.FirstRequest == 0 ? request.Id : wish.FirstRequest;
                wish.IsHeld = true;
                wish.Phase = request.Action == SubscriptionAction.Subscribe ? WishPhase.Asked : WishPhase.Left;
            });
        }
    }

    /// <summary>
    /// Returns the streams of the request (or the one that is named) that are still wanted that way and were not confirmed before.
    /// </summary>
    public List<string> Confirm(SubscriptionRequest request, string? stream = null)
    {
        var open = Open(request, stream);
        foreach (var wish in open)
        {
            if (request.Action == SubscriptionAction.Unsubscribe)
            {
                HasLeft(wish);
            }
            else
            {
                Change(wish, static wish =>
                {
                    wish.Phase = WishPhase.Confirmed;
                    wish.Attempts = wish.Failures = wish.Strikes = 0;
                    wish.IsRefused = false;
                });
            }
        }

        return [.. open.Select(wish => wish.Name)];
    }

    /// <summary>Confirms everything wanted, where being connected is all there is to it; returns what was not confirmed before.</summary>
    public List<string> ConfirmAll()
    {
        var open = _wishes.Values.Where(wish => wish is { IsWanted: true, Phase: not WishPhase.Confirmed }).ToList();
        open.ForEach(wish => Change(wish, static wish =>
        {
            wish.Phase = WishPhase.Confirmed;
            wish.IsRefused = false;
        }));
        return [.. open.Select(wish => wish.Name)];
    }

    /// <summary>
    /// The streams of the request (or the one that is named) that a refusal of it concerns: wanted that way still, not confirmed, and
    /// asked for in no newer request, which has an answer of its own.
    /// </summary>
    public List<Wish> Refused(SubscriptionRequest request, string? stream = null) =>
        [.. Open(request, stream).Where(wish => wish.LastRequest == request.Id)];

    /// <summary>A stream that is being left has been left: it is gone, or asked for again.</summary>
    public void HasLeft(Wish wish)
    {
        if (!wish.Returns)
        {
            Remove(wish);
            return;
        }

        Change(wish, static wish =>
        {
            wish.Returns = false;
            Restart(wish);
        });
    }

    /// <summary>To be asked for (or left) once more: there was no answer.</summary>
    public void Requeue(Wish wish) => Change(wish, static wish => QueueAgain(wish));

    /// <summary>To be asked for (or left) once more: the venue told us to come again, so that the request was never made.</summary>
    public void PutOff(Wish wish) => Change(wish, static wish =>
    {
        QueueAgain(wish);
        if (--wish.Attempts == 0)
        {
            wish.IsHeld = wish.Phase == WishPhase.Leaving;
            wish.FirstRequest = wish.LastRequest = 0;
        }
    });

    /// <summary>To be asked for apart from the others.</summary>
    /// <param name="isHeld">Whether the venue may be sending it: the request before was not refused, only not answered.</param>
    public void Suspect(Wish wish, bool isHeld = false) => Change(wish, wish =>
    {
        wish.Phase = WishPhase.Suspected;
        wish.IsHeld = isHeld;
        if (!isHeld)
        {
            wish.Attempts = 0;
            wish.FirstRequest = wish.LastRequest = 0;
        }
    });

    /// <summary>To be asked for again at <paramref name="retryAt"/>.</summary>
    /// <param name="isRefused">The venue refused it when asked for it alone.</param>
    public void Fail(Wish wish, TimeSpan retryAt, bool isHeld, bool isRefused = false) => Change(wish, wish =>
    {
        wish.Phase = WishPhase.Failed;
        wish.IsRefused = isRefused;
        wish.IsHeld = isHeld;
        wish.RetryAt = retryAt;
        wish.Attempts = 0;
    });

    /// <summary>Lets those that failed and of which <paramref name="which"/> is true be asked for at <paramref name="now"/>.</summary>
    public void Hasten(Func<string, bool> which, TimeSpan now)
    {
        foreach (var wish in _failed.Where(wish => wish.RetryAt > now && which(wish.Name)).ToList())
        {
            Change(wish, wish => wish.RetryAt = now);
        }
    }

    /// <summary>Those that failed and whose time has come.</summary>
    public List<Wish> TakeDue(TimeSpan now)
    {
        var due = new List<Wish>();
        while (_failed.Min is { } wish && wish.RetryAt <= now)
        {
            Change(wish, static wish => wish.Phase = WishPhase.Queued);
            due.Add(wish);
        }

        return due;
    }

    /// <summary>Whether no answer to the request can change anything any more.</summary>
    public bool IsSettled(SubscriptionRequest request) => !request.Streams.Any(stream => IsOpen(request, Find(stream)));

    /// <summary>Whether each stream of the request has been answered, one way or the other.</summary>
    public bool IsAnswered(SubscriptionRequest request) => Unanswered(request).Count == 0;

    /// <summary>Streams that wait for the answer to this request.</summary>
    public List<Wish> Unanswered(SubscriptionRequest request) =>
        [.. Refused(request).Where(wish => wish.Phase is WishPhase.Asked or WishPhase.Left)];

    private static void QueueAgain(Wish wish) =>
        wish.Phase = wish.Phase is WishPhase.Left or WishPhase.Leaving ? WishPhase.Leaving : WishPhase.Queued;

    private static void BeginLeaving(Wish wish)
    {
        wish.Before = wish.Phase;
        wish.Phase = WishPhase.Leaving;
        wish.Attempts = 0;
        wish.FirstRequest = wish.LastRequest = 0;
    }

    private static void Restart(Wish wish)
    {
        wish.Phase = WishPhase.Queued;
        wish.Attempts = 0;
        wish.FirstRequest = wish.LastRequest = 0;
    }

    private List<Wish> Open(SubscriptionRequest request, string? only) =>
    [
        .. request.Streams.Where(stream => only is null || stream == only).Select(Find).OfType<Wish>().Where(wish => IsOpen(request, wish)),
    ];

    /// <summary>An answer to a request from before the wish was made, or made anew, says nothing about it.</summary>
    private static bool IsOpen(SubscriptionRequest request, Wish? wish)
    {
        if (wish is null || wish.FirstRequest == 0 || wish.FirstRequest > request.Id)
        {
            return false;
        }

        var isLeaving = wish.Phase is WishPhase.Leaving or WishPhase.Left;
        return request.Action == SubscriptionAction.Unsubscribe ? isLeaving : !isLeaving && wish.Phase != WishPhase.Confirmed;
    }

    private void Change(Wish wish, Action<Wish> change)
    {
        Exit(wish);
        change(wish);
        Enter(wish);
    }

    private void Remove(Wish wish)
    {
        Exit(wish);
        _wishes.Remove(wish.Name);
    }

    private void Enter(Wish wish)
    {
        SetOf(wish.Phase)?.Add(wish);
        Tally(wish, 1);
    }

    private void Exit(Wish wish)
    {
        SetOf(wish.Phase)?.Remove(wish);
        Tally(wish, -1);
    }

    private void Tally(Wish wish, int change)
    {
        if (!wish.IsWanted)
        {
            return;
        }

        Count += change;
        ConfirmedCount += wish.Phase == WishPhase.Confirmed ? change : 0;
        _standing += wish.Stands ? change : 0;
        _refused += wish is { IsRefused: true, Stands: false } ? change : 0;
    }

    private SortedSet<Wish>? SetOf(WishPhase phase) => phase switch
    {
        WishPhase.Queued => _queued,
        WishPhase.Leaving => _leaving,
        WishPhase.Failed => _failed,
        _ => null,
    };
}
