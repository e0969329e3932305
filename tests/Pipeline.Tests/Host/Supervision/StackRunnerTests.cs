using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Pipeline.Core.Topology;
using Pipeline.Host;
using Pipeline.Host.Status;
using Pipeline.Host.Supervision;

namespace Pipeline.Tests.Host.Supervision;

/// <summary>The program is a shell script here, and its HTTP port is opened by the test once the script runs.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class StackRunnerTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly CommandRun _run;
    private readonly RunFolder _folder;

    public StackRunnerTests()
    {
        _run = new CommandRun(_temporary.Path);
        _folder = new RunFolder(_temporary["run"]);
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Run_FromStartToStop_RecordsItselfAndEndsClean()
    {
        var port = FreePort();
        var program = _temporary.WriteProgram("program", $"echo \"$@\" > {_temporary["arguments"]}; while read -r line; do :; done");
        using var stop = new CancellationTokenSource();
        var run = RunAsync(program, port, stop.Token);
        await Wait.UntilAsync(() => _temporary.ReadLines("arguments").Length == 1);
        Assert.Equal("starting", _folder.Read()!.State);

        using var server = Serve(port);
        await Wait.UntilAsync(() => _folder.Read() is { State: "ready" });
        Assert.Equal(ExitCodes.Failed, await RunAsync(program, port, CancellationToken.None));
        await stop.CancelAsync();

        Assert.Equal(ExitCodes.Ok, await run);
        Assert.Equal($"collect --topology {_temporary["t.yaml"]}", Assert.Single(_temporary.ReadLines("arguments")));
        Assert.Contains($"collector  http://127.0.0.1:{port}/statistics", _run.Out, StringComparison.Ordinal);
        Assert.Contains("pipeline tail md.trades --topology t.yaml", _run.Out, StringComparison.Ordinal);
        Assert.Contains("t.yaml runs here already", _run.Error, StringComparison.Ordinal);
        Assert.Null(_folder.Read());
        Assert.False(_folder.IsRunning());
    }

    [Fact]
    public async Task Run_ChildFails_EndsWithItsWordsAndNothingLeft()
    {
        var program = _temporary.WriteProgram("program", "echo 'the venue is on fire'; exit 4");

        Assert.Equal(ExitCodes.Failed, await RunAsync(program, FreePort(), CancellationToken.None));
        Assert.Contains("collector ended with code 4", _run.Error, StringComparison.Ordinal);
        Assert.Contains("the venue is on fire", _run.Error, StringComparison.Ordinal);
        Assert.Null(_folder.Read());
    }

    [Fact]
    public async Task Background_BecomesReady_ReturnsWithTheSummary()
    {
        // The quotes end around $$, which is the script's own process.
        const string record = """
            {"pid":'$$',"startedAt":"2026-01-01T00:00:00Z","topology":"t.yaml","state":"ready","folder":"","children":[]}
            """;
        var program = _temporary.WriteProgram("program", $"echo '{record}' > {_temporary["run/up.json"]}; exec sleep 20");

        Assert.Equal(ExitCodes.Ok, await BackgroundAsync(program));
        Assert.StartsWith("Running t.yaml:", _run.Out, StringComparison.Ordinal);
        Assert.True(UnixProcess.Terminate(_folder.Read()!.Pid));
    }

    [Fact]
    public async Task Background_Fails_ShowsWhy()
    {
        Assert.Equal(ExitCodes.Failed, await BackgroundAsync(_temporary.WriteProgram("program", "echo \"cannot: $*\" >&2; exit 1")));
        Assert.Contains("cannot: up --topology t.yaml --background", _run.Error, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static HttpListener Serve(int port)
    {
        var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
        listener.Start();
        _ = AnswerAsync(listener);
        return listener;
    }

    private static async Task AnswerAsync(HttpListener listener)
    {
        try
        {
            while (true)
            {
                (await listener.GetContextAsync()).Response.Close();
            }
        }
        catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private Task<int> RunAsync(string program, int port, CancellationToken cancellation)
    {
        var topology = new TopologyFile
        {
            Path = "t.yaml",
            Kafka = new KafkaOptions { Embedded = false },
            Collector = new CollectorOptions { Listen = new Uri($"http://127.0.0.1:{port}") },
        };
        var table = new StatusTable(_run.Context.Terminal, TimeProvider.System, isQuiet: false);
        return new StackRunner(_run.Context, _folder, new Executable(program, []), table).RunAsync(topology, cancellation);
    }

    private Task<int> BackgroundAsync(string program) =>
        new BackgroundStart(_run.Context, _folder, new Executable(program, [])).RunAsync("t.yaml", CancellationToken.None);
}
