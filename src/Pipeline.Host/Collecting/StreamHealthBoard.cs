using System.Collections.Concurrent;
using Pipeline.Core.Feeds.Freshness;
using Pipeline.Core.Market;

namespace Pipeline.Host.Collecting;

/// <summary>The newest health of every stream. Safe from several threads.</summary>
internal sealed class StreamHealthBoard
{
    private static readonly int States = Enum.GetValues<HealthState>().Length;

    private readonly ConcurrentDictionary<(Instrument Instrument, string DataType), StreamHealth> _newest = new();

    /// <summary>Takes the newest health of a stream. One that nobody wants any more is forgotten: it counts neither as well nor as unwell.</summary>
    public void Note(in StreamHealth health)
    {
        var key = (health.Instrument, health.DataType);
        if (health is { State: HealthState.Stopped, Reason: FreshnessReason.Unsubscribed })
        {
            _newest.TryRemove(key, out _);
        }
        else
        {
            _newest[key] = health;
        }
    }

    /// <summary>Forgets an instrument that is not taken any more.</summary>
    public void Forget(Instrument instrument)
    {
        foreach (var key in _newest.Keys.Where(key => key.Instrument == instrument))
        {
            _newest.TryRemove(key, out _);
        }
    }

    /// <summary>Forgets all of a venue.</summary>
    public void Forget(string venue)
    {
        foreach (var key in _newest.Keys.Where(key => key.Instrument.Venue == venue))
        {
            _newest.TryRemove(key, out _);
        }
    }

    /// <summary>Streams of a venue by state, in the order of <see cref="HealthState"/>.</summary>
    public IReadOnlyList<int> CountsOf(string venue)
    {
        var counts = new int[States];
        foreach (var health in _newest.Values.Where(health => health.Instrument.Venue == venue))
        {
            counts[(int)health.State]++;
        }

        return counts;
    }

    /// <summary>Those that have been stale for longest, then those that have been paused for longest, and how many there are in all.</summary>
    public (IReadOnlyList<StreamHealth> Worst, int Count) Worst(int most)
    {
        var unwell = _newest.Values.Where(health => health.State is HealthState.Stale or HealthState.Paused).ToList();
        return ([.. unwell.OrderBy(health => health.State != HealthState.Stale).ThenBy(health => health.Since).Take(most)], unwell.Count);
    }
}
