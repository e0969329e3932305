using System.Net;
using System.Net.Sockets;
using Pipeline.Core.Topology;
using Pipeline.EndToEndTests.Stack;
using Pipeline.Kafka.Embedded;
using Pipeline.Kafka.Native;
using Pipeline.TestKit.Feeds;
using Xunit.Abstractions;

namespace Pipeline.EndToEndTests.Doctor;

/// <summary>The real command on set-ups that are broken in one way each: it names that way, what to do, and nothing else.</summary>
public sealed class DoctorTests(DoctorStack stack, ITestOutputHelper output) : IClassFixture<DoctorStack>
{
    private const string Channels = "channels: [trade, quote, book]";

    [Fact]
    public async Task WrongHost_AnotherServerAnswers_IsNamed()
    {
        // The simulator's control port: a web server, and no exchange.
        var other = $"127.0.0.1:{stack.Stack.ControlPort}";
        (await stack.RunAsync((stack.WebSocket, $"ws://{other}")))
            .AssertOnlyFault("binance stream", "answered the handshake with HTTP 404", "check venues.binance.endpoints.webSocket");
        (await stack.RunAsync((stack.Rest + "\"}", $"http://{other}\"}}")))
            .AssertOnlyFault("binance rest", "something answers there that is not binance", "check venues.binance.endpoints.rest");
    }

    [Fact]
    public async Task WrongHost_NobodyListens_IsNamed()
    {
        var nobody = FreePort.Next();
        (await stack.RunAsync((stack.WebSocket, $"ws://127.0.0.1:{nobody}")))
            .AssertOnlyFault("binance stream", $"127.0.0.1:{nobody} refused the connection", "nobody listens there: check host and port of venues.binance.endpoints.webSocket");
    }

