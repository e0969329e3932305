using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Host.Venues;

/// <summary>A made-up venue that tells of tokens by one stream, unasked.</summary>
internal sealed class TokenAdapter : IVenueAdapter, IVenueParser
{
    public string Venue => "chain";

    public VenueLimits Limits { get; } = new()
    {
        MaxStreamsPerConnection = 1,
        MaxMessagesPerSecond = 1,
        MaxStreamsPerRequest = 1,
        MaxRequestBytes = 100,
        AckTimeout = TimeSpan.FromSeconds(1),
    };

    public IVenueParser Parser => this;

    public int TimeUnit => 1000;

    public IReadOnlyList<string> TradeSources => [];

    public IReadOnlyList<StreamChannel> Channels => [StreamChannel.Price];

    public bool TakesRequests => false;

    public KeepAlive? KeepAlive => null;

    public IReadOnlyList<CandleInterval> CandleIntervals => [];

    public string? SymbolOf(string instrumentId) => InstrumentNames.IsMint(instrumentId) ? instrumentId : null;

    public SequenceRules RulesFor(string tradeSource) => new(IdDiscipline.Unordered, BookRule.Resend);

    public string RouteOf(string stream) => "";

    public Uri StreamUri(Uri endpoint, string route) => endpoint;

    public IEnumerable<string> StreamNames(Instrument instrument, StreamChannel channel, ChannelOptions options) => ["events"];

    public byte[] EncodeRequest(SubscriptionAction action, long id, IReadOnlyList<string> streams) => throw new NotSupportedException();

    public bool TryReadReply(ReadOnlySpan<byte> frame, out SubscriptionReply reply)
    {
        reply = default;
        return false;
    }

    public void Parse(FrameBatch frames, VenueBatch into) => into.Frames += frames.Count;
}
