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

    /// <summary>Intervals of which the venue has candles of its own.</summary>
    IReadOnlyList<CandleInterval> CandleIntervals { get; }

    /// <summary>Our canonical id (<c>BTC-USDT</c>) in the venue's spelling (<c>BTCUSDT</c>); null when the venue cannot have it.</summary>
    string? SymbolOf(string instrumentId);

    /// <summary>Address a connection is opened at, from the endpoint in the topology.</summary>
    Uri StreamUri(Uri endpoint);

    /// <summary>The venue's names of the streams that carry a channel of an instrument.</summary>
    IEnumerable<string> StreamNames(Instrument instrument, StreamChannel channel, ChannelOptions options);

    /// <summary>Encodes a request to subscribe to (or unsubscribe from) streams, to be acknowledged under <paramref name="id"/>.</summary>
    byte[] EncodeRequest(SubscriptionAction action, long id, IReadOnlyList<string> streams);

    /// <summary>Tells an answer to a request from market data; cheap, since every frame passes here.</summary>
    bool TryReadReply(ReadOnlySpan<byte> frame, out SubscriptionReply reply);
}
