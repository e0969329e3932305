using System.Collections.Concurrent;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Repair;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Collecting;

/// <summary>Where missing trades come from: by REST, venue by venue. Holes of a venue without are given up.</summary>
internal sealed class TradeRecovery(RepairOptions options, TimeProvider marketClock, PipelineMetrics metrics) : IAsyncDisposable
{
    private readonly TradeRepairRouter _router = new(marketClock);
    private readonly ConcurrentDictionary<string, TradeRepairs> _venues = new(StringComparer.Ordinal);

    public ITradeRepairs Repairs => _router;

    /// <param name="entrance">Where the answers go.</param>
    public void Start(IAnswerEntrance entrance) => _router.Start(entrance);

    /// <summary>Opens the way for one venue, if it has a REST interface; before its trades come.</summary>
    public void Add(VenuePlan plan, IAnswerEntrance entrance, Action<RepairFailure> failed)
    {
        var venue = plan.Venue;
        if (venue.Rest is not { } rest || _venues.ContainsKey(venue.Name))
        {
            return;
        }

        var source = FeedSource.OfRest(plan.Adapter, plan.Symbols);
        var repairs = new TradeRepairs(rest, source, venue.Options.TradeSource, options, marketClock, metrics);
        repairs.Failed += failed;
        repairs.Start(entrance);
        _venues[venue.Name] = repairs;
        _router.Add(venue.Name, repairs);
    }

    /// <summary>Closes the way of a venue.</summary>
    public async Task RemoveAsync(string venue)
    {
        _router.Remove(venue);
        if (_venues.TryRemove(venue, out var repairs))
        {
            await repairs.DisposeAsync();
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
