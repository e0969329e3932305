using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;

namespace Pipeline.Host.Venues;

/// <summary>Which streams bring what a topology wants of a venue's instruments, and what each of them carries.</summary>
internal static class StreamPlan
{
    // What repair cannot bring back comes first, of that what most is made of: trades make candles, books are the dearest to rebuild.
    private static readonly Dictionary<StreamChannel, (string DataType, int Rank)> Kinds = new()
    {
        [StreamChannel.Trade] = ("trade", 0),
        [StreamChannel.Price] = ("price", 0),
        [StreamChannel.Book] = ("book", 1),
        [StreamChannel.PartialBook] = ("book", 1),
        [StreamChannel.Quote] = ("quote", 2),
        [StreamChannel.VenueCandle] = ("candle", 3),
        [StreamChannel.Ticker] = ("ticker", 4),
        [StreamChannel.MarkPrice] = ("mark", 5),
        [StreamChannel.Funding] = ("funding", 6),
        [StreamChannel.Liquidation] = ("liquidation", 7),
    };

    /// <summary>
    /// By instrument and channel as the topology lists them, each stream once, with the legs that are wanted of it. One that several channels share counts as the most
    /// important of them; one that several instruments share, or that comes unasked, has none of its own, and the most legs any of them wants.
    /// </summary>
    /// <param name="legs">By id, of those that want another number than the venue's.</param>
    public static IReadOnlyList<FeedStream> Of(
        VenueAccess venue, IReadOnlyList<Instrument> instruments, IReadOnlyDictionary<string, int>? legs = null)
    {
        var streams = new Dictionary<string, FeedStream>(StringComparer.Ordinal);
        var order = new List<string>();
        foreach (var stream in instruments.SelectMany(
            instrument => StreamsOf(venue, instrument, legs?.GetValueOrDefault(instrument.Id, venue.Options.Legs) ?? venue.Options.Legs)))
        {
            if (streams.TryAdd(stream.Name, stream))
            {
                order.Add(stream.Name);
            }
            else
            {
                streams[stream.Name] = Merge(streams[stream.Name], stream);
            }
        }

        return [.. order.Select(name => streams[name])];
    }

    private static IEnumerable<FeedStream> StreamsOf(VenueAccess venue, Instrument instrument, int legs)
    {
        var own = venue.Adapter.TakesRequests ? instrument : null;
        foreach (var channel in venue.Options.Channels)
        {
            var (dataType, rank) = Kinds[channel];
            if (channel != StreamChannel.VenueCandle)
            {
                foreach (var name in Names(venue, instrument, channel, venue.Options.VenueCandleIntervals))
                {
                    yield return new FeedStream(name, own, channel, dataType, rank) { Legs = legs };
                }

                continue;
            }

            foreach (var interval in venue.Options.VenueCandleIntervals)
            {
                foreach (var name in Names(venue, instrument, channel, [interval]))
                {
                    yield return new FeedStream(name, own, channel, $"{dataType}:{interval}", rank) { Legs = legs };
                }
            }
        }
    }

    private static IEnumerable<string> Names(
        VenueAccess venue, Instrument instrument, StreamChannel channel, IReadOnlyList<CandleInterval> intervals) =>
        venue.Adapter.StreamNames(instrument, channel, new ChannelOptions(venue.Options.TradeSource, intervals));

    private static FeedStream Merge(FeedStream one, FeedStream other)
    {
        var first = other.Rank < one.Rank ? other : one;
        return first with
        {
            Instrument = one.Instrument == other.Instrument ? one.Instrument : null,
            Legs = Math.Max(one.Legs ?? 1, other.Legs ?? 1),
        };
    }
}
