using Pipeline.Core.Market;

namespace Pipeline.Gateway.Streams;

/// <summary>One stream: what clients subscribe to. Only for the hub's thread.</summary>
internal sealed class MarketStream
{
    /// <summary><c>binance:BTC-USDT:trade</c>, <c>…:candle:1m</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>binance:BTC-USDT</c>.</summary>
    public required string Instrument { get; init; }

    public required string Venue { get; init; }

    public required DataKind Kind { get; init; }

    /// <summary>Of a candle stream, else null.</summary>
    public CandleInterval? Interval { get; init; }
}
