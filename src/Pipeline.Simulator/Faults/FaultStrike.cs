using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Faults;

/// <summary>What a fault did once.</summary>
/// <param name="Handle">Which fault.</param>
/// <param name="Time">Microseconds since the Unix epoch, by the simulator's clock.</param>
/// <param name="Target">Stream, symbol, path or connection.</param>
/// <param name="Connection">Id of the connection; null where it concerned none.</param>
/// <param name="Ids">Trades that it concerned; null where it concerned none.</param>
internal sealed record FaultStrike(
    int Handle, FaultId Id, long Time, SimulatedVenue Venue, string Target, int? Connection, (long First, long Last)? Ids);
