using Pipeline.Core.Candles;

namespace Pipeline.Core.Topology.Diff;

/// <summary>
/// What an edit of a topology means for the collector that runs: what it can follow, and what only a restart brings. Nothing is asked
/// and nothing done here; which streams the entries stand for is found out when the venues are planned anew.
/// </summary>
/// <param name="Effective">What runs once it is followed: the new topology without what needs a restart.</param>
/// <param name="AddedVenues">Venues to begin with.</param>
/// <param name="RemovedVenues">Names of those to end.</param>
/// <param name="Venues">Those that stay and change.</param>
/// <param name="Candles">The new options; null when they stay.</param>
/// <param name="Hot">Keys that change while it runs, as full paths.</param>
/// <param name="NeedsRestart">Keys that were changed and stay as they were until the next start.</param>
public sealed record TopologyDiff(
    TopologyFile Effective,
    IReadOnlyList<VenueOptions> AddedVenues,
    IReadOnlyList<string> RemovedVenues,
    IReadOnlyList<VenueDifference> Venues,
    CandleOptions? Candles,
    IReadOnlyList<string> Hot,
    IReadOnlyList<string> NeedsRestart)
{
    /// <summary>
    /// Keys of a venue that it follows while it runs. The trade source is none of them: which ids follow each other depends on it.
    /// </summary>
    public static readonly IReadOnlySet<string> HotVenueKeys =
        new HashSet<string>(StringComparer.Ordinal) { "instruments", "channels", "venueCandleIntervals", "instrumentRefresh", "legs" };

    private static readonly string[] Apart = [nameof(TopologyFile.Path), nameof(TopologyFile.Venues), nameof(TopologyFile.Candles)];

    /// <summary>Whether there is nothing to do and nothing to tell.</summary>
    public bool IsEmpty => AddedVenues.Count + RemovedVenues.Count + Hot.Count + NeedsRestart.Count == 0;

    /// <param name="running">What runs now.</param>
    /// <param name="wanted">What the file says.</param>
    public static TopologyDiff Between(TopologyFile running, TopologyFile wanted)
    {
        ArgumentNullException.ThrowIfNull(running);
        ArgumentNullException.ThrowIfNull(wanted);
        var before = running.Venues.ToDictionary(venue => venue.Name, StringComparer.Ordinal);
        var names = wanted.Venues.Select(venue => venue.Name).ToHashSet(StringComparer.Ordinal);
        var candles = OptionPaths.Between(running.Candles, wanted.Candles, nameof(CandleOptions.Service)).Select(key => $"candles.{key}").ToList();
        List<string> hot = [.. candles];

        // The candle service is the gateway's, which reads its topology once.
        var cold = OptionPaths.Between(running, wanted, Apart)
            .Concat(OptionPaths.Between(running.Candles.Service, wanted.Candles.Service).Select(key => $"candles.{key}")).ToList();
        var (after, changed) = (new List<VenueOptions>(), new List<VenueDifference>());
        foreach (var venue in wanted.Venues)
        {
            if (!before.TryGetValue(venue.Name, out var known))
            {
                after.Add(venue);
                continue;
            }

            var keys = OptionPaths.Between(known, venue).ToList();
            cold.AddRange(keys.Where(key => !HotVenueKeys.Contains(key)).Select(key => $"venues.{venue.Name}.{key}"));
            keys.RemoveAll(key => !HotVenueKeys.Contains(key));
            hot.AddRange(keys.Select(key => $"venues.{venue.Name}.{key}"));
            var difference = Describe(known, venue, keys);
            after.Add(difference.After);
            if (keys.Count > 0)
            {
                changed.Add(difference);
            }
        }

        return new TopologyDiff(
            running with { Venues = after, Candles = wanted.Candles },
            [.. wanted.Venues.Where(venue => !before.ContainsKey(venue.Name))],
            [.. running.Venues.Select(venue => venue.Name).Where(name => !names.Contains(name))],
            changed,
            candles.Count > 0 ? wanted.Candles : null,
            hot,
            cold);
    }

    private static VenueDifference Describe(VenueOptions before, VenueOptions wanted, List<string> keys)
    {
        var after = before with
        {
            Instruments = wanted.Instruments,
            Channels = wanted.Channels,
            VenueCandleIntervals = wanted.VenueCandleIntervals,
            InstrumentRefresh = wanted.InstrumentRefresh,
            Legs = wanted.Legs,
        };
        return new VenueDifference(
            before,
            after,
            [.. after.Instruments.Except(before.Instruments)],
            [.. before.Instruments.Except(after.Instruments)],
            [.. after.Channels.Except(before.Channels)],
            [.. before.Channels.Except(after.Channels)],
            keys);
    }
}
