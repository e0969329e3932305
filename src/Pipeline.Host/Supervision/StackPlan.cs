using Pipeline.Core.Candles;
using Pipeline.Core.Topology;

namespace Pipeline.Host.Supervision;

/// <summary>Which processes a topology needs on this machine, in starting order.</summary>
internal static class StackPlan
{
    // Time to hand over what is in flight and have it acknowledged.
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(30);

    // It answers when it has checked the brokers' topics, read what they say of instruments, and asked the venues for theirs. It gives
    // each of them 20 to 30 s itself before it gives up.
    private static readonly TimeSpan CollectorTimeout = TimeSpan.FromSeconds(120);

    public static IReadOnlyList<ChildSpec> Of(TopologyFile topology, string topologyPath, Executable executable, HttpClient client)
    {
        var specs = new List<ChildSpec>();
        if (topology.Kafka.Embedded)
        {
            specs.Add(MakeBroker(topology.Kafka) with { Arguments = ArgumentsOf("broker") });
        }

        if (topology.Simulator is { } simulator)
        {
            specs.Add(MakeSimulator(simulator, client) with { Arguments = ArgumentsOf("simulate") });
        }

        specs.Add(MakeCollector(topology.Collector, client) with { Arguments = ArgumentsOf("collect") });
        if (topology.Gateway is { } gateway)
        {
            specs.Add(MakeGateway(gateway, topology.Candles.Service, client) with { Arguments = ArgumentsOf("gateway") });
        }

        return [.. specs.Select(spec => spec with { FileName = executable.FileName })];

        string[] ArgumentsOf(string command) => [.. executable.Prefix, command, "--topology", topologyPath];
    }

    /// <summary>Where to ask a server that listens there: one that listens everywhere is asked at loopback.</summary>
    public static Uri Reach(Uri listen) => listen.Host switch
    {
        "0.0.0.0" => new UriBuilder(listen) { Host = "127.0.0.1" }.Uri,
        "[::]" => new UriBuilder(listen) { Host = "[::1]" }.Uri,
        _ => listen,
    };

    private static ChildSpec MakeBroker(KafkaOptions kafka)
    {
        // The reader allows one address only where the broker is embedded.
        var address = new Uri($"tcp://{kafka.BootstrapServers}");
        return new ChildSpec
        {
            Name = "broker",
            RestartMeans = "it keeps topics in memory: the records from before are gone",
            FileName = "",
            Arguments = [],
            Address = kafka.BootstrapServers,
            Ports = [new PortClaim(address.Host, address.Port, "kafka.bootstrapServers")],
            Liveness = Probe.OfPort(Reach(address).Host, address.Port),
        };
    }

    private static ChildSpec MakeSimulator(SimulatorOptions simulator, HttpClient client) => new()
    {
        Name = "simulator",
        FileName = "",
        Arguments = [],
        Address = $"{string.Join(' ', simulator.VenueListens.Select(one => Plain(one.Address)))} (control {Plain(simulator.ControlListen)})",
        Ports =
        [
            .. simulator.VenueListens.Select(one => new PortClaim(one.Address.Host, one.Address.Port, $"simulator.{one.Key}")),
            new PortClaim(simulator.ControlListen.Host, simulator.ControlListen.Port, "simulator.controlListen"),
        ],
        Liveness = Probe.OfHttp(client, new Uri(Reach(simulator.ControlListen), "/status")),
    };

    private static ChildSpec MakeCollector(CollectorOptions collector, HttpClient client) => new()
    {
        Name = "collector",
        FileName = "",
        Arguments = [],
        Address = $"{Plain(collector.Listen)}/statistics",
        Ports = [new PortClaim(collector.Listen.Host, collector.Listen.Port, "collector.listen")],
        Liveness = Probe.OfHttp(client, new Uri(Reach(collector.Listen), "/livez")),
        Readiness = Probe.OfHttp(client, new Uri(Reach(collector.Listen), "/readyz")),
        StartTimeout = CollectorTimeout,
        StopTimeout = DrainTimeout,
    };

    private static ChildSpec MakeGateway(GatewayOptions gateway, CandleServiceOptions candles, HttpClient client)
    {
        // Over TLS nobody here knows its certificate: then it lives when its port answers.
        var (reach, isPlain) = (Reach(gateway.Listen), gateway.Listen.Scheme == "http");
        return new ChildSpec
        {
            Name = "gateway",
            FileName = "",
            Arguments = [],
            Address = $"{Plain(gateway.Listen)}/ (WebSocket /ws, HTTP API /swagger-ui)",
            Ports =
            [
                new PortClaim(gateway.Listen.Host, gateway.Listen.Port, "gateway.listen"),
                .. candles is { Enabled: true, Listen: { } listen } ? [new PortClaim(listen.Host, listen.Port, "candles.listen")] : Array.Empty<PortClaim>(),
            ],
            Liveness = isPlain ? Probe.OfHttp(client, new Uri(reach, "/livez")) : Probe.OfPort(reach.Host, reach.Port),
            Readiness = isPlain ? Probe.OfHttp(client, new Uri(reach, "/readyz")) : null,
        };
    }

    private static string Plain(Uri address) => address.OriginalString.TrimEnd('/');
}
