using Microsoft.Extensions.Logging;
using Pipeline.Simulator.Replay;

namespace Pipeline.Simulator.Binance;

/// <summary>What all sessions of the venue share.</summary>
/// <param name="Dialect">The dialect.</param>
/// <param name="Clock">The simulator's clock.</param>
/// <param name="Directory">Streams that carry data.</param>
/// <param name="Recording">What is replayed instead; null = the engine runs.</param>
/// <param name="ReplaySpeed">Times as fast as recorded; 0 = as fast as taken.</param>
/// <param name="Life">After this the venue ends a connection.</param>
/// <param name="Log">Where a session says what nobody else can.</param>
internal sealed record BinanceSessionSetup(
    BinanceSpotDialect Dialect,
    TimeProvider Clock, StreamDirectory Directory, Recording? Recording, double ReplaySpeed, TimeSpan Life, ILogger Log);
