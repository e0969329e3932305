using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Binance;

/// <summary>
/// Binance USDⓈ-M futures, perpetuals: combined streams, subscribed by message. Since 2026-04-23 each kind of stream has its own path;
/// on the wrong one the venue acknowledges and stays silent. Protocol: <c>developers.binance.com</c>, change notice of 2026 and stream
/// pages seen 2026-10.
/// </summary>
public sealed class BinanceFuturesAdapter : IVenueAdapter
{
    private const string PublicRoute = "public";
    private const string MarketRoute = "market";

    public string Venue => "binance-futures";

    public VenueLimits Limits => BinanceLimits.Futures;

    public IVenueParser Parser { get; } = new BinanceFuturesParser();

    /// <summary>Milliseconds; futures know no other unit.</summary>
    public int TimeUnit => 1000;

    /// <summary>Raw trades are undocumented, hence the default.</summary>
    public IReadOnlyList<string> TradeSources { get; } = ["aggTrade", "trade"];

    public IReadOnlyList<StreamChannel> Channels { get; } =
    [
        StreamChannel.Trade, StreamChannel.Quote, StreamChannel.Book, StreamChannel.PartialBook, StreamChannel.VenueCandle,
        StreamChannel.Ticker, StreamChannel.MarkPrice, StreamChannel.Funding, StreamChannel.Liquidation,
    ];

    public bool TakesRequests => true;

    /// <summary>None: the venue pings, and our socket answers.</summary>
    public KeepAlive? KeepAlive => null;

    /// <summary>None below a minute: <c>1s</c> is listed in the documentation and refused (measured 2026-10-07).</summary>
    public IReadOnlyList<CandleInterval> CandleIntervals { get; } =
        [.. CandleInterval.All.Where(interval => !interval.Name.EndsWith('s'))];

    public string? SymbolOf(string instrumentId)
    {
        ArgumentException.ThrowIfNullOrEmpty(instrumentId);
        var isPerpetual = instrumentId.EndsWith(InstrumentNames.PerpetualSuffix, StringComparison.Ordinal);
        return isPerpetual ? instrumentId[..^InstrumentNames.PerpetualSuffix.Length].Replace("-", "", StringComparison.Ordinal) : null;
    }

    public SequenceRules RulesFor(string tradeSource) => new(IdDiscipline.Contiguous, BookRule.Previous);

    public string RouteOf(string stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var kind = stream.AsSpan(stream.IndexOf('@', StringComparison.Ordinal) + 1);
        var isPublic = kind.SequenceEqual("trade") || kind.SequenceEqual("bookTicker") || kind.StartsWith("depth", StringComparison.Ordinal);
        return isPublic ? PublicRoute : MarketRoute;
    }

    public Uri StreamUri(Uri endpoint, string route)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new Uri(endpoint, $"/{route}/stream");
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
            StreamChannel.VenueCandle => options.VenueCandleIntervals
                .Where(CandleIntervals.Contains)
                .Select(interval => $"{symbol}@kline_{interval}"),
            StreamChannel.Ticker => [$"{symbol}@ticker"],

            // One stream tells both.
            StreamChannel.MarkPrice or StreamChannel.Funding => [$"{symbol}@markPrice@1s"],
            StreamChannel.Liquidation => [$"{symbol}@forceOrder"],
            _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "Binance futures have no such channel."),
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
