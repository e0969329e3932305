using Pipeline.Core.Feeds;

namespace Pipeline.Core.Topology;

/// <summary>Channels as topologies call them.</summary>
public static class ChannelNames
{
    public static IReadOnlyList<(string Word, StreamChannel Channel)> All { get; } =
    [
        ("trade", StreamChannel.Trade), ("quote", StreamChannel.Quote), ("book", StreamChannel.Book),
        ("partialBook", StreamChannel.PartialBook), ("venueCandle", StreamChannel.VenueCandle), ("ticker", StreamChannel.Ticker),
        ("mark", StreamChannel.MarkPrice), ("funding", StreamChannel.Funding), ("liquidation", StreamChannel.Liquidation),
        ("price", StreamChannel.Price),
    ];

    public static string WordOf(StreamChannel channel) => All.First(one => one.Channel == channel).Word;
}
