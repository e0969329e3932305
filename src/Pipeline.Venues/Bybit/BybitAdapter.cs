using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Bybit;

/// <summary>Bybit spot, protocol v5: topics, subscribed by message. Source: the venue's documentation <c>v5/ws</c>, 2026-07-24.</summary>
public sealed class BybitAdapter : IVenueAdapter
{
    public string Venue => "bybit";

    public VenueLimits Limits => BybitLimits.Spot;

    public IVenueParser Parser { get; } = new BybitParser();

    /// <summary>Milliseconds.</summary>
    public int TimeUnit => 1000;

    public IReadOnlyList<string> TradeSources { get; } = ["publicTrade"];

    /// <summary>No partial book: every depth above 1 is a snapshot with differences behind it.</summary>
    public IReadOnlyList<StreamChannel> Channels { get; } =
        [StreamChannel.Trade, StreamChannel.Quote, StreamChannel.Book, StreamChannel.VenueCandle, StreamChannel.Ticker];

    public bool TakesRequests => true;

    /// <summary>Wanted even while data flows: the venue counts pings, not traffic.</summary>
    public KeepAlive? KeepAlive { get; } =
        new("{\"req_id\":\"ping\",\"op\":\"ping\"}"u8.ToArray(), BybitLimits.PingInterval, BybitLimits.PongTimeout, Always: true);

    public IReadOnlyList<CandleInterval> CandleIntervals => BybitInterval.All;

    public string? SymbolOf(string instrumentId)
    {
        ArgumentException.ThrowIfNullOrEmpty(instrumentId);
        var isSpot = !instrumentId.EndsWith(InstrumentNames.PerpetualSuffix, StringComparison.Ordinal);
        return isSpot ? instrumentId.Replace("-", "", StringComparison.Ordinal) : null;
    }

    /// <summary>Trade ids tell copies apart and nothing else; a book begins with a snapshot, and may begin again at any time.</summary>
    public SequenceRules RulesFor(string tradeSource) => new(IdDiscipline.Unordered, BookRule.Resend);

    public string RouteOf(string stream) => "";

    public Uri StreamUri(Uri endpoint, string route)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new Uri(endpoint, "/v5/public/spot");
    }

    public IEnumerable<string> StreamNames(Instrument instrument, StreamChannel channel, ChannelOptions options)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        ArgumentNullException.ThrowIfNull(options);
        var symbol = instrument.Symbol;
        return channel switch
        {
            StreamChannel.Trade => [$"{options.TradeSource}.{symbol}"],
            StreamChannel.Quote => [$"orderbook.1.{symbol}"],
            StreamChannel.Book => [$"orderbook.200.{symbol}"],
            StreamChannel.VenueCandle => options.VenueCandleIntervals
                .Where(CandleIntervals.Contains)
                .Select(interval => $"kline.{BybitInterval.NameOf(interval)}.{symbol}"),
            StreamChannel.Ticker => [$"tickers.{symbol}"],
            _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "Bybit spot has no such channel."),
        };
    }

    public byte[] EncodeRequest(SubscriptionAction action, long id, IReadOnlyList<string> streams)
    {
        ArgumentNullException.ThrowIfNull(streams);
        var buffer = new ArrayBufferWriter<byte>(80 + (streams.Count * 32));
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("req_id"u8, id.ToString(CultureInfo.InvariantCulture));
        writer.WriteString("op"u8, action == SubscriptionAction.Subscribe ? "subscribe"u8 : "unsubscribe"u8);
        writer.WriteStartArray("args"u8);
        foreach (var stream in streams)
        {
            writer.WriteStringValue(stream);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public bool TryReadReply(ReadOnlySpan<byte> frame, out SubscriptionReply reply) => BybitReply.TryRead(frame, out reply);

    public bool IsMarketData(ReadOnlySpan<byte> frame) => BybitReply.LooksLikeData(frame) || !BybitReply.IsControl(frame);
}
