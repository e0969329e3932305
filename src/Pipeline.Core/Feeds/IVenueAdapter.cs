using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds;

/// <summary>Everything the feed layer must know about a venue: names, limits, the control protocol and the parser.</summary>
public interface IVenueAdapter
{
    /// <summary>Venue name, such as <c>binance</c>.</summary>
    string Venue { get; }

    VenueLimits Limits { get; }

    IVenueParser Parser { get; }

    /// <summary>Microseconds in one unit of the times on a connection.</summary>
    int TimeUnit { get; }

    /// <summary>Streams that trades can be taken from, in the venue's words; the first is the default.</summary>
    IReadOnlyList<string> TradeSources { get; }

    /// <summary>Kinds of data it has.</summary>
    IReadOnlyList<StreamChannel> Channels { get; }

    /// <summary>
    /// False where a connection brings everything by itself: streams count as confirmed once it is open, and
    /// <see cref="EncodeRequest"/> is never called.
    /// </summary>
    bool TakesRequests { get; }

    /// <summary>The message that keeps a connection alive; null where the venue pings, or nothing is needed.</summary>
    KeepAlive? KeepAlive { get; }

    /// <summary>Intervals of which the venue has candles of its own.</summary>
    IReadOnlyList<CandleInterval> CandleIntervals { get; }

    /// <summary>Our canonical id (<c>BTC-USDT</c>) in the venue's spelling (<c>BTCUSDT</c>); null when the venue cannot have it.</summary>
    string? SymbolOf(string instrumentId);

    /// <summary>How the ids of its streams hang together when trades come from <paramref name="tradeSource"/>.</summary>
    SequenceRules RulesFor(string tradeSource);

    /// <summary>
    /// Which of the venue's addresses carries a stream: its own word for it, such as <c>public</c> or <c>business</c>; empty where
    /// there is one address. Streams of different routes never share a connection.
    /// </summary>
    string RouteOf(string stream);

    /// <summary>Address a connection of a route is opened at, from the endpoint in the topology.</summary>
    Uri StreamUri(Uri endpoint, string route);

    /// <summary>The venue's names of the streams that carry a channel of an instrument.</summary>
    IEnumerable<string> StreamNames(Instrument instrument, StreamChannel channel, ChannelOptions options);

    /// <summary>Encodes a request to subscribe to (or unsubscribe from) streams, to be acknowledged under <paramref name="id"/>.</summary>
    byte[] EncodeRequest(SubscriptionAction action, long id, IReadOnlyList<string> streams);

    /// <summary>Tells an answer to a request from market data; cheap, since every frame passes here.</summary>
    bool TryReadReply(ReadOnlySpan<byte> frame, out SubscriptionReply reply);

    /// <summary>Whether a frame brings market data: no answer, no pong, no notice. Only data proves that a connection works.</summary>
    bool IsMarketData(ReadOnlySpan<byte> frame) => !TryReadReply(frame, out _);

    /// <summary>Whether a frame says that the venue is about to end this connection; cheap, since every frame passes here.</summary>
    bool IsShutdownNotice(ReadOnlySpan<byte> frame) => false;
}
