using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Doctor.Venues;

/// <summary>The stream of a connection group that ought to speak first.</summary>
/// <param name="IsLively">Whether a venue that works sends something on it every few seconds, trades or not.</param>
internal sealed record BusiestStream(FeedStream Stream, bool IsLively)
{
    // Liveliest first. What is behind a ticker speaks only when something happens.
    private static readonly StreamChannel[] Order =
    [
        StreamChannel.Book, StreamChannel.PartialBook, StreamChannel.Quote, StreamChannel.Price, StreamChannel.MarkPrice, StreamChannel.Ticker,
        StreamChannel.Trade, StreamChannel.VenueCandle, StreamChannel.Funding, StreamChannel.Liquidation,
    ];

    private static readonly int Lively = Array.IndexOf(Order, StreamChannel.Ticker);

    /// <summary>
    /// Null when the topology takes nothing over this route. Of the same kind the one with the greatest turnover where that is known, else
    /// the topology's first. Where it takes only what may be quiet, another stream of the same instrument is asked for in its place.
    /// </summary>
    public static BusiestStream? Of(VenuePlan plan, string route)
    {
        var adapter = plan.Adapter;
        var own = plan.Streams.Where(stream => adapter.RouteOf(stream.Name) == route)
            .OrderBy(stream => Array.IndexOf(Order, stream.Channel)).ThenByDescending(stream => Turnover(plan, stream)).ToList();
        if (own.Count == 0)
        {
            return null;
        }

        return IsLivelyOne(own[0].Channel) ? new BusiestStream(own[0], true)
            : own.Select(stream => Sentinel(plan, route, stream.Instrument)).FirstOrDefault(sentinel => sentinel is not null) is { } other
                ? new BusiestStream(other, true)
                : new BusiestStream(own[0], false);
    }

    private static bool IsLivelyOne(StreamChannel channel) => Array.IndexOf(Order, channel) <= Lively;

    private static double Turnover(VenuePlan plan, FeedStream stream) =>
        stream.Instrument is { } instrument && plan.Listing.Turnover?.TryGetValue(instrument.Symbol, out var turnover) == true
            ? (double)turnover.Mantissa / Math.Pow(10, turnover.Scale)
            : 0;

    private static FeedStream? Sentinel(VenuePlan plan, string route, Instrument? instrument)
    {
        if (instrument is null || !plan.Adapter.TakesRequests)
        {
            return null;
        }

        var options = new ChannelOptions(plan.Venue.Options.TradeSource, plan.Venue.Options.VenueCandleIntervals);
        return plan.Adapter.Channels.Where(IsLivelyOne).OrderBy(channel => Array.IndexOf(Order, channel))
            .SelectMany(channel => plan.Adapter.StreamNames(instrument, channel, options), (channel, name) => (channel, name))
            .Where(one => plan.Adapter.RouteOf(one.name) == route)
            .Select(one => new FeedStream(one.name, instrument, one.channel, "", 0))
            .FirstOrDefault();
    }
}
