using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Freshness;

/// <summary>
/// Whether one stream can be trusted to be live, by its own data: plain logic without a clock. All times are steady microseconds, so
/// that a clock that is set changes nothing. A silence proves nothing by itself: a probe is asked before anything is cut.
/// </summary>
/// <remarks>
/// <code>
///   starting ── data ──────────────► fresh ── silence, probe: nothing newer ──► quiet ── data ──► fresh
///       │                              │  └── silence, probe: newer there ────► stale → resubscribe → suspect the connection
///       │                              ├───── events too old on arrival ──────► stale until they are not
///       │                              └───── connection lost ────────────────► stale until data, or a probe after the next ack
///       └── silence after the ack: as for fresh
/// </code>
/// </remarks>
internal sealed class StreamFreshness(FreshnessRules rules, StreamChannel channel)
{
    private Phase _phase = Phase.Idle;
    private long _checkAt = long.MaxValue;
    private long _silentSince;
    private long _dataAt = -1;
    private long _deafUntil = -1;
    private long _lateSince = -1;
    private long _lateCount;
    private bool _isLateOpen;
    private long _heldLimit;
    private long _limitHeldUntil = -1;
    private int _attempts;
    private (HealthState State, string Reason) _beforePause;

    private enum Phase
    {
        /// <summary>Nothing is expected: not confirmed, or stopped.</summary>
        Idle,

        Listening,

        Probing,

        /// <summary>Subscribed to again after it was found behind.</summary>
        Renewing,
    }

    public HealthState State { get; private set; } = HealthState.Starting;

    public string Reason { get; private set; } = FreshnessReason.Requested;

    /// <summary>When it came into this state.</summary>
    public long Since { get; private set; }

    /// <summary>How long it was not to be trusted before it became fresh; 0 in other states.</summary>
    public long Outage { get; private set; }

    /// <summary>Silence that is put up with now; the shorter, the more urgent is a probe.</summary>
    public long Limit { get; private set; } = rules.Silence;

    /// <summary>A probe is awaited.</summary>
    public bool IsProbing => _phase == Phase.Probing;

    /// <summary>An event was late; it is looked at again before the stream is called so.</summary>
    public bool IsJudgingLag => _lateSince >= 0 && !_isLateOpen;

    /// <summary>Its newest event was late, and whether the next one is will tell.</summary>
    public bool AwaitsNextEvent => _isLateOpen;

    /// <summary>When it is to be looked at even if nothing happens; the maximum when never.</summary>
    public long Deadline => State is HealthState.Stopped or HealthState.Paused
        ? long.MaxValue
        : Math.Min(_checkAt, IsJudgingLag ? _lateSince + FreshnessRules.LateConfirmation : long.MaxValue);

    /// <summary>Wished for, for the first time or again.</summary>
    public FreshnessEffects Request(long now)
    {
        Expect(Phase.Idle, long.MaxValue);
        return To(HealthState.Starting, FreshnessReason.Requested, now, isAnew: true);
    }

    /// <summary>The venue acknowledged it, which proves nothing yet.</summary>
    public FreshnessEffects Confirm(long now)
    {
        if (_phase == Phase.Renewing)
        {
            _checkAt = now + rules.Silence;
            return FreshnessEffects.None;
        }

        if (State is HealthState.Fresh or HealthState.Paused || _phase == Phase.Probing)
        {
            return FreshnessEffects.None;
        }

        if (_phase == Phase.Idle)
        {
            _silentSince = now;
            Expect(Phase.Listening, now + rules.Silence);
        }

        return State == HealthState.Stopped ? To(HealthState.Starting, FreshnessReason.Requested, now) : FreshnessEffects.None;
    }

    /// <summary>It cannot be had, or is not wanted any more.</summary>
    public FreshnessEffects Stop(string reason, long now)
    {
        Expect(Phase.Idle, long.MaxValue);
        return To(HealthState.Stopped, reason, now);
    }

    /// <summary>No connection carries it any more.</summary>
    public FreshnessEffects Lose(long now)
    {
        Expect(Phase.Idle, long.MaxValue);
        _deafUntil = now;
        ForgetLag();
        return State is HealthState.Starting or HealthState.Stopped
            ? FreshnessEffects.None
            : To(HealthState.Stale, FreshnessReason.Disconnected, now);
    }

    /// <summary>It is not read: whatever it brings waits in front of us.</summary>
    public FreshnessEffects Pause(long now)
    {
        if (State is HealthState.Stopped or HealthState.Paused || _phase == Phase.Idle)
        {
            return FreshnessEffects.None;
        }

        _beforePause = (State, Reason);
        Expect(Phase.Idle, long.MaxValue);
        return To(HealthState.Paused, FreshnessReason.NoRoom, now);
    }

    /// <summary>It is read again; its silence counts from now on.</summary>
    public FreshnessEffects Resume(long now)
    {
        if (State != HealthState.Paused)
        {
            return FreshnessEffects.None;
        }

        _silentSince = now;
        Expect(Phase.Listening, now + Limit);
        var (state, reason) = _beforePause;
        return To(state, state == HealthState.Fresh ? FreshnessReason.Resumed : reason, now);
    }

    /// <summary>The clock that stamps arrivals was set: what it then taught is no silence of the stream's.</summary>
    public void HoldLimit(long now) => (_heldLimit, _limitHeldUntil) = (Limit, now + FreshnessRules.Memory);

