namespace Pipeline.Simulator.World;

/// <summary>Venues the simulator can be. Each has markets of its own.</summary>
internal enum SimulatedVenue
{
    BinanceSpot,
    BinanceFutures,
    Okx,
    Bybit,
    Solana,
}
