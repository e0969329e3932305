using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Faults;

/// <summary>
/// Every misbehaviour that venues have shown on market data, by the numbers of the collection they were gathered in (threads,
/// changelogs and measurements up to 2026-10), with what the simulator does and what a correct client does. From F70 on they are our own: what
/// an audit must be able to name.
/// </summary>
internal static partial class FaultCatalog
{
    private static readonly SimulatedVenue[] Everywhere =
        [SimulatedVenue.BinanceSpot, SimulatedVenue.BinanceFutures, SimulatedVenue.Okx, SimulatedVenue.Bybit, SimulatedVenue.Solana];

    private static readonly SimulatedVenue[] Exchanges =
        [SimulatedVenue.BinanceSpot, SimulatedVenue.BinanceFutures, SimulatedVenue.Okx, SimulatedVenue.Bybit];

    private static readonly SimulatedVenue[] Binance = [SimulatedVenue.BinanceSpot, SimulatedVenue.BinanceFutures];
    private static readonly SimulatedVenue[] Futures = [SimulatedVenue.BinanceFutures];
    private static readonly SimulatedVenue[] Okx = [SimulatedVenue.Okx];
    private static readonly SimulatedVenue[] Bybit = [SimulatedVenue.Bybit];

    private static readonly string[] BookDiffs = ["*@depth", "*@depth@*", "books:*", "orderbook*"];
    private static readonly string[] Trades = ["*@trade", "*@aggTrade", "trades:*", "trades-all:*", "publicTrade*"];
    private static readonly string[] Klines = ["*@kline_*", "candle*", "kline*"];

    private static readonly Dictionary<string, FaultDefinition> ById =
        ((FaultDefinition[])[.. Connections(), .. Subscriptions(), .. Data()]).ToDictionary(
            definition => definition.Id.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>In order of their ids.</summary>
    public static IReadOnlyList<FaultDefinition> All { get; } = [.. ById.Values.OrderBy(definition => definition.Id)];

    /// <summary>The entry, or null when there is none.</summary>
    public static FaultDefinition? Find(string id) => ById.GetValueOrDefault(id);

    private static FaultDefinition Lasting(
        FaultId id, FaultLayer layer, SimulatedVenue[] venues, string title, string does, string expects) =>
        new(id, FaultKind.Lasting, layer, title, does, expects, venues);

    private static FaultDefinition AtOnce(FaultId id, SimulatedVenue[] venues, string title, string does, string expects) =>
        new(id, FaultKind.AtOnce, FaultLayer.Connection, title, does, expects, venues);

    private static FaultDefinition Always(FaultId id, SimulatedVenue[] venues, string title, string does, string expects) =>
        new(id, FaultKind.Always, FaultLayer.Dialect, title, does, expects, venues);

    private static FaultDefinition NotSimulated(FaultId id, string title, string expects) =>
        new(id, FaultKind.NotSimulated, FaultLayer.Dialect, title, "not simulated", expects, []);
}
