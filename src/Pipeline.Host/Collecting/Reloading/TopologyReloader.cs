using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Topology;
using Pipeline.Core.Topology.Diff;

namespace Pipeline.Host.Collecting.Reloading;

/// <summary>
/// Reads the topology again and brings what runs in line with it, one reload at a time. A file with errors is told about and changes
/// nothing; what needs a restart is named, each time until it is reverted or the collector starts anew.
/// </summary>
/// <param name="first">What the collector was started with.</param>
internal sealed class TopologyReloader(
    Func<TopologyResult> read, TopologyFile first, ITopologyTarget target, PipelineMetrics metrics, ILogger log) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private TopologyFile _running = first;

    /// <summary>What runs now.</summary>
    public TopologyFile Running => Volatile.Read(ref _running);

    /// <param name="cause">Who wants it, for the log: <c>file</c>, <c>signal</c>, <c>http</c>.</param>
    /// <param name="isQuiet">Nothing is logged when nothing has changed.</param>
    public async Task<ReloadOutcome> ReloadAsync(string cause, bool isQuiet = false)
    {
        await _turn.WaitAsync();
        try
        {
            var result = read();
            return result.File is { } file ? await FollowAsync(file, cause, isQuiet) : Refuse(result.Errors, cause);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private ReloadOutcome Refuse(IReadOnlyList<TopologyError> errors, string cause)
    {
        foreach (var error in errors)
        {
            CollectorLog.ReloadRefused(log, cause, error.ToString());
        }

        metrics.TopologyReloaded("refused");
        return ReloadOutcome.Refused(errors);
    }

    private async Task<ReloadOutcome> FollowAsync(TopologyFile file, string cause, bool isQuiet)
    {
        var diff = TopologyDiff.Between(Running, file);
        if (diff.Candles is { } candles)
        {
            target.SetCandles(candles);
        }

        foreach (var venue in diff.RemovedVenues)
        {
            await target.RemoveVenueAsync(venue);
        }

        var changes = new List<VenueChange>();
        foreach (var venue in diff.Venues)
        {
            changes.Add(await ReplanAsync(venue));
        }

        foreach (var venue in diff.AddedVenues)
        {
            target.AddVenue(venue);
        }

        Volatile.Write(ref _running, WithoutRefused(diff, changes));
        var outcome = Describe(diff, changes);
        metrics.TopologyReloaded(outcome.Problems.Count > 0 ? "partial" : diff.IsEmpty ? "unchanged" : "applied");
        if (!diff.IsEmpty || !isQuiet)
        {
            CollectorLog.Reloaded(log, cause, outcome.Summary);
        }

        return outcome;
    }

    private async Task<VenueChange> ReplanAsync(VenueDifference venue)
    {
        try
        {
            return await target.ReplanAsync(venue.After);
        }
        catch (Exception error)
        {
            // One venue's trouble is no other's.
            return new VenueChange(venue.Venue, null, [], error.Message);
        }
    }

    /// <summary>A venue that would not follow is asked again with the next reload.</summary>
    private static TopologyFile WithoutRefused(TopologyDiff diff, List<VenueChange> changes)
    {
        var refused = changes.Where(change => change.Refusal is not null).Select(change => change.Venue).ToHashSet(StringComparer.Ordinal);
        var before = diff.Venues.ToDictionary(venue => venue.Venue, venue => venue.Before, StringComparer.Ordinal);
        return diff.Effective with
        {
            Venues = [.. diff.Effective.Venues.Select(venue => refused.Contains(venue.Name) ? before[venue.Name] : venue)],
        };
    }

    private static ReloadOutcome Describe(TopologyDiff diff, List<VenueChange> changes)
    {
        var streams = changes.Select(change => change.Streams).OfType<Core.Feeds.StreamDifference>().ToList();
        var (added, removed, untouched) = (streams.Sum(one => one.Added.Count), streams.Sum(one => one.Removed.Count), streams.Sum(one => one.Untouched));
        var moved = streams.Sum(one => one.Moved.Count);
        List<string> problems =
        [
            .. changes.Where(change => change.Refusal is not null).Select(change => $"{change.Venue} stays as it was: {change.Refusal}"),
            .. changes.Where(change => change.Refusal is null).SelectMany(change => change.LeftOut).Select(error => $"left out: {error}"),
            .. streams.SelectMany(one => one.Refused),
        ];
        var begun = diff.AddedVenues.Select(venue => venue.Name).ToList();
        List<string> parts =
        [
            .. streams.Count > 0 ? [$"+{added} streams, −{removed},{(moved > 0 ? $" {moved} moved," : "")} {untouched} untouched"] : Array.Empty<string>(),
            .. changes.Where(change => change is { Streams: null, Refusal: null }).Select(change => $"{change.Venue} will join with it"),
            .. begun.Select(venue => $"{venue} begins"),
            .. diff.RemovedVenues.Select(venue => $"{venue} has ended"),
            .. diff.Candles is not null ? [$"candles of {string.Join(' ', diff.Candles.Intervals)}"] : Array.Empty<string>(),
            .. problems,
            .. diff.NeedsRestart.Count > 0
                ? [$"{string.Join(", ", diff.NeedsRestart)} {(diff.NeedsRestart.Count == 1 ? "needs" : "need")} a restart"]
                : Array.Empty<string>(),
        ];
        return new ReloadOutcome(
            true,
            parts.Count == 0 ? "nothing has changed" : string.Join("; ", parts),
            added,
            removed,
            untouched,
            begun,
            diff.RemovedVenues,
            diff.Hot,
            diff.NeedsRestart,
            problems,
            []);
    }
}
