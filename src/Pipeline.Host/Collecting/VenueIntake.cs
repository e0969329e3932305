using Microsoft.Extensions.Logging;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Collecting;

/// <summary>One venue's feed, which of its streams are wished for, and where its books get their snapshots.</summary>
internal sealed class VenueIntake(
    string venue,
    VenueFeed feed,
    StreamWishes wishes,
    VenueHealth watch,
    BookRecovery books,
    TradeRecovery trades,
    CandleRecovery past,
    PipelineGraph graph,
    StreamHealthBoard health,
    CandleSamples samples,
    VenueRecorder? recorder,
    ILogger log) : IVenueIntake
{
    private bool _hasBooks;
    private int _isDisposed;

    public VenueFeed Feed => feed;

    public async Task<StreamDifference> FollowAsync(VenuePlan plan, IReadOnlyList<Instrument> gone, CancellationToken cancellation)
    {
        if (!_hasBooks && plan.Venue.Options.Channels.Contains(StreamChannel.Book))
        {
            _hasBooks = true;
            OpenBooks(plan);
        }

        if (plan.Venue.Options.Channels.Contains(StreamChannel.Trade))
        {
            trades.Add(plan, graph, failure => CollectorLog.RepairFailed(log, venue, failure.Instrument.Key, failure.Message));
            past.Add(plan, graph);
        }

        samples.Follow(plan, graph);
        recorder?.Follow(plan);
        var difference = wishes.Follow(plan.Streams);

        // What the venue did not know it may know now.
        feed.RetryRefused();
        foreach (var refused in difference.Refused)
        {
            CollectorLog.NotWished(log, venue, refused);
        }

        foreach (var instrument in gone)
        {
            await graph.ForgetAsync(instrument, cancellation);
            health.Forget(instrument);
        }

        return difference;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        await feed.DisposeAsync();
        if (recorder is not null)
        {
            await recorder.DisposeAsync();
        }

        watch.Dispose();
        await books.RemoveAsync(venue);
        await trades.RemoveAsync(venue);
        await past.RemoveAsync(venue);
        await samples.DisposeAsync();
        health.Forget(venue);
    }

    private void OpenBooks(VenuePlan plan)
    {
        var options = plan.Venue.Options;
        var channels = new ChannelOptions(options.TradeSource, options.VenueCandleIntervals);
        if (!books.Add(
            plan.Adapter, channels, plan.Symbols, plan.Venue.Rest, feed.Resubscribe, graph, failure => CollectorLog.BookSnapshotFailed(log, failure)))
        {
            CollectorLog.NoBookSnapshots(log, venue);
        }
    }
}