    public FreshnessEffects Look(long now, in StreamSight sight)
    {
        if (State is HealthState.Stopped or HealthState.Paused)
        {
            return FreshnessEffects.None;
        }

        var effects = FreshnessEffects.None;
        if (sight.DataAt > _dataAt && sight.DataAt > _deafUntil)
        {
            effects |= TakeData(sight, now);
        }

        effects |= JudgeLag(sight, now);
        return now >= _checkAt ? effects | TakeDeadline(now) : effects;
    }

    /// <summary>What a probe found; look at the stream before, since data may have come meanwhile.</summary>
    public FreshnessEffects TakeProbe(ProbeResult result, long now)
    {
        if (_phase != Phase.Probing)
        {
            return FreshnessEffects.None;
        }

        return result switch
        {
            ProbeResult.UpToDate => BeQuiet(now),
            ProbeResult.Behind => Renew(HealthState.Stale, FreshnessReason.Behind, now),
            _ => BeUnknown(now),
        };
    }

    private FreshnessEffects TakeData(in StreamSight sight, long now)
    {
        var before = _dataAt;
        (_dataAt, _silentSince, _attempts) = (sight.DataAt, sight.DataAt, 0);
        Limit = now < _limitHeldUntil ? _heldLimit : rules.LimitFor(sight.LongestSilence);
        Expect(Phase.Listening, _silentSince + Limit);
        if (State == HealthState.Fresh || (State == HealthState.Stale && Reason == FreshnessReason.Late && sight.IsLate))
        {
            return FreshnessEffects.None;
        }

        var outage = State == HealthState.Stale ? Math.Max(0, sight.DataAt - (before >= 0 ? before : Since)) : 0;
        return To(HealthState.Fresh, before < 0 ? FreshnessReason.FirstData : FreshnessReason.DataResumed, now, outage);
    }

    /// <summary>One late event is a straggler; a second one a while after it is not.</summary>
    private FreshnessEffects JudgeLag(in StreamSight sight, long now)
    {
        if (State != HealthState.Fresh || !sight.IsLate)
        {
            ForgetLag();
            return State == HealthState.Stale && Reason == FreshnessReason.Late && !sight.IsLate
                ? To(HealthState.Fresh, FreshnessReason.DataResumed, now, now - Since)
                : FreshnessEffects.None;
        }

        if (_lateSince < 0)
        {
            (_lateSince, _lateCount) = (now, sight.Count);
            return FreshnessEffects.None;
        }

        if (now - _lateSince < FreshnessRules.LateConfirmation)
        {
            return FreshnessEffects.None;
        }

        _isLateOpen = sight.Count == _lateCount;
        if (_isLateOpen)
        {
            return FreshnessEffects.None;
        }

        ForgetLag();
        return To(HealthState.Stale, FreshnessReason.Late, now);
    }

    private void ForgetLag() => (_lateSince, _isLateOpen) = (-1, false);

    private FreshnessEffects TakeDeadline(long now)
    {
        if (_phase == Phase.Listening)
        {
            Expect(Phase.Probing, long.MaxValue);
            return FreshnessEffects.Probe;
        }

        // Subscribing again did not help.
        _attempts++;
        Expect(Phase.Listening, now + rules.PauseAfter(_attempts));
        return FreshnessEffects.Suspect;
    }

    /// <summary>The longer it has been quiet, the longer until the next look.</summary>
    private FreshnessEffects BeQuiet(long now)
    {
        _attempts = 0;
        Expect(Phase.Listening, now + rules.LimitFor(now - _silentSince));
        return To(HealthState.Quiet, FreshnessReason.UpToDate, now);
    }

    private FreshnessEffects BeUnknown(long now)
    {
        switch (channel)
        {
            case StreamChannel.Liquidation or StreamChannel.Funding or StreamChannel.Price:
                // They come when something happens, and nobody can be asked whether it did.
                Expect(Phase.Listening, long.MaxValue);
                return To(HealthState.Quiet, FreshnessReason.NoProbe, now);
            case StreamChannel.MarkPrice when _dataAt >= 0:
                // They come by the clock: their silence proves itself.
                return Renew(HealthState.Stale, FreshnessReason.Silent, now);
            default:
                return Retry(now);
        }
    }

    private FreshnessEffects Renew(HealthState state, string reason, long now)
    {
        Expect(Phase.Renewing, now + rules.Silence);
        return To(state, reason, now) | FreshnessEffects.Resubscribe;
    }

    /// <summary>
    /// Nobody can tell. A fresh subscription costs little, but the more of them brought nothing, the likelier nothing happens. One that
    /// never brought anything does not count as started.
    /// </summary>
    private FreshnessEffects Retry(long now)
    {
        _attempts++;
        Expect(Phase.Listening, now + rules.PauseAfter(_attempts));
        var effects = _dataAt < 0 && State == HealthState.Starting
            ? To(HealthState.Starting, FreshnessReason.NoData, now)
            : To(HealthState.Quiet, FreshnessReason.Unproven, now);
        return effects | FreshnessEffects.Resubscribe;
    }

    private void Expect(Phase phase, long checkAt) => (_phase, _checkAt) = (phase, checkAt);

    private FreshnessEffects To(HealthState state, string reason, long now, long outage = 0, bool isAnew = false)
    {
        if (State == state && Reason == reason && !isAnew)
        {
            return FreshnessEffects.None;
        }

        Since = State == state && !isAnew ? Since : now;
        (State, Reason, Outage) = (state, reason, outage);
        return FreshnessEffects.Changed;
    }
}
