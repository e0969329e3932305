using Pipeline.Core.Topology;
using Pipeline.Host.Supervision;

namespace Pipeline.Tests.Host.Supervision;

public sealed class StackPlanTests : IDisposable
{
    private readonly HttpClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public void Of_LocalTopology_IsBrokerSimulatorCollector()
    {
        var topology = new TopologyFile { Simulator = new SimulatorOptions() };
        var plan = StackPlan.Of(topology, "/t.yaml", new Executable("dotnet", ["p.dll"]), _client);

        Assert.Equal(["broker", "simulator", "collector"], plan.Select(spec => spec.Name));
        Assert.All(plan, spec => Assert.Equal("dotnet", spec.FileName));
        Assert.Equal(["p.dll", "simulate", "--topology", "/t.yaml"], plan[1].Arguments);
        Assert.Equal([29092, 9443, 9400, 8081], plan.SelectMany(spec => spec.Ports).Select(port => port.Port));
    }

    [Fact]
    public void Of_SimulatorOfSeveralVenues_ClaimsAllTheirPorts()
    {
        var simulator = new SimulatorOptions { OkxListen = new Uri("http://127.0.0.1:9445"), SolanaListen = new Uri("http://127.0.0.1:9447") };
        var plan = StackPlan.Of(new TopologyFile { Simulator = simulator }, "/t.yaml", new Executable("pipeline", []), _client);

        Assert.Equal([9443, 9445, 9447, 9400], plan[1].Ports.Select(port => port.Port));
        Assert.Equal("simulator.okxListen", plan[1].Ports[1].Key);
    }

    [Fact]
    public void Of_ForeignBrokerAndRealVenue_IsTheCollectorAlone()
    {
        var topology = new TopologyFile { Kafka = new KafkaOptions { Embedded = false } };

        Assert.Equal(["collector"], StackPlan.Of(topology, "/t.yaml", new Executable("pipeline", []), _client).Select(spec => spec.Name));
    }

    [Fact]
    public void Of_AnyTopology_OnlyTheCollectorMayLiveWithoutBeingReady()
    {
        var topology = new TopologyFile { Simulator = new SimulatorOptions() };
        var plan = StackPlan.Of(topology, "/t.yaml", new Executable("pipeline", []), _client);

        Assert.Equal("collector", Assert.Single(plan, spec => spec.Readiness is not null).Name);
    }

    [Fact]
    public void Of_WithGateway_StartsItLastAndAsksItOverHttp()
    {
        var topology = new TopologyFile { Simulator = new SimulatorOptions(), Gateway = new GatewayOptions { Listen = new Uri("http://0.0.0.0:8085") } };
        var gateway = StackPlan.Of(topology, "/t.yaml", new Executable("dotnet", ["p.dll"]), _client)[^1];

        Assert.Equal("gateway", gateway.Name);
        Assert.Equal(["p.dll", "gateway", "--topology", "/t.yaml"], gateway.Arguments);
        Assert.Equal([(8085, "gateway.listen"), (5051, "candles.listen")], gateway.Ports.Select(port => (port.Port, port.Key)));
        Assert.StartsWith("http://0.0.0.0:8085/ ", gateway.Address, StringComparison.Ordinal);
        Assert.NotNull(gateway.Readiness);
        Assert.Null(StackPlan.Of(
            topology with { Gateway = new GatewayOptions { Listen = new Uri("https://127.0.0.1:8443") } }, "/t.yaml", new Executable("p", []), _client)[^1].Readiness);
    }

    [Theory]
    [InlineData("http://0.0.0.0:8081", "http://127.0.0.1:8081/")]
    [InlineData("http://[::]:8081", "http://[::1]:8081/")]
    [InlineData("http://10.0.0.1:8081", "http://10.0.0.1:8081/")]
    public void Reach_ListensEverywhere_IsAskedAtLoopback(string listen, string expected) =>
        Assert.Equal(new Uri(expected), StackPlan.Reach(new Uri(listen)));
}
