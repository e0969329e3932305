using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Subscriptions;
using Pipeline.Core.Feeds.Transport;

namespace Pipeline.Core.Feeds.Pooling;

/// <summary>What every leg of one place is made of.</summary>
/// <param name="Source">Names it; its continuity is shared by the whole slot.</param>
/// <param name="Traffic">The venue's, to which that of each socket is added; null = nobody adds up.</param>
/// <param name="Shared">What its sockets have in common as to subscriptions.</param>
/// <param name="Gate">What every attempt to connect waits for; null = nothing.</param>
internal sealed record LegParts(
    IVenueAdapter Adapter,
    VenueFeedOptions Options,
    FeedSource Source,
    Uri Address,
    IFeedTransport Transport,
    TimeProvider MarketClock,
    LocalClock Clock,
    PipelineMetrics Metrics,
    Random Random,
    IConnectGate? Gate,
    VenueTraffic? Traffic,
    SharedSubscriptions Shared);
