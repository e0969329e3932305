using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.TestKit.Feeds;

/// <summary>
/// A made-up venue with a small JSON dialect: <c>{"method":"SUBSCRIBE","params":[…],"id":1}</c> is answered with <c>ack 1</c>,
/// <c>error 1 words</c> or <c>error words</c>, <c>busy 1</c> (come again) or <c>held 1</c> (something of it is there already), or stream
/// by stream with <c>took 1 stream</c> and <c>refused 1 stream</c>; everything else it sends is data. A stream named <c>route/name</c> has a route.
/// </summary>
public sealed class TestVenueAdapter : IVenueAdapter, IVenueParser
{
    public string Venue { get; init; } = "test";

    public VenueLimits Limits { get; init; } = new()
    {
        MaxStreamsPerConnection = 1000,
        MaxMessagesPerSecond = 4,
        MaxStreamsPerRequest = 200,
        MaxRequestBytes = 4000,
        AckTimeout = TimeSpan.FromSeconds(10),
    };

    public IVenueParser Parser => this;

    public int TimeUnit => 1000;

    /// <summary>Frames asked about, to see who looks and how often.</summary>
    public int Looks { get; private set; }

    public IReadOnlyList<string> TradeSources { get; } = ["trade"];

    public IReadOnlyList<StreamChannel> Channels { get; } =
        [StreamChannel.Trade, StreamChannel.Quote, StreamChannel.Book, StreamChannel.VenueCandle];

    public bool TakesRequests { get; init; } = true;

    public KeepAlive? KeepAlive { get; init; }

    public IReadOnlyList<CandleInterval> CandleIntervals { get; } = CandleInterval.All;

    public string? SymbolOf(string instrumentId) => instrumentId.Replace("-", "", StringComparison.Ordinal);

    public SequenceRules RulesFor(string tradeSource) => SequenceRules.Default;

    public string RouteOf(string stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.Contains('/', StringComparison.Ordinal) ? stream.Split('/')[0] : "";
    }

    public Uri StreamUri(Uri endpoint, string route) => new(endpoint, $"{route}/stream");

    public IEnumerable<string> StreamNames(Instrument instrument, StreamChannel channel, ChannelOptions options) =>
        [$"{instrument.Symbol}@{channel}"];

    public byte[] EncodeRequest(SubscriptionAction action, long id, IReadOnlyList<string> streams) =>
        JsonSerializer.SerializeToUtf8Bytes(new Request(action == SubscriptionAction.Subscribe ? "SUBSCRIBE" : "UNSUBSCRIBE", streams, id));

    public bool TryReadReply(ReadOnlySpan<byte> frame, out SubscriptionReply reply)
    {
        Looks++;
        reply = default;
        var words = System.Text.Encoding.UTF8.GetString(frame).Split(' ', 3);
        switch (words[0])
        {
            case "ack":
                reply = new SubscriptionReply(long.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture), null, null);
                return true;
            case "took" or "refused":
                reply = new SubscriptionReply(
                    long.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture), words[2], words[0] == "took" ? null : "no such stream");
                return true;
            case "busy" or "held":
                reply = new SubscriptionReply(long.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture), null, words[0])
                {
                    Cause = words[0] == "busy" ? RefusalCause.Busy : RefusalCause.AlreadyHeld,
                };
                return true;
            case "error" when words.Length == 3:
                reply = new SubscriptionReply(long.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture), null, words[2]);
                return true;
            case "error":
                reply = new SubscriptionReply(null, null, words[1]);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Neither answers nor pongs are.</summary>
    public bool IsMarketData(ReadOnlySpan<byte> frame) => !frame.SequenceEqual("pong"u8) && !TryReadReply(frame, out _);

    public void Parse(FrameBatch frames, VenueBatch into) => into.Frames += frames.Count;

    /// <summary>Reads a request back.</summary>
    public static (string Method, string[] Streams, long Id) Decode(string request)
    {
        var read = JsonSerializer.Deserialize<Request>(request)!;
        return (read.method, [.. read.@params], read.id);
    }

#pragma warning disable IDE1006, SA1300 // Reason: these are the names on the wire.
    private sealed record Request(string method, IReadOnlyList<string> @params, long id);
#pragma warning restore IDE1006, SA1300
}
