using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Collecting;

/// <summary>Where candles of the time before a series come from: by REST, venue by venue.</summary>
internal sealed class CandleRecovery(TimeProvider marketClock, PipelineMetrics metrics, ILogger log) : IAsyncDisposable
{
    private readonly CandleBackfillRouter _router = new();
    private readonly ConcurrentDictionary<string, CandleBackfill> _venues = new(StringComparer.Ordinal);

    public ICandleBackfill Backfill => _router;

    /// <summary>Opens the way for one venue, if it has a REST interface; before its trades come.</summary>
    public void Add(VenuePlan plan, IAnswerEntrance entrance)
    {
        var venue = plan.Venue;
        if (venue.Rest is not { } rest || _venues.ContainsKey(venue.Name))
        {
            return;
        }

        var backfill = new CandleBackfill(rest, FeedSource.OfRest(plan.Adapter, plan.Symbols), plan.Adapter.CandleIntervals, marketClock, metrics);
        backfill.Failed += (instrument, reason) => CollectorLog.BackfillFailed(log, instrument.Key, reason);
        backfill.Progressed += (done, waiting, rows) => CollectorLog.BackfillProgress(log, venue.Name, done, waiting, rows);
        backfill.Start(entrance);
        _venues[venue.Name] = backfill;
        _router.Add(venue.Name, backfill);
    }

    /// <summary>Closes the way of a venue.</summary>
    public async Task RemoveAsync(string venue)
    {
        _router.Remove(venue);
        if (_venues.TryRemove(venue, out var backfill))
        {
            await backfill.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var venue in _venues.Keys)
        {
            await RemoveAsync(venue);
        }
    }
}
