using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Transport;
using Pipeline.Core.Market;

namespace Pipeline.Core.Topology;

/// <summary>One venue: where it is, and what is taken from it.</summary>
public sealed record VenueOptions
{
    /// <summary>Venue name, such as <c>binance</c>.</summary>
    public required string Name { get; init; }

    /// <summary>WebSocket address without a path, such as <c>wss://stream.binance.com:9443</c>.</summary>
    public required Uri WebSocketEndpoint { get; init; }

    /// <summary>REST address without a path, such as <c>https://api.binance.com</c>; null = REST is not used.</summary>
    public Uri? RestEndpoint { get; init; }

    /// <summary>What is taken, as written; <see cref="InstrumentSelection"/> says what it stands for.</summary>
    public required IReadOnlyList<InstrumentChoice> Instruments { get; init; }

    /// <summary>Kinds of data taken of every instrument. Default: trade and quote, as far as the venue has them.</summary>
    public IReadOnlyList<StreamChannel> Channels { get; init; } = [StreamChannel.Trade, StreamChannel.Quote];

    /// <summary>Stream the trades come from, in the venue's word. Default: the first of the venue's.</summary>
    public string TradeSource { get; init; } = "";

    /// <summary>Intervals of the venue's own candles, when that channel is taken. Default 1m.</summary>
    public IReadOnlyList<CandleInterval> VenueCandleIntervals { get; init; } = [CandleInterval.Parse("1m")];

    /// <summary>How often the venue's list of instruments is asked for. Default 5 min.</summary>
    public TimeSpan InstrumentRefresh { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Connections side by side that carry the same streams, 1 or 2; the first copy wins. Default 1. An entry may say its own.</summary>
    public int Legs { get; init; } = 1;

    /// <summary>Bytes a second on the wire above which the operator is told; null = not watched.</summary>
    public long? TrafficBudget { get; init; }

    public NetworkOptions Network { get; init; } = new();

    public WebSocketOptions WebSocket { get; init; } = new();

    public PoolOptions Pool { get; init; } = new();
}
