using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Freshness;

/// <summary>One stream that is watched; its monitor guards it.</summary>
internal sealed class MonitoredStream(FeedStream stream, Instrument instrument, StreamTrace trace, StreamFreshness freshness)
{
    private long _seenCount;
    private long _seenAt;
    private long _dataAt = -1;
    private long _clockSets;

    public FeedStream Stream => stream;

    public Instrument Instrument => instrument;

    public StreamTrace Trace => trace;

    public StreamFreshness Freshness => freshness;

    /// <summary>Called by station 3; made once.</summary>
    public Action? Wake { get; set; }

    /// <summary>Connections that have acknowledged it; more than one while it moves.</summary>
    public List<string> Carriers { get; } = [];

    public string Connection => Carriers.Count == 0 ? "" : Carriers[^1];

    /// <summary>When it was acknowledged last, market-clock microseconds.</summary>
    public long ConfirmedTime { get; set; }

    /// <summary>When it came into its state, market-clock microseconds.</summary>
    public long SinceTime { get; set; }

    /// <summary>State it is counted under.</summary>
    public HealthState? Counted { get; set; }

    /// <summary>The look that is planned; the maximum when none is.</summary>
    public long PlannedAt { get; set; } = long.MaxValue;

    /// <summary>A probe waits or is under way.</summary>
    public bool IsProbing { get; set; }

    /// <summary>It was acknowledged just now: its next event may be an old state.</summary>
    public bool IsRestarted { get; set; }

    public bool IsForgotten { get; set; }

    public long Count => _seenCount;

    /// <summary>
    /// New data is seen by its number, and its age is bounded by the look before: neither depends on a clock that may be set.
    /// </summary>
    /// <param name="clockSets">How often the market clock has been set.</param>
    public StreamSight See(long now, long marketNow, long clockSets, long lateLag)
    {
        var count = trace.Count;
        if (count != _seenCount)
        {
            var age = clockSets == _clockSets ? marketNow - trace.Arrival : 0;
            _dataAt = Math.Max(_seenAt, now - Math.Clamp(age, 0, now));
            _seenCount = count;
        }

        (_seenAt, _clockSets) = (now, clockSets);
        return new StreamSight(count, _dataAt, trace.LongestSilence, trace.IsLater(lateLag));
    }

    /// <summary>Asks station 3 to tell of what may happen before the next look.</summary>
    public void AwaitNext()
    {
        var events = freshness.State switch
        {
            HealthState.Stopped or HealthState.Paused => WakeOn.Nothing,
            HealthState.Fresh => WakeOn.Late,
            HealthState.Stale when freshness.Reason == FreshnessReason.Late => WakeOn.InTime,
            _ => WakeOn.Data,
        };
        if (freshness.IsJudgingLag || freshness.AwaitsNextEvent)
        {
            // It is looked at again in a moment; every late event until then would be one wake-up.
            events = freshness.IsJudgingLag ? WakeOn.Nothing : WakeOn.Data;
        }

        if (IsRestarted)
        {
            events |= WakeOn.Restart;
            IsRestarted = false;
        }

        trace.Await(events, Wake!);
    }

    public StreamHealth ToHealth() => new(
        instrument,
        stream.DataType,
        freshness.State,
        freshness.Reason,
        Connection,
        SinceTime,
        trace.EventTime,
        trace.Arrival,
        freshness.Outage);
}
