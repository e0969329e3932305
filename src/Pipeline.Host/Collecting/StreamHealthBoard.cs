using System.Collections.Concurrent;
using Pipeline.Core.Market;

namespace Pipeline.Host.Collecting;

/// <summary>The newest health of every stream. Safe from several threads.</summary>
internal sealed class StreamHealthBoard
{
    private static readonly int States = Enum.GetValues<HealthState>().Length;

    private readonly ConcurrentDictionary<(Instrument Instrument, string DataType), StreamHealth> _newest = new();

    public void Note(in StreamHealth health) => _newest[(health.Instrument, health.DataType)] = health;

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

    /// <summary>The stream that has been stale for longest, else the one that has been paused for longest; null when all is well.</summary>
    public StreamHealth? Worst()
    {
        StreamHealth? worst = null;
        foreach (var health in _newest.Values.Where(health => health.State is HealthState.Stale or HealthState.Paused))
        {
            if (worst is not { } before || IsWorse(health, before))
            {
                worst = health;
            }
        }

        return worst;
    }

    private static bool IsWorse(in StreamHealth one, in StreamHealth other) =>
        one.State == other.State ? one.Since < other.Since : one.State == HealthState.Stale;
}
