using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Solana;

/// <summary>
/// Events of the on-chain program: one stream that brings every mint by itself. Instruments are mint addresses, under the same name
/// here and at the venue. There is no HTTP interface: what was missed stays missed, and is announced.
/// </summary>
public sealed class SolanaAdapter : IVenueAdapter
{
    /// <summary>Name of the one stream.</summary>
    public const string EventStream = "events";

    public string Venue => "solana";

    public VenueLimits Limits => SolanaLimits.Events;

    public IVenueParser Parser { get; } = new SolanaParser();

    /// <summary>Milliseconds.</summary>
    public int TimeUnit => 1000;

    /// <summary>None: prices are told, trades are not.</summary>
    public IReadOnlyList<string> TradeSources { get; } = [];

    public IReadOnlyList<StreamChannel> Channels { get; } = [StreamChannel.Price];

    public bool TakesRequests => false;

    public KeepAlive? KeepAlive => null;

    public IReadOnlyList<CandleInterval> CandleIntervals { get; } = [];

    public string? SymbolOf(string instrumentId)
    {
        ArgumentException.ThrowIfNullOrEmpty(instrumentId);
        return InstrumentNames.IsMint(instrumentId) ? instrumentId : null;
    }

    /// <summary>There are neither trades nor books; price ticks are judged by signature, slot and index.</summary>
    public SequenceRules RulesFor(string tradeSource) => new(IdDiscipline.Unordered, BookRule.Resend);

    public string RouteOf(string stream) => "";

    public Uri StreamUri(Uri endpoint, string route)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new Uri(endpoint, "/events");
    }

    public IEnumerable<string> StreamNames(Instrument instrument, StreamChannel channel, ChannelOptions options) =>
        channel == StreamChannel.Price
            ? [EventStream]
            : throw new ArgumentOutOfRangeException(nameof(channel), channel, "The event stream has no such channel.");

    /// <exception cref="NotSupportedException">Always: the stream takes no requests.</exception>
    public byte[] EncodeRequest(SubscriptionAction action, long id, IReadOnlyList<string> streams) =>
        throw new NotSupportedException("The event stream takes no requests.");

    public bool TryReadReply(ReadOnlySpan<byte> frame, out SubscriptionReply reply)
    {
        reply = default;
        return false;
    }
}
