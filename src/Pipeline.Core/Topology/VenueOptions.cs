using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Core.Topology;

/// <summary>One venue: where it is, and what is taken from it.</summary>
public sealed record VenueOptions
{
    /// <summary>Venue name, such as <c>binance</c>.</summary>
    public required string Name { get; init; }

    /// <summary>WebSocket address without a path, such as <c>wss://stream.binance.com:9443</c>.</summary>
    public required Uri WebSocketEndpoint { get; init; }

    /// <summary>Instruments by canonical id, such as <c>BTC-USDT</c>.</summary>
    public required IReadOnlyList<string> Instruments { get; init; }

    /// <summary>Kinds of data taken of every instrument. Default: trade and quote.</summary>
    public IReadOnlyList<StreamChannel> Channels { get; init; } = [StreamChannel.Trade, StreamChannel.Quote];

    /// <summary>Stream the trades come from, in the venue's word. Default <c>aggTrade</c>.</summary>
    public string TradeSource { get; init; } = "aggTrade";

    /// <summary>Intervals of the venue's own candles, when that channel is taken. Default 1m.</summary>
    public IReadOnlyList<CandleInterval> VenueCandleIntervals { get; init; } = [CandleInterval.Parse("1m")];

    public WebSocketOptions WebSocket { get; init; } = new();

    public PoolOptions Pool { get; init; } = new();
}
