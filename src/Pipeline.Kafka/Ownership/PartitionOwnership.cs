using Pipeline.Core.Topology;
using Pipeline.Kafka.Sink;

namespace Pipeline.Kafka.Ownership;

/// <summary>
/// Who owns one partition, as its log says it: of two claims the later one holds. Plain and synchronous, <c>(event, now) → effects</c>;
/// it reads no clock. For one thread.
/// </summary>
/// <remarks>
/// <code>
///   Want  → another has it: Preparing ── its streams are confirmed, or it is silent, or it takes too long ──┐
///         └ nobody has it ──────────────────────────────────────────────────────────────────────────────────┤
///   Begin ──────────────────────────────────────────────────────────────────────────────────────────────────┴─► claim
///   claim → its offset is the epoch, and everything before it has been read
///     nobody before, or released ───────────────────────────┐
///     our own name before (a restart) ──────────┐           │
///     another's: Waiting ── released ───────────┼───────────┤
///                        └─ silent: lease ──────┤           │
///                                           Settling ──► Reading ──► Owning
///   Reading, Owning: a sign of life every 2 s
///     a later claim is read                → Stop → flushed → released
///     no acknowledgement for the lease     → Lose: purge, begin again
/// </code>
/// That it is wanted no more changes nothing once it is claimed: whoever is to have it claims it.
/// Times are microseconds of a clock that no one sets; what others wrote of theirs is not looked at.
/// </remarks>
/// <param name="instance">The collector's name.</param>
/// <param name="process">Tells this run of it from all others.</param>
public sealed class PartitionOwnership(int partition, string instance, string process, RestartOptions options)
{
    /// <summary>Time between two signs of life, microseconds.</summary>
    public const long AliveInterval = 2_000_000;

    // Who does not look for longer than this has slept, and knows nothing of the silence of others.
    private const long LookInterval = 1_000_000;

    private readonly long _lease = Microseconds(options.LeaseTimeout);
    private readonly long _settle = Microseconds(options.Settle);
    private readonly long _prepare = Microseconds(options.PrepareTimeout);
    private readonly OtherOwners _others = new();
    private long _lastLook;
    private long _settled;
    private long _acknowledged;
    private long _nextAlive;
    private long _prepared;
    private long _wantAgain;
    private bool _isStopping;

    public int Partition => partition;

    public OwnerPhase Phase { get; private set; }

    /// <summary>It is to be ours, says whoever shares the partitions out.</summary>
    public bool IsWanted { get; private set; }

    /// <summary>Offset of our claim; -1 before it is known.</summary>
    public long Epoch { get; private set; } = -1;

    /// <summary>Who owned it before, or owns it now instead of us; null = nobody that is known.</summary>
    public string? Other => _others.Last;

    /// <summary>Others who may be writing, as far as the log says.</summary>
    public bool HasOthers => _others.Count > 0;

    /// <summary>How it came to us, once it is read.</summary>
    public TakeOver TakenBy { get; private set; }

    /// <summary>When those before it were heard for the last time, before it came to us; our claim's time where nobody was.</summary>
    public long SilentSince { get; private set; }

    /// <summary>Where the logs end, as those said who released it to us; nothing where nobody said it.</summary>
    public PartitionEnds ReleasedEnds { get; private set; }

    /// <summary>When <see cref="Tick"/> is wanted; the maximum when not.</summary>
    public long NextDeadline => Phase switch
    {
        OwnerPhase.Idle => IsWanted ? _wantAgain : long.MaxValue,
        OwnerPhase.Preparing => Math.Min(_prepared, LeaseEnd),
        OwnerPhase.Waiting => Math.Min(LeaseEnd, _lastLook + LookInterval),
        OwnerPhase.Settling => _settled,
        OwnerPhase.Claiming => _acknowledged + _lease,
        OwnerPhase.Reading or OwnerPhase.Owning => Math.Min(_nextAlive, _acknowledged + _lease),
        _ => long.MaxValue,
    };

    /// <summary>Until when records may be handed over, if nothing is acknowledged meanwhile; the minimum when they may not.</summary>
    public long MayWriteUntil => Phase == OwnerPhase.Owning && !_isStopping ? _acknowledged + _lease : long.MinValue;

