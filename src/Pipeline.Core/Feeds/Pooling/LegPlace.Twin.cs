using System.Globalization;

namespace Pipeline.Core.Feeds.Pooling;

/// <content>How a leg is replaced. All private methods run on the place's line.</content>
internal sealed partial class LegPlace
{
    /// <summary>Least time between two replacements for a stall.</summary>
    internal static readonly TimeSpan StallPause = TimeSpan.FromSeconds(5);

    /// <summary>Time between two looks whether a silent venue has data on a new socket.</summary>
    internal static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(30);

    /// <summary>
    /// From frames to the look at what they prove: many come meanwhile, and what proves it lies behind some stations.
    /// </summary>
    internal static readonly TimeSpan LookDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>Replaced legs that are not closed yet, and who waits for that.</summary>
    private readonly Dictionary<Leg, Replacement> _closing = [];

    private volatile Leg? _twin;
    private volatile bool _breaksFirst;
    private volatile bool _isOver;
    private volatile bool _legHasData;
    private volatile bool _isVenueSilent;
    private volatile string? _suspicion;
    private TwinDecision? _decision;
    private Replacement? _replacement;
    private TimeSpan? _twinOutage;

    /// <summary>The leg that was to be rotated is gone: what follows is a loss.</summary>
    private bool _lostInstead;
    private int _lookIsDue;
    private TimeSpan? _lookAt;
    private TimeSpan? _probeAt;
    private TimeSpan? _lastStall;
    private TimeSpan? _armedFor;
    private AnnouncedRetry _retry = new();

    /// <summary>See <see cref="IPooledConnection.RotateAsync"/>; joins a replacement that is under way.</summary>
    public Task<RotationOutcome> RotateAsync(RotationCause cause)
    {
        var told = new TaskCompletionSource<RotationOutcome>();
        _line.Run(() => Rotate(cause, told));
        return told.Task;
    }

    public void Suspect(string reason) => _line.Run(() =>
    {
        // One that has just been opened is not the one that was meant.
        var isNew = Now - _openedAt < StallPause || Now - _lastStall < StallPause;
        if (_isDisposed || !_leg.IsOpen || _twin is not null || _suspicion is not null || isNew)
        {
            return;
        }

        TellSuspected(reason);
        OpenTwin(TwinPurpose.Suspicion, new Replacement(null));
    });

    void ILegObserver.Arrived(Leg leg, bool isData)
    {
        if (_twin is null)
        {
            return;
        }

        if (isData && leg == _leg)
        {
            _legHasData = true;
        }

        if (Interlocked.Exchange(ref _lookIsDue, 1) == 0)
        {
            _line.Run(ScheduleLook);
        }
    }

    void ILegObserver.Silent(Leg leg) => _line.Run(() =>
    {
        if (leg == _twin)
        {
            _decision!.TwinSilent();
            Review();
        }
        else if (leg == _leg && !_isDisposed)
        {
            LegSilent(StallText);
        }
    });

    void ILegObserver.DataBack(Leg leg) => _line.Run(() =>
    {
        if (leg != _leg || _suspicion is null)
        {
            return;
        }

        if (_decision is { } decision)
        {
            decision.LegData();
            Review();
        }
        else
        {
            Clear(TwinDecision.DataResumed);
        }
    });

    private void Rotate(RotationCause cause, TaskCompletionSource<RotationOutcome> told)
    {
        if (_isDisposed || !_leg.IsOpen)
        {
            told.SetResult(new RotationOutcome(_slot.Name, false, "the connection is not open", TimeSpan.Zero, 0));
            return;
        }

        // Who asks knows it, be it from the notice on another socket.
        _leg.IsAnnounced |= cause == RotationCause.Announced;

        if (_twin is null)
        {
            OpenTwin(TwinPurpose.Rotation, new Replacement(cause));
        }

        _replacement!.Waiting.Add(told);
    }

    private void LegSilent(string reason)
    {
        if (_suspicion is null)
        {
            TellSuspected(reason);
        }

        if (_decision is not { } decision)
        {
            Probe();
            return;
        }

        // It was being replaced anyway; now the twin's data is enough.
        _legHasData = false;
        decision.LegSilent();
        var breaks = !_isOver && !_slot.IsCovered(this);
        if (breaks && _twin!.HasData)
        {
            Continuity.Break();
        }

        _breaksFirst = breaks;
        Review();
    }

    private void Probe()
    {
        if (_lastStall + StallPause > Now)
        {
            _probeAt = _lastStall + StallPause;
            Arm();
            return;
        }

        _probeAt = null;
        OpenTwin(TwinPurpose.Stall, new Replacement(null));
    }

