using Pipeline.Core.Books;
using Pipeline.Core.Candles;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Repair;
using Pipeline.Core.Feeds.Rest;

namespace Pipeline.Core.Client;

/// <summary>Where an exchange is, and how it is talked to.</summary>
public sealed record ExchangeClientOptions
{
    /// <summary>WebSocket address without a path, such as <c>wss://stream.binance.com:9443</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The exchange's HTTP interface: missing trades come from there, and the order books of some. Null = those are not to be had.</summary>
    public IVenueRest? Rest { get; init; }

    /// <summary>Stream the trades come from, in the exchange's word; null = its usual one.</summary>
    public string? TradeSource { get; init; }

    public CandleOptions Candles { get; init; } = new();

    public RepairOptions Repair { get; init; } = new();

    public BookOptions Books { get; init; } = new();

    public WebSocketOptions WebSocket { get; init; } = new();

    public PoolOptions Pool { get; init; } = new();

    /// <summary>Connections side by side that carry the same streams, 1 or 2.</summary>
    public int Legs { get; init; } = 1;
}
