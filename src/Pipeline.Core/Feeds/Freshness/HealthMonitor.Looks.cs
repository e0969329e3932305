using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Freshness;

/// <content>Looks at streams that are due or have data again, and what comes of a look.</content>
public sealed partial class HealthMonitor
{
    private void Fire() => Do(() =>
    {
        Firings++;
        _looks.Begin();
        var now = _clock.Now;
        if (_clock.WasSet())
        {
            Rebase(now);
        }

        while (_looks.Take(now) is { } next)
        {
            Look(next, now);
        }

        _nextCheck = now + _checkInterval;
        StartProbes(now);
    });

    /// <summary>The market clock was set: what lies under the old one is neither a silence nor a lag.</summary>
    private void Rebase(long now)
    {
        _clockSets++;
        _lag.Rebase();
        foreach (var watched in _streams.Values)
        {
            watched.Freshness.HoldLimit(now);
        }
    }

    private void Look(MonitoredStream watched, long now)
    {
        if (!watched.IsForgotten)
        {
            Settle(watched, LookAt(watched, now), now);
        }
    }

    private FreshnessEffects LookAt(MonitoredStream watched, long now) =>
        watched.Freshness.Look(now, watched.See(now, _clock.Market, _clockSets, _lag.Limit));

    /// <summary>Does what a step wants, plans the next look and asks station 3 for what may happen before.</summary>
    private void Settle(MonitoredStream watched, FreshnessEffects effects, long now)
    {
        while (true)
        {
            Act(watched, effects, now);
            watched.AwaitNext();
            if (watched.Count == watched.Trace.Count
                || watched.Freshness.State is HealthState.Fresh or HealthState.Stopped or HealthState.Paused)
            {
                break;
            }

            // It came before we asked to be told.
            effects = LookAt(watched, now);
        }

        _looks.Plan(watched);
    }

    private void Act(MonitoredStream watched, FreshnessEffects effects, long now)
    {
        if (effects.HasFlag(FreshnessEffects.Changed))
        {
            Publish(watched);
        }

        if (effects.HasFlag(FreshnessEffects.Probe))
        {
            QueueProbe(watched);
        }

        if (effects.HasFlag(FreshnessEffects.Resubscribe))
        {
            _outputs.Resubscribe(watched);
        }

        if (effects.HasFlag(FreshnessEffects.Suspect) && watched.Connection.Length > 0)
        {
            _outputs.Suspect(watched);
        }
    }

    private void Publish(MonitoredStream watched)
    {
        var freshness = watched.Freshness;
        var market = _clock.Market;
        watched.SinceTime = market - (_clock.Now - freshness.Since);
        if (freshness.State is HealthState.Stale or HealthState.Paused)
        {
            // However long it takes: that is no silence to get used to.
            watched.Trace.ForgiveBefore(market);
        }

        Recount(watched, freshness.State);
        _metrics.StreamChanged(_venue, freshness.Reason);
        _outputs.Change(watched);
    }

    private void Recount(MonitoredStream watched, HealthState? state)
    {
        if (watched.Counted is { } before)
        {
            _metrics.Streams(_venue, HealthStateNames.Of(before), -1);
        }

        if (state is { } after)
        {
            _metrics.Streams(_venue, HealthStateNames.Of(after), 1);
        }

        watched.Counted = state;
    }
}