    private void OpenTwin(TwinPurpose purpose, Replacement replacement)
    {
        var isRotation = purpose == TwinPurpose.Rotation;
        var now = Now;
        _decision = new TwinDecision(purpose, Options, now);
        _replacement = replacement;
        replacement.StartedAt = now;
        _legHasData = false;
        _isOver = false;
        _twinOutage = null;
        _breaksFirst = !isRotation && !_slot.IsCovered(this);
        if (!isRotation)
        {
            _lastStall = now;
        }

        // The leg and its twin share one line of sockets: where the leg ends, the twin follows, and nobody else.
        _leg.Connection.IsLast = true;
        var twin = new Leg(_parts, this, isRotation ? ReconnectionReason.Rotation : ReconnectionReason.Stalled);
        twin.Watch.Inherit(_leg.Watch);
        _twin = Add(twin);
        var streams = _slot.Streams;
        Expect(streams);
        twin.Session.Subscribe(streams);
        twin.Connection.Start();
        Arm();
    }

    private void Expect(IReadOnlyCollection<string> streams)
    {
        foreach (var stream in streams)
        {
            _decision!.Overlap.Add(stream, _parts.Options.Catalog.Find(stream));
        }

        _isOver = false;
    }

    /// <summary>A name in quarantine is not asked for, so that no answer will ever settle it.</summary>
    private void RefuseBarred(Leg twin, TwinDecision decision)
    {
        if (decision.Overlap.Unanswered == 0 || !twin.IsOpen)
        {
            return;
        }

        var states = _leg.Session.States;
        foreach (var (stream, state) in twin.Session.States)
        {
            if (state == StreamState.Failed)
            {
                decision.Overlap.Refuse(stream, states.GetValueOrDefault(stream) == StreamState.Confirmed);
            }
        }
    }

    private void TwinSettled(SubscriptionOutcome outcome)
    {
        var states = outcome.IsConfirmed ? null : _leg.Session.States;
        foreach (var stream in outcome.Streams)
        {
            if (states is null)
            {
                _decision!.Overlap.Acknowledged(stream, Now);
            }
            else
            {
                _decision!.Overlap.Refuse(stream, states.GetValueOrDefault(stream) == StreamState.Confirmed);
            }
        }

        Review();
    }

    private void ScheduleLook()
    {
        _lookAt = Now + LookDelay;
        Arm();
    }

    private void Fire() => _line.Run(() =>
    {
        _armedFor = null;
        if (_isDisposed)
        {
            return;
        }

        if (_probeAt <= Now)
        {
            _probeAt = null;
            if (_twin is null && _leg.IsOpen && _leg.Watch.IsSuspected)
            {
                Probe();
            }
        }

        if (_retry.TakeDue(Now) && _twin is null && _leg is { IsOpen: true, IsAnnounced: true })
        {
            OpenTwin(TwinPurpose.Rotation, new Replacement(RotationCause.Announced));
        }

        if (_lookAt <= Now)
        {
            _lookAt = null;
            Volatile.Write(ref _lookIsDue, 0);
        }

        Review();
    });

    /// <summary>Looks what is to be done with the twin, if there is one.</summary>
    private void Review()
    {
        if (_decision is { } decision && _twin is { } twin)
        {
            if (_legHasData)
            {
                decision.LegData();
            }

            RefuseBarred(twin, decision);
            decision.Overlap.Look(_slot.Progress, twin.Connection.Socket, Now);
            _isOver = decision.Overlap.IsDone;
            switch (decision.Decide(Now))
            {
                case TwinVerdict.Switch:
                    TakeOver(legIsGone: false);
                    break;
                case TwinVerdict.GiveUp:
                    GiveUp();
                    break;
            }
        }

        Arm();
    }

    /// <summary>The twin is the leg from here on.</summary>
    private void TakeOver(bool legIsGone)
    {
        var (old, twin, purpose) = (_leg, _twin!, _decision!.Purpose);
        var replacement = _replacement!;
        replacement.Unproven = _decision.Overlap.Unproven;
        if (!twin.HasData)
        {
            twin.Watch.Inherit(old.Watch);
            if (_breaksFirst)
            {
                Continuity.Break();
            }
        }

        _lostInstead = legIsGone && purpose == TwinPurpose.Rotation && !twin.HasData;
        Interlocked.Add(ref _reconnections, old.Connection.Reconnections + 1);
        _leg = twin;
        ForgetTwin();
        ForgetSuspicion();
        Retry(isNewLeg: true);
        _openedAt = Now;
        Metrics.Replaced(Venue, legIsGone ? "lost" : purpose == TwinPurpose.Rotation ? "rotated" : "stalled");
        TellSettledByTwin(old, twin);
        _closing[old] = replacement;
        Retire(old, purpose == TwinPurpose.Rotation ? DisconnectionReason.Rotated : DisconnectionReason.Stalled);
        if (!old.IsOpen)
        {
            Close(old);
        }

        if (twin.HasData && purpose != TwinPurpose.Rotation)
        {
            TellRecovered(twin.Reason, _twinOutage);
        }

        if (twin.Watch.IsSuspected)
        {
            LegSilent(StallText);
        }
    }

