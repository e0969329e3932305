using System.Text.RegularExpressions;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;
using Pipeline.Tests.Topology;

namespace Pipeline.Tests.Docker;

/// <summary>What holds of every container, whoever adds one. That the file runs is shown by <c>make images-test</c>.</summary>
public sealed class ComposeFileTests
{
    private static readonly ComposeFile File = ComposeFile.Read();

    private static readonly string[] Profiles = ["core", "sim", "obs", "ui"];

    private static readonly string[] OwnServices = ["simulator", "collector", "gateway"];

    public static TheoryData<string> Services => [.. File.Services.Keys];

    [Fact]
    public void EveryProfile_HasItsServices()
    {
        var byProfile = File.Services.GroupBy(one => Assert.Single(ComposeFile.Texts(one.Value, "profiles")))
            .ToDictionary(group => group.Key, group => string.Join(' ', group.Select(one => one.Key)));

        Assert.Equal(Profiles.Order(), byProfile.Keys.Order());
        Assert.Equal(
            ("kafka collector gateway", "simulator", "prometheus grafana", "kafka-ui"),
            (byProfile["core"], byProfile["sim"], byProfile["obs"], byProfile["ui"]));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_IsGuarded(string name)
    {
        var service = File.Services[name];

        Assert.Equal("true", service["read_only"]);
        Assert.Equal(["ALL"], ComposeFile.Texts(service, "cap_drop"));
        Assert.Equal(["no-new-privileges:true"], ComposeFile.Texts(service, "security_opt"));
        Assert.Matches(@"^\d+[mg]$", (string)service["mem_limit"]);
        Assert.False(service.ContainsKey("privileged"));
        Assert.False(service.ContainsKey("network_mode"));
        Assert.DoesNotContain("root", service.GetValueOrDefault("user") as string ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_IsPinnedToAVersion(string name)
    {
        var image = (string)File.Services[name]["image"];

        Assert.Matches(OwnServices.Contains(name) ? @"^pipeline:\$\{PIPELINE_VERSION:-dev\}$" : @"^[a-z0-9./-]+:v?\d+\.\d+\.\d+(@sha256:[0-9a-f]{64})?$", image);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_IsPublishedOnLoopbackAlone_AtPortsThatCanBeChanged(string name)
    {
        var ports = ComposeFile.Texts(File.Services[name], "ports");

        Assert.NotEmpty(ports);
        Assert.All(ports, port => Assert.Matches(@"^127\.0\.0\.1:\$\{[A-Z_]+_PORT:-\d+\}:\d+$", port));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_TellsWhetherItIsHealthy(string name)
    {
        var service = File.Services[name];

        // Ours have the image's check, and say what it asks.
        if (OwnServices.Contains(name))
        {
            Assert.Matches(@"^http://127\.0\.0\.1:\d+/\w+$", (string)((Dictionary<object, object>)service["environment"])["PIPELINE_PROBE"]);
            Assert.False(service.ContainsKey("healthcheck"));
        }
        else
        {
            Assert.Equal("CMD", ComposeFile.Texts((Dictionary<object, object>)service["healthcheck"], "test")[0]);
        }
    }

    [Fact]
    public void Start_IsInOrderOfHealth()
    {
        foreach (var service in File.Services.Values)
        {
            foreach (var (target, condition) in service.GetValueOrDefault("depends_on") as Dictionary<object, object> ?? [])
            {
                Assert.Contains((string)target, File.Services.Keys);
                Assert.Equal("service_healthy", ((Dictionary<object, object>)condition)["condition"]);
            }
        }

        Assert.Equal(["kafka", "simulator"], DependenciesOf("collector"));
        Assert.Equal(["kafka", "collector"], DependenciesOf("gateway"));
    }

    [Fact]
    public void Ports_AreThoseOfTheTopology()
    {
        var topology = new TopologyReader(KnownVenues.All, _ => null).ReadFile(TopologyFilesTests.PathOf("compose.yaml")).Require();
        int[] simulator = [.. topology.Simulator!.VenueListens.Select(one => one.Address.Port), topology.Simulator.ControlListen.Port];

        Assert.Equal(simulator, PortsOf("simulator"));
        Assert.Equal([topology.Collector.Listen.Port], PortsOf("collector"));
        Assert.Equal([topology.Gateway!.Listen.Port, topology.Candles.Service.Listen!.Port], PortsOf("gateway"));
        Assert.Equal([int.Parse(topology.Kafka.BootstrapServers.Split(':')[1])], PortsOf("kafka"));
        Assert.Equal([9090, 3000], [.. PortsOf("prometheus"), .. PortsOf("grafana")]);
    }

    [Fact]
    public void Volumes_AreAllUsed() => Assert.Equal(
        File.Volumes.Order(),
        File.Services.Values.SelectMany(service => ComposeFile.Texts(service, "volumes")).Select(one => one.Split(':')[0])
            .Where(one => one.Length > 0 && !one.StartsWith('.')).Distinct().Order());

    [Theory]
    [InlineData("SDK", @"^mcr\.microsoft\.com/dotnet/sdk:10\.0\.\d+-")]
    [InlineData("RUNTIME", @"^mcr\.microsoft\.com/dotnet/aspnet:10\.0\.\d+-.*chiseled")]
    [InlineData("NODE", @"^node:\d+\.\d+\.\d+-.*slim")]
    public void Dockerfile_BaseIsPinned(string name, string expected)
    {
        var line = Assert.Single(Dockerfile, line => line.StartsWith($"ARG {name}=", StringComparison.Ordinal));

        Assert.Matches(expected, line[$"ARG {name}=".Length..]);
    }

    [Fact]
    public void Dockerfile_TakesItsBasesByNameAlone_AndEndsWithoutRoot()
    {
        Assert.All(
            Dockerfile.Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)),
            line => Assert.Matches(@"^FROM \$\{(SDK|RUNTIME|NODE)\}( AS \w+)?$", line));
        Assert.Contains("USER 1654:1654", Dockerfile);
        Assert.Contains(Dockerfile, line => Regex.IsMatch(line, @"^HEALTHCHECK .* CMD \[""/app/pipeline"", ""probe""\]$"));
    }

    private static string[] Dockerfile { get; } = System.IO.File.ReadAllLines(ComposeFile.PathOf("Dockerfile"));

    private static IEnumerable<string> DependenciesOf(string name) => ((Dictionary<object, object>)File.Services[name]["depends_on"]).Keys.Cast<string>();

    /// <summary>Ports of this machine where nothing else is said, which are those inside too, so that a URL is the same in both forms.</summary>
    private static IEnumerable<int> PortsOf(string name)
    {
        foreach (var port in ComposeFile.Texts(File.Services[name], "ports"))
        {
            var match = Regex.Match(port, @":-(\d+)\}:(\d+)$");
            Assert.Equal(match.Groups[1].Value, match.Groups[2].Value);
            yield return int.Parse(match.Groups[1].Value);
        }
    }
}
