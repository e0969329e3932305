using Microsoft.Extensions.Logging;
using Pipeline.Simulator.Replay;
using Pipeline.Simulator.Sockets;

namespace Pipeline.Simulator.Binance;

/// <summary>What all sessions of the venue share.</summary>
/// <param name="Dialect">The dialect.</param>
/// <param name="Clock">The simulator's clock.</param>
/// <param name="Directory">Streams that carry data.</param>
/// <param name="Recording">What is replayed instead; null = the engine runs.</param>
/// <param name="ReplaySpeed">Times as fast as recorded; 0 = as fast as taken.</param>
/// <param name="Limits">What a client may do.</param>
/// <param name="Log">Where a session says what nobody else can.</param>
internal sealed record BinanceSessionSetup(
    IVenueDialect Dialect,
    TimeProvider Clock,
    StreamDirectory Directory,
    Recording? Recording,
    double ReplaySpeed,
    BinanceLimits Limits,
    ILogger Log);
