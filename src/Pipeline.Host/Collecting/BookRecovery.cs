using System.Collections.Concurrent;
using Pipeline.Core.Books;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Collecting;

/// <summary>
/// Where the snapshots of books come from: by REST where the venue's diffs want one, else by a fresh subscription to the book's stream.
/// </summary>
internal sealed class BookRecovery(BookOptions options, TimeProvider marketClock, PipelineMetrics metrics) : IAsyncDisposable
{
    private readonly BookSnapshotRouter _router = new(metrics);
    private readonly ConcurrentDictionary<string, RestBookSnapshots> _rest = new(StringComparer.Ordinal);

    public IBookSnapshots Snapshots => _router;

    /// <summary>
    /// Opens the way for one venue, at any time; false when its books need a REST interface and the topology names none.
    /// </summary>
    /// <param name="entrance">Where the answers go.</param>
    public bool Add(VenuePlan plan, VenueFeed feed, IAnswerEntrance entrance, Action<BookSnapshotFailure> failed)
    {
        var venue = plan.Venue;
        if (!venue.Options.Channels.Contains(StreamChannel.Book))
        {
            return true;
        }

        if (plan.Adapter.RulesFor(venue.Options.TradeSource).Book is BookRule.Chain or BookRule.Resend)
        {
            var channels = new ChannelOptions(venue.Options.TradeSource, venue.Options.VenueCandleIntervals);
            _router.Add(venue.Name, instrument =>
            {
                foreach (var stream in plan.Adapter.StreamNames(instrument, StreamChannel.Book, channels))
                {
                    feed.Resubscribe(stream);
                }
            });
            return true;
        }

        if (venue.Rest is not { } rest)
        {
            return false;
        }

        var source = new FeedSource(venue.Name, $"{venue.Name}-rest", plan.Adapter.Parser, plan.Symbols, plan.Adapter.TimeUnit);
        var snapshots = new RestBookSnapshots(rest, source, options, marketClock, metrics);
        snapshots.Failed += failed;
        snapshots.Start(entrance);
        _rest[venue.Name] = snapshots;
        _router.Add(venue.Name, snapshots.Request);
        return true;
    }

    /// <summary>Closes the way of a venue.</summary>
    public async Task RemoveAsync(string venue)
    {
        _router.Remove(venue);
        if (_rest.TryRemove(venue, out var snapshots))
        {
            await snapshots.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var venue in _rest.Keys)
        {
            await RemoveAsync(venue);
        }
    }
}
