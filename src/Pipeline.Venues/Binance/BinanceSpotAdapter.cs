using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Binance;

/// <summary>Binance spot: combined streams, subscribed by message. Protocol: <c>web-socket-streams.md</c> of 2026-07-21.</summary>
public sealed class BinanceSpotAdapter : IVenueAdapter
{
    public string Venue => "binance";

    public VenueLimits Limits => BinanceLimits.Spot;

    public IVenueParser Parser { get; } = new BinanceSpotParser();

    /// <summary>Milliseconds: the connection is opened without <c>timeUnit</c>.</summary>
    public int TimeUnit => 1000;

    /// <summary>Aggregated trades cost a sixth of the request weight to repair, hence the default.</summary>
    public IReadOnlyList<string> TradeSources { get; } = ["aggTrade", "trade"];

    public IReadOnlyList<StreamChannel> Channels { get; } =
    [
        StreamChannel.Trade, StreamChannel.Quote, StreamChannel.Book, StreamChannel.PartialBook, StreamChannel.VenueCandle,
        StreamChannel.Ticker,
    ];

    public bool TakesRequests => true;

    /// <summary>None: the venue pings, and our socket answers.</summary>
    public KeepAlive? KeepAlive => null;

    /// <summary>Binance names its intervals as we do; it has none of 5, 15 and 30 seconds.</summary>
    public IReadOnlyList<CandleInterval> CandleIntervals { get; } =
        [.. CandleInterval.All.Where(interval => interval.Name is not ("5s" or "15s" or "30s"))];

    public string? SymbolOf(string instrumentId)
    {
        ArgumentException.ThrowIfNullOrEmpty(instrumentId);
        var isSpot = !instrumentId.EndsWith(InstrumentNames.PerpetualSuffix, StringComparison.Ordinal);
        return isSpot ? instrumentId.Replace("-", "", StringComparison.Ordinal) : null;
    }

    public SequenceRules RulesFor(string tradeSource) =>
        // f and L of a candle are ids of trades; aggregates have ids of their own (spot documentation of 2026-07-21).
        SequenceRules.Default with { HasCandleIds = tradeSource == "trade" };

    public string RouteOf(string stream) => "";

    public Uri StreamUri(Uri endpoint, string route)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new Uri(endpoint, "/stream");
    }

    public IEnumerable<string> StreamNames(Instrument instrument, StreamChannel channel, ChannelOptions options)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        ArgumentNullException.ThrowIfNull(options);

        // Stream names are lower case where the alphabet has cases; invariant, so that no culture's dotless i sneaks in.
        var symbol = instrument.Symbol.ToLowerInvariant();
        return channel switch
        {
            StreamChannel.Trade => [$"{symbol}@{options.TradeSource}"],
            StreamChannel.Quote => [$"{symbol}@bookTicker"],
            StreamChannel.Book => [$"{symbol}@depth@100ms"],
            StreamChannel.PartialBook => [$"{symbol}@depth20@100ms"],
            StreamChannel.Ticker => [$"{symbol}@ticker"],
            StreamChannel.VenueCandle => options.VenueCandleIntervals
                .Where(CandleIntervals.Contains)
                .Select(interval => $"{symbol}@kline_{interval}"),
            _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "Binance spot has no such channel."),
        };
    }

    public byte[] EncodeRequest(SubscriptionAction action, long id, IReadOnlyList<string> streams)
    {
        ArgumentNullException.ThrowIfNull(streams);
        return BinanceRequest.Encode(action, id, streams);
    }

    public bool TryReadReply(ReadOnlySpan<byte> frame, out SubscriptionReply reply) => BinanceReply.TryRead(frame, out reply);

    public bool IsMarketData(ReadOnlySpan<byte> frame) => BinanceReply.IsData(frame);

    public bool IsShutdownNotice(ReadOnlySpan<byte> frame) => BinanceNotice.IsShutdown(frame);
}
