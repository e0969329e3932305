using System.Net;
using System.Net.Sockets;
using Pipeline.Core.Topology;
using Pipeline.Host;
using Pipeline.Host.Collecting;
using Pipeline.Host.Collecting.Reloading;
using Pipeline.Host.Commands;
using Pipeline.Tests.Host.Collecting;

namespace Pipeline.Tests.Host.Commands;

/// <summary><c>pipeline rotate</c> and <c>pipeline reload</c> against a collector's HTTP port.</summary>
public sealed class CollectorCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakePort _port = new();
    private readonly CommandRun _run;
    private readonly int _number = FakePort.FreePort();

    public CollectorCommandTests()
    {
        _run = new CommandRun(_folder.Path);
        _folder.Write("t.yaml", Topology(""));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _port.Dispose();
    }

    [Fact]
    public async Task Rotate_Wait_SaysWhatBecameOfEach()
    {
        await using var server = await ServeAsync();

        Assert.Equal(ExitCodes.Ok, await RotateAsync("--venue", "binance", "--wait"));
        Assert.Equal(
            "binance-1  replaced in 812 ms, 3 streams were quiet all the time\nbinance-2  replaced in 812 ms, 3 streams were quiet all the time\n",
            _run.Out);
        Assert.Equal(["rotate binance all"], _port.Calls);
    }

    [Fact]
    public async Task Rotate_WithoutWait_SaysWhatIsBeingReplaced()
    {
        await using var server = await ServeAsync();

        Assert.Equal(ExitCodes.Ok, await RotateAsync("--connection", "okx-public-1"));
        Assert.Equal("Being replaced: okx-public-1\n", _run.Out);
    }

    [Fact]
    public async Task Rotate_ReplacementThatFails_KeepsTheOldOneAndFails()
    {
        _port.Failure = "no data within 60 s";
        await using var server = await ServeAsync();

        Assert.Equal(ExitCodes.Failed, await RotateAsync("-c", "binance-1", "-w"));
        Assert.StartsWith("binance-1  kept after 812 ms: no data within 60 s", _run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotate_UnknownVenue_NamesThoseThereAre()
    {
        await using var server = await ServeAsync();

        Assert.Equal(ExitCodes.Failed, await RotateAsync("--venue", "kraken"));
        Assert.Equal("error: there is no venue kraken; there are binance, okx\n", _run.Error);
    }

    [Fact]
    public async Task Rotate_NoCollector_SaysWhereItLookedAndHowToStartOne()
    {
        Assert.Equal(ExitCodes.Failed, await RotateAsync());

        Assert.StartsWith($"error: no collector answers at http://127.0.0.1:{_number}/ (collector.listen in t.yaml): ", _run.Error, StringComparison.Ordinal);
        Assert.EndsWith("Start one with 'pipeline up' or 'pipeline collect'.\n", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotate_SomethingElseThere_IsToldFromACollector()
    {
        using var other = new TcpListener(IPAddress.Loopback, _number);
        other.Start();
        var answering = AnswerAsync(other, "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnope");

        Assert.Equal(ExitCodes.Failed, await RotateAsync());
        Assert.Contains("is no collector", _run.Error, StringComparison.Ordinal);
        await answering;
    }

    [Fact]
    public async Task Rotate_TokenInTheTopology_IsSentAndNeverPrinted()
    {
        _folder.Write("t.yaml", Topology(", adminToken: open-sesame"));
        await using var server = await ServeAsync("open-sesame");

        Assert.Equal(ExitCodes.Ok, await RotateAsync());
        Assert.DoesNotContain("open-sesame", _run.Out + _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotate_TokenThatIsWrong_SaysWhatIsMissing()
    {
        await using var server = await ServeAsync("open-sesame");

        Assert.Equal(ExitCodes.Failed, await RotateAsync());
        Assert.Equal("error: collector.adminToken is set: send it as Authorization: Bearer\n", _run.Error);
    }

    [Fact]
    public async Task Reload_SaysWhatChanged()
    {
        await using var server = await ServeAsync();

        Assert.Equal(ExitCodes.Ok, await _run.RunAsync(ReloadCommand.Create(_run.Context), "reload", "-t", "t.yaml"));
        Assert.Equal("+2 streams, −1, 38 untouched\n", _run.Out);
    }

    [Fact]
    public async Task Reload_ProblemsOrErrors_Fail()
    {
        _port.Reload = _port.Reload with { Problems = ["left out: binance has no X"], Summary = "left out: binance has no X" };
        await using var server = await ServeAsync();
        Assert.Equal(ExitCodes.Failed, await _run.RunAsync(ReloadCommand.Create(_run.Context), "reload", "-t", "t.yaml"));

        _port.Reload = ReloadOutcome.Refused([new TopologyError("t.yaml", 5, 3, "venues.x", "unknown key", "")]);
        Assert.Equal(ExitCodes.Failed, await _run.RunAsync(ReloadCommand.Create(_run.Context), "reload", "-t", "t.yaml"));
        Assert.EndsWith("error: not taken, what runs stays: t.yaml:5:3: venues.x: unknown key\n", _run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rotate", "pipeline rotate --venue binance --wait")]
    [InlineData("reload", "pipeline reload --topology topology/live.yaml")]
    public async Task Help_HasExamples(string command, string example)
    {
        var made = command == "rotate" ? RotateCommand.Create(_run.Context) : ReloadCommand.Create(_run.Context);

        Assert.Equal(ExitCodes.Ok, await _run.RunAsync(made, command, "--help"));
        Assert.Contains(example, _run.Out, StringComparison.Ordinal);
    }

    private static async Task AnswerAsync(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        _ = await stream.ReadAsync(new byte[4096]);
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer));
    }

    private string Topology(string more) => $$"""
        venues:
          binance:
            endpoints: {webSocket: "ws://127.0.0.1:1"}
            instruments: [BTC-USDT]
        collector: {listen: "http://127.0.0.1:{{_number}}"{{more}}}

        """;

    private Task<int> RotateAsync(params string[] arguments) =>
        _run.RunAsync(RotateCommand.Create(_run.Context), ["rotate", "-t", "t.yaml", .. arguments]);

    private Task<CollectorServer> ServeAsync(string? token = null) => CollectorServer.StartAsync(
        new CollectorOptions { Listen = new Uri($"http://127.0.0.1:{_number}"), AdminToken = token }, _port, CancellationToken.None);
}
