using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Okx;

/// <summary>OKX v5: spot, and perpetuals whose contracts count base currency. Protocol: the venue's documentation of 2026-07-28.</summary>
public sealed class OkxAdapter : IVenueAdapter
{
    private const string SwapSuffix = "-SWAP";

    private static readonly JsonWriterOptions RequestFormat = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Venue => "okx";

    public VenueLimits Limits => OkxLimits.All;

    public IVenueParser Parser { get; } = new OkxParser();

    /// <summary>Milliseconds.</summary>
    public int TimeUnit => 1000;

    /// <summary>Single fills are contiguous, hence the default; rows of <c>trades</c> stand for ranges of them.</summary>
    public IReadOnlyList<string> TradeSources { get; } = ["trades-all", "trades"];

    public IReadOnlyList<StreamChannel> Channels { get; } =
    [
        StreamChannel.Trade, StreamChannel.Quote, StreamChannel.Book, StreamChannel.PartialBook, StreamChannel.VenueCandle,
        StreamChannel.Ticker, StreamChannel.MarkPrice, StreamChannel.Funding, StreamChannel.Liquidation,
    ];

    public bool TakesRequests => true;

    /// <summary>The venue closes with 4004 after 30 s of silence; only the bare text counts, a JSON ping is refused with 60012.</summary>
    public KeepAlive? KeepAlive { get; } = new("ping"u8.ToArray(), TimeSpan.FromSeconds(18), TimeSpan.FromSeconds(10));

    public IReadOnlyList<CandleInterval> CandleIntervals => OkxCandles.Intervals;

    /// <summary>Perpetuals are quoted in USDT or USDC: a swap against USD is inverse, its contracts count dollars.</summary>
    public string? SymbolOf(string instrumentId)
    {
        ArgumentException.ThrowIfNullOrEmpty(instrumentId);
        if (!instrumentId.EndsWith(InstrumentNames.PerpetualSuffix, StringComparison.Ordinal))
        {
            return instrumentId.EndsWith(SwapSuffix, StringComparison.Ordinal) ? null : instrumentId;
        }

        var pair = instrumentId[..^InstrumentNames.PerpetualSuffix.Length];
        return IsLinear(pair) ? pair + SwapSuffix : null;
    }

    public SequenceRules RulesFor(string tradeSource) =>
        new(tradeSource == "trades" ? IdDiscipline.Ranges : IdDiscipline.Contiguous, BookRule.Chain);

    public string RouteOf(string stream)
    {
        ArgumentException.ThrowIfNullOrEmpty(stream);
        return OkxStreams.RouteOf(OkxStreams.Split(stream).Channel);
    }

    public Uri StreamUri(Uri endpoint, string route)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new Uri(endpoint, $"/ws/v5/{route}");
    }

    public IEnumerable<string> StreamNames(Instrument instrument, StreamChannel channel, ChannelOptions options)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        ArgumentNullException.ThrowIfNull(options);
        var symbol = instrument.Symbol;
        var isSwap = symbol.EndsWith(SwapSuffix, StringComparison.Ordinal);
        return channel switch
        {
            StreamChannel.Trade => [OkxStreams.NameOf(options.TradeSource, symbol)],
            StreamChannel.Quote => [OkxStreams.NameOf("bbo-tbt", symbol)],
            StreamChannel.Book => [OkxStreams.NameOf("books", symbol)],
            StreamChannel.PartialBook => [OkxStreams.NameOf("books5", symbol)],
            StreamChannel.VenueCandle => options.VenueCandleIntervals
                .Where(CandleIntervals.Contains)
                .Select(interval => OkxStreams.NameOf("candle" + OkxCandles.NameOf(interval), symbol)),
            StreamChannel.Ticker => [OkxStreams.NameOf("tickers", symbol)],
            StreamChannel.MarkPrice => isSwap ? [OkxStreams.NameOf("mark-price", symbol)] : [],
            StreamChannel.Funding => isSwap ? [OkxStreams.NameOf("funding-rate", symbol)] : [],

            // One stream for all swaps: every instrument names the same.
            StreamChannel.Liquidation => isSwap ? [OkxStreams.NameOf(OkxStreams.Liquidations, "SWAP")] : [],
            _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "OKX has no such channel."),
        };
    }

    public byte[] EncodeRequest(SubscriptionAction action, long id, IReadOnlyList<string> streams)
    {
        ArgumentNullException.ThrowIfNull(streams);
        var buffer = new ArrayBufferWriter<byte>(64 + (streams.Count * 64));
        using var writer = new Utf8JsonWriter(buffer, RequestFormat);
        writer.WriteStartObject();
        writer.WriteString("id"u8, id.ToString(CultureInfo.InvariantCulture));
        writer.WriteString("op"u8, action == SubscriptionAction.Subscribe ? "subscribe"u8 : "unsubscribe"u8);
        writer.WriteStartArray("args"u8);
        foreach (var stream in streams)
        {
            var (channel, target) = OkxStreams.Split(stream);
            writer.WriteStartObject();
            writer.WriteString("channel"u8, channel);
            if (target is not null)
            {
                writer.WriteString(OkxStreams.TargetField(channel), target);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public bool TryReadReply(ReadOnlySpan<byte> frame, out SubscriptionReply reply) => OkxReply.TryRead(frame, out reply);

    /// <inheritdoc/>
    /// <remarks>Pongs, notices and counts of connections carry no rows.</remarks>
    public bool IsMarketData(ReadOnlySpan<byte> frame) =>
        OkxReply.LooksLikeData(frame) || (frame.IndexOf("\"data\""u8) >= 0 && !OkxReply.TryRead(frame, out _));

    public bool IsShutdownNotice(ReadOnlySpan<byte> frame) => OkxNotice.IsShutdown(frame);

    private static bool IsLinear(string pair) =>
        pair.EndsWith("-USDT", StringComparison.Ordinal) || pair.EndsWith("-USDC", StringComparison.Ordinal);
}
