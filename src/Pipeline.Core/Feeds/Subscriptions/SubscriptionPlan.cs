using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Core.Feeds.Subscriptions;

/// <summary>
/// Which request a connection makes next, and what the venue's answers (or their absence) mean. Plain logic: the caller brings the time
/// and carries out the effects. Not thread-safe.
/// <para>
/// Streams are left first, which makes room; then the others are asked for, the most important first; those under suspicion come last
/// and one group at a time, so that what happens upon a request can be blamed on it.
/// </para>
/// </summary>
internal sealed class SubscriptionPlan
{
    /// <summary>A close this soon after a request is blamed on it.</summary>
    internal static readonly TimeSpan BlameSpan = TimeSpan.FromSeconds(2);

    /// <summary>A close without a word may have other causes: one name alone is given up after so many.</summary>
    internal const int MaxStrikes = 3;

    internal static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(30);
    internal static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(10);

    private readonly SharedSubscriptions _shared;
    private readonly RequestCutter _cutter;
    private readonly RequestTracker _tracker;
    private readonly SuspectGroups _suspects = new();
    private readonly int _perSecond;

    private RequestPacer _pacer;
    private SubscriptionRequest? _suspectRequest;
    private TimeSpan _aloneUntil;
    private (string? Stream, TimeSpan At)? _refused;