    /// <summary>The leg stays; the twin goes.</summary>
    private void GiveUp()
    {
        var (twin, decision, replacement) = (_twin!, _decision!, _replacement!);
        ForgetTwin();
        _leg.Connection.IsLast = false;
        Metrics.Replaced(Venue, "kept");
        Retire(twin, DisconnectionReason.Stopped);
        if (_suspicion is not null)
        {
            if (_leg.Watch.IsSuspected)
            {
                _probeAt = decision.StartedAt + ProbeInterval;
                TellVenueSilent(decision);
            }
            else
            {
                Clear(decision.Reason!);
            }
        }

        Retry(isNewLeg: false);
        Tell(replacement, decision.Reason);
        Arm();
    }

    /// <summary>
    /// The venue is about to end the leg: what would replace it is tried again, be it that it failed or that its own end was announced.
    /// </summary>
    private void Retry(bool isNewLeg)
    {
        if (_leg is { IsOpen: true, IsAnnounced: true })
        {
            _retry.Failed(Now, isNewLeg);
        }
        else
        {
            ForgetRetry();
        }
    }

    private void ForgetRetry() => _retry = new AnnouncedRetry();

    private void TellSettledByTwin(Leg old, Leg twin)
    {
        var before = old.Session.States;
        var settled = twin.Session.States
            .Where(stream => stream.Value == StreamState.Confirmed && before.GetValueOrDefault(stream.Key) != StreamState.Confirmed)
            .Select(stream => stream.Key).ToList();
        if (settled.Count > 0)
        {
            _slot.Settled(this, new SubscriptionOutcome(SubscriptionAction.Subscribe, settled, null), _legName);
        }
    }

    /// <summary>Tells that a replaced leg is closed, to those who wait for it.</summary>
    private void Close(Leg leg)
    {
        if (_closing.Remove(leg, out var replacement))
        {
            Tell(replacement, null);
        }
    }

    private void Tell(Replacement replacement, string? reason)
    {
        var outcome = new RotationOutcome(_slot.Name, reason is null, reason, Now - replacement.StartedAt, replacement.Unproven);
        if (replacement.Cause is { } cause)
        {
            Tell(_leg, new ConnectionRotated(Venue, _slot.Name, cause, outcome));
        }

        replacement.Waiting.ForEach(told => told.TrySetResult(outcome));
    }

    private void TellSuspected(string reason)
    {
        _suspicion = reason;
        Tell(_leg, new ConnectionSuspected(Venue, _slot.Name, reason));
    }

    /// <summary>Once per silence, however often it is looked after.</summary>
    private void TellVenueSilent(TwinDecision decision)
    {
        if (decision.IsVenueSilent && !_isVenueSilent)
        {
            _isVenueSilent = true;
            Tell(_leg, new ConnectionCleared(Venue, _slot.Name, decision.Reason!));
        }
    }

    private void Clear(string reason)
    {
        ForgetSuspicion();
        Tell(_leg, new ConnectionCleared(Venue, _slot.Name, reason));
    }

    private void ForgetSuspicion()
    {
        _suspicion = null;
        _isVenueSilent = false;
        _probeAt = null;
    }

    private void ForgetTwin()
    {
        _twin = null;
        _decision = null;
        _replacement = null;
        _breaksFirst = false;
        _isOver = false;
        _lookAt = null;
        Volatile.Write(ref _lookIsDue, 0);
    }

    /// <summary>We stop: nobody shall wait for what does not come any more.</summary>
    private void Abandon()
    {
        if (_replacement is { } replacement)
        {
            ForgetTwin();
            Tell(replacement, "stopped");
        }

        foreach (var leg in _closing.Keys.ToList())
        {
            Close(leg);
        }
    }

    /// <summary>Sets the timer to the earliest deadline, unless it fires before.</summary>
    private void Arm()
    {
        var now = Now;
        var due = Earlier(Earlier(Earlier(_lookAt, _probeAt), _retry.Due), _decision?.NextDue(now));
        if (due is null || _isDisposed || _armedFor <= due)
        {
            return;
        }

        _armedFor = due;
        var wait = due.Value - now;
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private string StallText => Text($"no data for {Options.StallTimeout.TotalSeconds:0.###} s");

    private static TimeSpan? Earlier(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A replacement under way, and who waits for its end.</summary>
    private sealed class Replacement(RotationCause? cause)
    {
        /// <summary>Null where nobody asked for it: the leg was suspected.</summary>
        public RotationCause? Cause { get; } = cause;

        public TimeSpan StartedAt { get; set; }

        public int Unproven { get; set; }

        public List<TaskCompletionSource<RotationOutcome>> Waiting { get; } = [];
    }
}