    [Fact]
    public async Task NameThatDoesNotResolve_IsNamed_AndWhatIsBehindItIsNotChecked()
    {
        var verdict = await stack.RunAsync((stack.WebSocket, "ws://stream.no-such-exchange.invalid:9443"));
        verdict.AssertOnlyFault(
            "binance dns stream.no-such-exchange.invalid", "does not resolve", "check the spelling in venues.binance.endpoints.webSocket");
        Assert.Equal(["binance stream"], verdict.With("not checked"));
        Assert.Contains("needs 'binance dns stream.no-such-exchange.invalid', which failed", verdict.Of("binance stream"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CertificateForAnotherName_IsNamed()
    {
        using var authority = new TestAuthority();
        using var certificate = authority.Issue("stream.other.test");
        await using var venue = new LoopbackVenue(_ => Task.CompletedTask, certificate: certificate);
        (await stack.RunAsync(
            (stack.WebSocket, $"wss://127.0.0.1:{venue.Address.Port}"),
            (Channels, $"{Channels}\n    network: {{certificateAuthority: \"{authority.PemFile}\"}}")))
            .AssertOnlyFault(
                $"binance tls 127.0.0.1:{venue.Address.Port}",
                "its certificate (CN=stream.other.test) is not for 127.0.0.1",
                "write the name that the certificate is for in venues.binance.endpoints.webSocket");
    }

    [Fact]
    public async Task DeadProxy_IsNamed_AndItsPasswordIsNot()
    {
        var port = FreePort.Next();
        var verdict = await stack.RunAsync((Channels, $"{Channels}\n    network: {{proxies: [\"http://user:topsecret@127.0.0.1:{port}\"]}}"));
        verdict.AssertOnlyFault(
            $"binance proxy http://127.0.0.1:{port}", $"The proxy http://127.0.0.1:{port} cannot be reached", "check venues.binance.network.proxies");
        Assert.DoesNotContain("topsecret", verdict.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3000, "behind")]
    [InlineData(-3000, "ahead of")]
    public async Task ClockThreeSecondsOff_IsAWarning(int milliseconds, string direction)
    {
        await stack.Control.FaultAsync($$"""{"id":"F68","parameters":{"milliseconds":{{milliseconds}} } }""");
        try
        {
            var verdict = await stack.RunAsync();
            Assert.True(verdict.With("warning").SequenceEqual(["binance clock"]) && !verdict.With("failed").Any(), verdict.Output);
            Assert.Matches($@"this machine's clock is (2\.9|3\.0)\d\d s {direction} that of binance", verdict.Of("binance clock"));
            Assert.Contains("set the clock by NTP", verdict.Of("binance clock"), StringComparison.Ordinal);
            Assert.Equal(0, verdict.ExitCode);
        }
        finally
        {
            await stack.Control.EndFaultsAsync();
        }
    }

    [Fact]
    public async Task PortTaken_IsNamedWithWhoHasIt()
    {
        using var taken = new TcpListener(IPAddress.Loopback, stack.Stack.CollectorPort);
        taken.Start();
        (await stack.RunAsync()).AssertOnlyFault(
            $"port {stack.Stack.CollectorPort} collector", $"is taken by process {Environment.ProcessId} (", "write another port under collector.listen");
    }

    [Fact]
    public async Task KafkaDown_IsNamed_AndTopicsAreNotChecked()
    {
        var verdict = await stack.RunAsync((stack.Stack.BootstrapServers, $"127.0.0.1:{FreePort.Next()}"));
        verdict.AssertOnlyFault("kafka connection", "No Kafka broker answers at 127.0.0.1:", "Connection refused", "Is it running? 'pipeline up' starts a local one");
        Assert.Equal(["kafka permissions", "kafka topics", "kafka settings", "kafka producer"], verdict.With("not checked"));
    }

    [Fact]
    public async Task TopicWithTheWrongPartitionCount_IsNamed() =>
        (await stack.RunAsync(("partitions: 4", "partitions: 8"))).AssertOnlyFault(
            "kafka topics", "kafka.partitions is 8, but md.trades has 4", "set it to what is there, or choose another kafka.topicPrefix");

    [Fact]
    public async Task AclDenied_ForATopicOrAProducer_IsNamed()
    {
        var kafka = new KafkaOptions { Partitions = 4 };
        await using var broker = EmbeddedBroker.Start(new EmbeddedBrokerOptions { Port = FreePort.Next() }, kafka, TimeProvider.System);
        (string, string)[] at = [(stack.Stack.BootstrapServers, broker.BootstrapServers)];

        // It is held by another program than ours, which is no fault of the brokers.
        string[] Faults(DoctorVerdict verdict) => [.. verdict.With("failed").Where(name => !name.StartsWith("port ", StringComparison.Ordinal))];
        broker.RefuseProducers(ErrorCode.ClusterDenied);
        var producer = await stack.RunAsync(at);
        Assert.Equal(["kafka producer"], Faults(producer));
        Assert.Contains("The brokers refuse our producer (ACL denied)", producer.Of("kafka producer"), StringComparison.Ordinal);
        Assert.Contains("Have IdempotentWrite on the cluster", producer.Of("kafka producer"), StringComparison.Ordinal);

        broker.DenyTopic("md.trades");
        var topic = await stack.RunAsync(at);
        Assert.Equal(["kafka permissions"], Faults(topic));
        Assert.Contains("The brokers do not permit us (ACL denied) to describe md.trades", topic.Of("kafka permissions"), StringComparison.Ordinal);
        Assert.Contains("kafka-acls --bootstrap-server", topic.Of("kafka permissions"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task VenueThatAcksAndDeliversNothing_IsNamed()
    {
        await stack.Control.FaultAsync("""{"id":"F20","venue":"binance"}""");
        try
        {
            (await stack.RunAsync()).AssertOnlyFault(
                "binance stream", "acks btcusdt@depth@100ms after", "delivers nothing within 5 s (F20), though its REST shows trades since",
                "check venues.binance.instruments");
        }
        finally
        {
            await stack.Control.EndFaultsAsync();
        }
    }

    [Fact]
    public async Task FileLimitOf64_IsNamed()
    {
        var verdict = await stack.RunAsync("ulimit -n 64;");
        verdict.AssertOnlyFault("file limit");
        Assert.Contains("at most 64 open files a process, too few to look at anything else", verdict.Of("file limit"), StringComparison.Ordinal);
        Assert.Contains("'ulimit -n 4096' in the shell, LimitNOFILE=4096 in a systemd unit", verdict.Of("file limit"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HealthyStackOfEveryVenue_IsWellInEveryRespect()
    {
        await using var healthy = LocalStack.OfEveryVenue();
        await healthy.StartBrokerAsync();
        await healthy.StartSimulatorAsync();
        await healthy.StartCollectorAsync();
        var run = await healthy.RunAsync("doctor", "--topology", healthy.TopologyPath);
        output.WriteLine(run.Output);
        Assert.Equal(0, run.ExitCode);
        Assert.All(run.Lines.SkipLast(1), line => Assert.StartsWith("ok ", line, StringComparison.Ordinal));
        Assert.Matches(@"^\d+ checks in [0-9.]+ m?s: \d+ ok$", run.Lines.Last());
        Assert.All(
            new[] { "topology", "kafka producer", "okx stream business", "okx stream public", "binance-futures stream market", "solana stream", "bybit clock", "memory" },
            name => Assert.Contains(run.Lines, line => line.Contains($"  {name}  ", StringComparison.Ordinal)));
        Assert.Contains(run.Lines, line => line.Contains($"127.0.0.1:{healthy.CollectorPort} is held by our collector, process", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TopologyThatIsNone_IsNotTried()
    {
        await using var wrong = new LocalStack("instruments: [BTC-USDT]\nchanels: [trade]", "");
        var run = await wrong.RunAsync("doctor");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("did you mean 'channels'", run.Output, StringComparison.Ordinal);
    }
}
