using System.Net;

namespace Pipeline.Core.Topology;

/// <summary>
/// Where servers listen that would listen on this machine alone. In a container loopback is the container's own, and nobody outside could
/// reach them: then the environment names another address, and the same file does for both.
/// </summary>
public static class ListenHost
{
    /// <summary>Environment variable with an IP address. The reader of topologies, and nobody else, puts it in the place of loopback.</summary>
    public const string Variable = "PIPELINE_LISTEN";

    /// <summary>The topology with every server that listens on loopback at that address instead; all others stay where they are.</summary>
    public static TopologyFile Apply(TopologyFile topology, IPAddress host)
    {
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(host);
        var service = topology.Candles.Service;
        return topology with
        {
            Collector = topology.Collector with { Listen = Move(topology.Collector.Listen, host) },
            Gateway = topology.Gateway is { } gateway ? gateway with { Listen = Move(gateway.Listen, host) } : null,
            Candles = topology.Candles with { Service = service with { Listen = MoveAny(service.Listen, host) } },
            Simulator = topology.Simulator is { } simulator ? Move(simulator, host) : null,
        };
    }

    private static SimulatorOptions Move(SimulatorOptions simulator, IPAddress host) => simulator with
    {
        BinanceSpotListen = Move(simulator.BinanceSpotListen, host),
        BinanceFuturesListen = MoveAny(simulator.BinanceFuturesListen, host),
        OkxListen = MoveAny(simulator.OkxListen, host),
        BybitListen = MoveAny(simulator.BybitListen, host),
        SolanaListen = MoveAny(simulator.SolanaListen, host),
        ControlListen = Move(simulator.ControlListen, host),
    };

    private static Uri? MoveAny(Uri? listen, IPAddress host) => listen is null ? null : Move(listen, host);

    private static Uri Move(Uri listen, IPAddress host) =>
        listen.IsLoopback ? new UriBuilder(listen) { Host = host.ToString() }.Uri : listen;
}