    /// <summary>True while records may be handed over, as far as the log says.</summary>
    public bool IsOwned => Phase == OwnerPhase.Owning && !_isStopping;

    private long LeaseEnd => _others.LastSeen(instance) is < long.MaxValue and var seen ? seen + _lease : long.MaxValue;

    /// <summary>The partition is to be ours: at once where nobody has it, and else once what it takes is prepared.</summary>
    public void Want(long now, List<OwnerEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        if (IsWanted)
        {
            return;
        }

        IsWanted = true;
        _wantAgain = now;
        if (Phase == OwnerPhase.Idle)
        {
            Approach(now, effects);
        }
    }

    /// <summary>The partition is to be another's. Changes nothing once it is claimed.</summary>
    public void Unwant(List<OwnerEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        IsWanted = false;
        if (Phase == OwnerPhase.Preparing)
        {
            Phase = OwnerPhase.Idle;
            effects.Add(OwnerEffect.LetGo);
        }
    }

    /// <summary>What the partition's streams bring is held.</summary>
    public void Prepared(long now, List<OwnerEffect> effects)
    {
        if (Phase == OwnerPhase.Preparing)
        {
            Begin(now, effects);
        }
    }

    /// <summary>The partition is wanted now.</summary>
    public void Begin(long now, List<OwnerEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        Phase = OwnerPhase.Claiming;
        Epoch = -1;
        _isStopping = false;
        _acknowledged = _lastLook = now;
        _others.BeginClaim();
        ReleasedEnds = default;
        effects.Add(OwnerEffect.WriteClaim);
    }

    /// <summary>The claim is acknowledged and has this offset. It counts once it is read: then all before it is, too.</summary>
    public void Claimed(long offset, long now)
    {
        Epoch = offset;
        _acknowledged = now;
    }

    /// <summary>A record under <c>#owner</c>, in the order of the log, from its beginning.</summary>
    public void Read(long offset, OwnerRecord record, long now, List<OwnerEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(effects);
        if (record.Process == process)
        {
            if (record.Kind == OwnerKind.Claim && Phase == OwnerPhase.Claiming)
            {
                Epoch = offset;
                Decide(now, effects);
            }

            return;
        }

        var isSince = Epoch >= 0 && offset > Epoch;
        switch (record.Kind)
        {
            case OwnerKind.Claim:
                _others.Claim(offset, record, now);
                if (isSince && Phase is not OwnerPhase.Idle and not OwnerPhase.Preparing)
                {
                    Yield(now, effects);
                }

                break;
            case OwnerKind.Alive:
                _others.See(record, isSince, now);
                if (isSince && Phase == OwnerPhase.Settling)
                {
                    // Whatever made us take it for dead.
                    Phase = OwnerPhase.Waiting;
                }

                break;
            default:
                _others.End(record);
                ReleasedEnds = Later(ReleasedEnds, record.Ends);
                ReadReleased(now, effects);
                break;
        }
    }

    /// <summary>To be called at <see cref="NextDeadline"/>, and at any time.</summary>
    public void Tick(long now, List<OwnerEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        switch (Phase)
        {
            case OwnerPhase.Idle when IsWanted && now >= _wantAgain:
                Approach(now, effects);
                break;
            case OwnerPhase.Preparing when now >= _prepared || _others.AreGone(instance, now - _lease):
                Begin(now, effects);
                break;
            case OwnerPhase.Waiting:
                TickWaiting(now, effects);
                break;
            case OwnerPhase.Settling when now >= _settled:
                BeginReading(now, effects);
                break;
            case OwnerPhase.Claiming or OwnerPhase.Reading or OwnerPhase.Owning when now - _acknowledged >= _lease:
                // Nothing is written any more, not even that it has ended: others may own it by now.
                Phase = OwnerPhase.Idle;
                IsWanted = false;
                effects.Add(OwnerEffect.Lose);
                break;
            case OwnerPhase.Reading or OwnerPhase.Owning when now >= _nextAlive && !_isStopping:
                _nextAlive = now + AliveInterval;
                effects.Add(OwnerEffect.WriteAlive);
                break;
        }
    }