    public SubscriptionPlan(IVenueAdapter adapter, PoolOptions options, SharedSubscriptions shared)
    {
        _shared = shared;
        _cutter = new RequestCutter(adapter);
        _tracker = new RequestTracker(adapter.Limits.AckTimeout);
        _perSecond = Math.Min(options.MaxMessagesPerSecond ?? int.MaxValue, adapter.Limits.MaxMessagesPerSecond);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_perSecond);
        _pacer = new RequestPacer(_perSecond);
        Ledger = new SubscriptionLedger(shared.RankOf);
    }

    public SubscriptionLedger Ledger { get; }

    /// <summary>Whether there is a socket to ask over.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether an answer would be of use.</summary>
    public bool IsExpecting => _tracker.IsExpecting;

    /// <summary>Requests whose answer is awaited, or would still be of use.</summary>
    public int Waiting => _tracker.Size;

    /// <summary>Whether names are under suspicion.</summary>
    public bool IsSuspicious => !_suspects.IsEmpty;

    private Quarantine Quarantine => _shared.Quarantine;

    public bool Fits(string stream) => _cutter.Fits(stream);

    public void Want(string stream)
    {
        if (Ledger.Want(stream))
        {
            Bar(Ledger.Find(stream)!);
        }
    }

    /// <summary>A socket is open: its pace begins afresh.</summary>
    public void Opened()
    {
        IsOpen = true;
        _pacer = new RequestPacer(_perSecond);
        foreach (var wish in Ledger.Queued.ToList())
        {
            Bar(wish);
        }
    }

    /// <summary>The socket is gone.</summary>
    /// <param name="isBlamed">The venue closed it, and did not say that this has nothing to do with us.</param>
    public void Closed(TimeSpan now, bool isBlamed, PlanEffects effects)
    {
        IsOpen = false;
        if (isBlamed)
        {
            Blame(now, effects);
        }

        if (_suspectRequest is { } unjudged)
        {
            Ledger.Refused(unjudged).ForEach(wish => Ledger.Suspect(wish));
            _suspects.Return();
            EndSuspicion();
        }

        _refused = null;
        _tracker.Clear();
        Ledger.Reset(Quarantine.Has);
    }

    /// <summary>The request to be made now; null when there is none, or it has to wait. It counts as made.</summary>
    public SubscriptionRequest? Next(TimeSpan now, PlanEffects effects)
    {
        if (!IsOpen)
        {
            return null;
        }

        TakeDue(now);
        if (Wait(now) > TimeSpan.Zero)
        {
            if (HasWork(now))
            {
                effects.HeldBack ??= _shared.Budget.TakeNotice(now);
            }

            return null;
        }

        if (Choose(now) is not { } request)
        {
            return null;
        }

        Ledger.Sent(request);
        _tracker.Add(request, now);
        _pacer.Use(now);
        _shared.Budget.Use(now);
        effects.Requests.Add("sent");
        return request;
    }

    /// <summary>When something is to be done without anything happening before; null = never.</summary>
    public TimeSpan? NextDue(TimeSpan now)
    {
        var due = _tracker.NextDue;
        if (!IsOpen)
        {
            return due;
        }

        due = Earlier(due, Ledger.NextRetry);
        if (HasWork(now))
        {
            due = Earlier(due, now + Wait(now));
        }
        else if (Ledger.Queued.Count > 0)
        {
            due = Earlier(due, _aloneUntil);
        }

        return due;
    }

    /// <summary>Takes an answer in.</summary>
    public void Answer(SubscriptionReply reply, TimeSpan now, PlanEffects effects)
    {
        if (!TryMatch(reply, out var request, out var isLate))
        {
            return;
        }

        if (reply.Error is null)
        {
            Confirm(request, reply.Stream, now, effects);
        }
        else if (reply.Cause == RefusalCause.Busy)
        {
            PutOff(request, reply.Stream, now);
        }
        else
        {
            Refuse(request, reply, now, effects);
        }

        // Where streams are answered one by one, their request waits on until the last of them.
        _tracker.ForgetWaiting(Ledger.IsAnswered);

        // A late one has been counted as a timeout; of an answer in parts the last part is counted, and every refusal.
        if (!isLate && (reply.Stream is null || reply.Error is not null || Ledger.IsAnswered(request)))
        {
            effects.Requests.Add(reply.Error is null ? "acknowledged" : reply.Cause == RefusalCause.Busy ? "busy" : "refused");
        }

        _tracker.ForgetOverdue(Ledger.IsSettled);
    }

    /// <summary>Takes note of answers that did not come.</summary>
    public void Expire(TimeSpan now, PlanEffects effects)
    {
        while (_tracker.TryExpire(now, out var request))
        {
            effects.Requests.Add("timeout");
            Expire(request, now, effects);
        }

        _tracker.ForgetOverdue(Ledger.IsSettled);
    }

    /// <summary>Everything in quarantine may be tried.</summary>
    public void Released(TimeSpan now) => Ledger.Hasten(Quarantine.Has, now);

    private static TimeSpan? Earlier(TimeSpan? a, TimeSpan? b) => a is null || b < a ? b ?? a : a;

    private TimeSpan Wait(TimeSpan now)
    {
        var (pace, budget) = (_pacer.WaitAt(now), _shared.Budget.WaitAt(now));
        return pace > budget ? pace : budget;
    }

    /// <summary>Whether a request could be made, were it not for the pace.</summary>
    private bool HasWork(TimeSpan now) =>
        Ledger.Leaving.Count > 0 || (now >= _aloneUntil && Ledger.Queued.Count > 0) || (_suspects.IsWaiting && _tracker.Count == 0);

    private SubscriptionRequest? Choose(TimeSpan now)
    {
        if (Ledger.Leaving.Count > 0)
        {
            return _cutter.Cut(SubscriptionAction.Unsubscribe, Ledger.Leaving.Select(wish => wish.Name));
        }

        if (Ledger.Queued.Count > 0)
        {
            return now < _aloneUntil ? null : _cutter.Cut(SubscriptionAction.Subscribe, Ledger.Queued.Select(wish => wish.Name));
        }

        if (_tracker.Count > 0 || _suspects.IsAsking
            || _suspects.Next(stream => Ledger.Find(stream) is { Phase: WishPhase.Suspected }) is not { } group)
        {
            return null;
        }

        _suspectRequest = _cutter.Cut(SubscriptionAction.Subscribe, group);
        _aloneUntil = now + BlameSpan;
        return _suspectRequest;
    }

    /// <summary>Lets those that failed be asked for again when their time has come; names in quarantine alone.</summary>
    private void TakeDue(TimeSpan now)
    {
        foreach (var wish in Ledger.TakeDue(now))
        {
            if (Quarantine.Has(wish.Name))
            {
                SuspectAlone(wish);
            }
        }
    }

    private void Bar(Wish wish)
    {
        if (Quarantine.TryAt(wish.Name) is { } until)
        {
            Ledger.Fail(wish, until, isHeld: false, isRefused: true);
        }
    }

    private void Confirm(SubscriptionRequest request, string? stream, TimeSpan now, PlanEffects effects)
    {
        var confirmed = Ledger.Confirm(request, stream);
        _tracker.PassOver(request.Id, now);
        _shared.Budget.Relax();
        if (request.Action == SubscriptionAction.Subscribe && Quarantine.Count > 0)
        {
            confirmed.ForEach(Quarantine.Remove);
        }

        if (request == _suspectRequest && Ledger.IsAnswered(request))
        {
            _suspects.Acquit();
            EndSuspicion();
        }

        effects.Tell(request.Action, confirmed);
    }

    /// <summary>The venue takes no requests now: this one is made again later.</summary>
    private void PutOff(SubscriptionRequest request, string? stream, TimeSpan now)
    {
        _shared.Budget.Pause(now);
        var open = Ledger.Refused(request, stream);
        if (request == _suspectRequest)
        {
            open.ForEach(wish => Ledger.Suspect(wish));
            _suspects.Return();
            EndSuspicion();
            return;
        }

        open.ForEach(Ledger.PutOff);
    }

    private void Refuse(SubscriptionRequest request, SubscriptionReply reply, TimeSpan now, PlanEffects effects)
    {
        var open = Ledger.Refused(request, reply.Stream);
        if (open.Count == 0)
        {
            return;
        }

        if (request.Action == SubscriptionAction.Unsubscribe)
        {
            open.ForEach(Ledger.HasLeft);
            effects.Tell(request.Action, [.. open.Select(wish => wish.Name)], reply.Error);
            return;
        }

        if (reply.Cause == RefusalCause.AlreadyHeld && (open.Count == 1 || AreAllRepeated(open, request)))
        {
            Confirm(request, reply.Stream, now, effects);
            return;
        }

        _refused = (open.Count == 1 ? open[0].Name : null, now);
        if (reply.Stream is not null)
        {
            Condemn(open[0], now, reply.Error!, closes: false, effects);
        }
        else
        {
            Split(request, open, now, reply.Error!, closes: false, effects);
        }
    }

    /// <summary>
    /// The venue took the request before and its answer was lost: one that is refused because a stream is there already was made of the
    /// same streams, and requests are taken as a whole.
    /// </summary>
    private static bool AreAllRepeated(List<Wish> open, SubscriptionRequest request) =>
        open.TrueForAll(wish => wish.FirstRequest == open[0].FirstRequest && wish.FirstRequest < request.Id);

    /// <summary>A request was refused as a whole: halves it, or has found the name that does it.</summary>
    private void Split(SubscriptionRequest request, List<Wish> open, TimeSpan now, string reason, bool closes, PlanEffects effects)
    {
        if (request == _suspectRequest)
        {
            EndSuspicion();
            if (_suspects.Convict())
            {
                Condemn(open[0], now, reason, closes, effects);
            }
            else
            {
                open.ForEach(wish => Ledger.Suspect(wish));
            }
        }
        else if (open.Count == 1)
        {
            Condemn(open[0], now, reason, closes, effects);
        }
        else
        {
            open.ForEach(wish => Ledger.Suspect(wish));
            _suspects.Add([.. open.Select(wish => wish.Name)]);
        }
    }

    private void Condemn(Wish wish, TimeSpan now, string reason, bool closes, PlanEffects effects)
    {
        Ledger.Fail(wish, Quarantine.Add(wish.Name, now, closes), isHeld: false, isRefused: true);
        effects.Failed.Add(("quarantined", 1));
        effects.Tell(SubscriptionAction.Subscribe, [wish.Name], reason);
    }

    private void SuspectAlone(Wish wish)
    {
        Ledger.Suspect(wish);
        _suspects.Add([wish.Name]);
    }

    private void EndSuspicion()
    {
        _suspectRequest = null;
        _aloneUntil = TimeSpan.Zero;
    }

    /// <summary>
    /// The venue closed the socket. If it had just refused a request, that was why, and the names are under suspicion already; else the
    /// oldest request without an answer was, as venues answer in order.
    /// </summary>
    private void Blame(TimeSpan now, PlanEffects effects)
    {
        if (_refused is { } refused && now - refused.At <= BlameSpan)
        {
            if (refused.Stream is { } stream)
            {
                Quarantine.MarkClosing(stream);
            }

            return;
        }

        if (_tracker.Oldest(SubscriptionAction.Subscribe, now - BlameSpan) is not { } request
            || Ledger.Refused(request) is not { Count: > 0 } open)
        {
            return;
        }

        const string Reason = "the venue closes the connection when it is asked for";
        if (open is [var only] && ++only.Strikes < MaxStrikes)
        {
            // Alone, and still without proof: another socket will show.
            if (request == _suspectRequest)
            {
                _suspects.Dismiss();
                EndSuspicion();
            }

            SuspectAlone(only);
            return;
        }

        Split(request, open, now, Reason, closes: true, effects);
    }

    private void Expire(SubscriptionRequest request, TimeSpan now, PlanEffects effects)
    {
        var open = Ledger.Unanswered(request);
        var failed = open.Where(wish => wish.Attempts >= SubscriptionLedger.MaxAttempts).ToList();
        if (request == _suspectRequest)
        {
            EndSuspicion();
            if (failed.Count == 0)
            {
                open.ForEach(wish => Ledger.Suspect(wish, isHeld: true));
                _suspects.Return();
                return;
            }

            _suspects.Dismiss();
        }

        open.Except(failed).ToList().ForEach(Ledger.Requeue);
        if (failed.Count == 0)
        {
            return;
        }

        if (request.Action == SubscriptionAction.Unsubscribe)
        {
            failed.ForEach(Ledger.HasLeft);
        }
        else
        {
            failed.ForEach(wish => Ledger.Fail(wish, now + RetryDelay(++wish.Failures), isHeld: true));
            effects.Failed.Add(("unanswered", failed.Count));
        }

        effects.Tell(
            request.Action, [.. failed.Select(wish => wish.Name)], "two requests for it were not answered in time", isUnanswered: true);
    }

    private static TimeSpan RetryDelay(int failures)
    {
        var delay = FirstRetry * Math.Pow(2, Math.Min(failures - 1, 10));
        return delay < LongestRetry ? delay : LongestRetry;
    }

    /// <summary>
    /// Finds the request that is answered. An answer without an id is for those in time. One request waits on while only one of its
    /// streams is answered.
    /// </summary>
    private bool TryMatch(SubscriptionReply reply, [NotNullWhen(true)] out SubscriptionRequest? request, out bool isLate)
    {
        if (reply.Stream is { } stream)
        {
            return _tracker.TryFind(reply.Id, stream, out request, out isLate);
        }

        isLate = !_tracker.TryComplete(reply.Id, out request);
        return !isLate || (reply.Id is { } late && _tracker.TryCompleteOverdue(late, out request));
    }
}
