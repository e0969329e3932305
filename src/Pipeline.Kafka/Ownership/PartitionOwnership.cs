using Pipeline.Core.Topology;

namespace Pipeline.Kafka.Ownership;

/// <summary>
/// Who owns one partition, as its log says it: of two claims the later one holds. Plain and synchronous, <c>(event, now) → effects</c>;
/// it reads no clock. For one thread.
/// </summary>
/// <remarks>
/// <code>
///   Begin → claim → its offset is the epoch, and everything before it has been read
///     nobody before, or released ───────────────────────────┐
///     our own name before (a restart) ──────────┐           │
///     another's: Waiting ── released ───────────┼───────────┤
///                        └─ silent: lease ──────┤           │
///                                           Settling ──► Reading ──► Owning
///   Reading, Owning: a sign of life every 2 s
///     a later claim is read                → Stop → flushed → released
///     no acknowledgement for the lease     → Lose: purge, begin again
/// </code>
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
    private OwnerRecord? _before;
    private long _beforeOffset = -1;
    private long _beforeSeen;
    private long _lastLook;
    private long _settled;
    private long _acknowledged;
    private long _nextAlive;
    private bool _isStopping;

    public int Partition => partition;

    public OwnerPhase Phase { get; private set; }

    /// <summary>Offset of our claim; -1 before it is known.</summary>
    public long Epoch { get; private set; } = -1;

    /// <summary>Who owned it before, or owns it now instead of us; null = nobody that is known.</summary>
    public string? Other => _before?.Instance;

    /// <summary>When <see cref="Tick"/> is wanted; the maximum when not.</summary>
    public long NextDeadline => Phase switch
    {
        OwnerPhase.Waiting => Math.Min(_beforeSeen + _lease, _lastLook + LookInterval),
        OwnerPhase.Settling => _settled,
        OwnerPhase.Claiming => _acknowledged + _lease,
        OwnerPhase.Reading or OwnerPhase.Owning => Math.Min(_nextAlive, _acknowledged + _lease),
        _ => long.MaxValue,
    };

    /// <summary>Until when records may be handed over, if nothing is acknowledged meanwhile; the minimum when they may not.</summary>
    public long MayWriteUntil => Phase == OwnerPhase.Owning && !_isStopping ? _acknowledged + _lease : long.MinValue;

    /// <summary>The partition is wanted.</summary>
    public void Begin(long now, List<OwnerEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        Phase = OwnerPhase.Claiming;
        Epoch = -1;
        _isStopping = false;
        _acknowledged = _lastLook = now;
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

        if (record.Kind == OwnerKind.Claim && Epoch >= 0 && offset > Epoch && Phase != OwnerPhase.Idle)
        {
            Note(offset, record, now);
            Yield(effects);
            return;
        }

        ReadOther(offset, record, now, effects);
    }

    /// <summary>To be called at <see cref="NextDeadline"/>, and at any time.</summary>
    public void Tick(long now, List<OwnerEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        switch (Phase)
        {
            case OwnerPhase.Waiting:
                TickWaiting(now, effects);
                break;
            case OwnerPhase.Settling when now >= _settled:
                BeginReading(now, effects);
                break;
            case OwnerPhase.Claiming or OwnerPhase.Reading or OwnerPhase.Owning when now - _acknowledged >= _lease:
                // Nothing is written any more, not even that it has ended: others may own it by now.
                Phase = OwnerPhase.Idle;
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
        if (Phase != OwnerPhase.Idle)
        {
            Phase = OwnerPhase.Idle;
            effects.Add(OwnerEffect.WriteReleased);
        }
    }

    /// <summary>After <see cref="OwnerEffect.Stop"/>: nothing of us is on its way any more.</summary>
    public void Flushed(List<OwnerEffect> effects) => Release(effects);

    private static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    private void ReadOther(long offset, OwnerRecord record, long now, List<OwnerEffect> effects)
    {
        if (record.Kind == OwnerKind.Claim)
        {
            Note(offset, record, now);
        }
        else if (_before is null || record.Process == _before.Process)
        {
            Note(Math.Max(offset, _beforeOffset), record, now);
            if (Phase == OwnerPhase.Waiting && record.Kind == OwnerKind.Released)
            {
                BeginReading(now, effects);
            }
        }
    }

    private void Note(long offset, OwnerRecord record, long now) => (_before, _beforeOffset, _beforeSeen) = (record, offset, now);

    private void Decide(long now, List<OwnerEffect> effects)
    {
        _acknowledged = Math.Max(_acknowledged, now);
        _lastLook = now;
        if (_before is null || _before.Kind == OwnerKind.Released)
        {
            BeginReading(now, effects);
        }
        else if (_before.Instance == instance)
        {
            Settle(now);
        }
        else
        {
            // Its signs of life were read, not seen coming: silence begins now.
            _beforeSeen = now;
            Phase = OwnerPhase.Waiting;
        }
    }

    private void TickWaiting(long now, List<OwnerEffect> effects)
    {
        if (now - _lastLook > LookInterval * 2)
        {
            // We slept. Whether the other was silent meanwhile is not known.
            _beforeSeen = now;
        }

        _lastLook = now;
        if (now - _beforeSeen >= _lease)
        {
            Settle(now);
            Tick(now, effects);
        }
    }

    private void Settle(long now)
    {
        Phase = OwnerPhase.Settling;
        _settled = now + _settle;
    }

    private void BeginReading(long now, List<OwnerEffect> effects)
    {
        Phase = OwnerPhase.Reading;
        _acknowledged = now;
        _nextAlive = now + AliveInterval;
        effects.Add(OwnerEffect.ReadTail);
    }

    private void Yield(List<OwnerEffect> effects)
    {
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