    /// <summary>A sign of life was acknowledged.</summary>
    /// <param name="written">When it was handed over: what was acknowledged later says nothing of the time between.</param>
    public void Acknowledged(long written) => _acknowledged = Math.Max(_acknowledged, written);

    /// <summary>State and tails are read and folded: the partition is ours to write.</summary>
    public void TailRead()
    {
        if (Phase == OwnerPhase.Reading)
        {
            Phase = OwnerPhase.Owning;
        }
    }

    /// <summary>The partition is not wanted any more; everything is flushed.</summary>
    public void Release(List<OwnerEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        if (Phase == OwnerPhase.Preparing)
        {
            // Nothing was claimed: there is nothing to be said.
            Phase = OwnerPhase.Idle;
        }
        else if (Phase != OwnerPhase.Idle)
        {
            Phase = OwnerPhase.Idle;
            effects.Add(OwnerEffect.WriteReleased);
        }
    }

    /// <summary>After <see cref="OwnerEffect.Stop"/>: nothing of us is on its way any more.</summary>
    public void Flushed(List<OwnerEffect> effects) => Release(effects);

    private static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>One that never wrote says nothing.</summary>
    private static PartitionEnds Later(PartitionEnds one, PartitionEnds other)
    {
        static long? Max(long? a, long? b) => a is null || b > a ? b : a;
        return new PartitionEnds(
            Max(one.Trades, other.Trades), Max(one.Prices, other.Prices), Max(one.Candles, other.Candles), Max(one.Gaps, other.Gaps));
    }

    private void Approach(long now, List<OwnerEffect> effects)
    {
        effects.Add(OwnerEffect.Prepare);
        if (_others.AreGone(instance, now - _lease))
        {
            // Nobody writes meanwhile: every moment counts.
            Begin(now, effects);
            return;
        }

        Phase = OwnerPhase.Preparing;
        _prepared = now + _prepare;
    }

    private void ReadReleased(long now, List<OwnerEffect> effects)
    {
        if (Phase is OwnerPhase.Waiting or OwnerPhase.Settling && _others.Count == 0)
        {
            TakenBy = TakeOver.Planned;
            BeginReading(now, effects);
        }
    }

    private void Decide(long now, List<OwnerEffect> effects)
    {
        _acknowledged = Math.Max(_acknowledged, now);
        _lastLook = now;
        SilentSince = now;
        if (_others.Count == 0)
        {
            TakenBy = TakeOver.Free;
            BeginReading(now, effects);
        }
        else if (_others.AreRestarted(instance))
        {
            Settle(TakeOver.Restart, now);
        }
        else
        {
            // Everything before our claim has been read: what was not heard by then was not said.
            Phase = OwnerPhase.Waiting;
            TickWaiting(now, effects);
        }
    }

    private void TickWaiting(long now, List<OwnerEffect> effects)
    {
        if (now - _lastLook > LookInterval * 2)
        {
            // We slept. Whether the others were silent meanwhile is not known.
            _others.SeeAll(now);
        }

        _lastLook = now;
        if (_others.AreGone(instance, now - _lease))
        {
            SilentSince = Math.Min(SilentSince, _others.LastSeen(instance));
            Settle(TakeOver.Lease, now);
            Tick(now, effects);
        }
    }

    private void Settle(TakeOver how, long now)
    {
        TakenBy = how;
        Phase = OwnerPhase.Settling;
        _settled = now + _settle;
    }

    private void BeginReading(long now, List<OwnerEffect> effects)
    {
        Phase = OwnerPhase.Reading;
        _others.Clear();
        _acknowledged = now;
        _nextAlive = now + AliveInterval;
        effects.Add(OwnerEffect.ReadTail);
    }

    private void Yield(long now, List<OwnerEffect> effects)
    {
        // Were it to be ours all the same, it is so again when whoever shares out has had time to say otherwise.
        _wantAgain = now + _lease;
        if (Phase == OwnerPhase.Owning)
        {
            if (!_isStopping)
            {
                _isStopping = true;
                effects.Add(OwnerEffect.Stop);
            }

            return;
        }

        // Nothing was written under it yet.
        Phase = OwnerPhase.Idle;
        effects.Add(OwnerEffect.Stop);
        effects.Add(OwnerEffect.WriteReleased);
    }
}
