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
    private volatile bool _isVenueThere;

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

        using var server = Serve(port, () => true);
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
    public async Task Run_CollectorIsNotReady_RunsAndRecordsWhy()
    {
        var port = FreePort();
        var program = _temporary.WriteProgram("program", $"echo > {_temporary["begun"]}; while read -r line; do :; done");
        using var stop = new CancellationTokenSource();
        var run = RunAsync(program, port, stop.Token);
        await Wait.UntilAsync(() => File.Exists(_temporary["begun"]));
        using var server = Serve(port, () => _isVenueThere);

        await Wait.UntilAsync(() => _folder.Read()?.Children[0].NotReady?.Contains("not connected", StringComparison.Ordinal) == true);
        var record = _folder.Read()!;
        Assert.Equal((RunRecord.Running, true), (record.State, record.Children[0].IsAlive));
        _isVenueThere = true;
        await Wait.UntilAsync(() => _folder.Read() is { State: RunRecord.Ready });
        Assert.Equal(record.Children[0].Pid, _folder.Read()!.Children[0].Pid);

        await stop.CancelAsync();
        Assert.Equal(ExitCodes.Ok, await run);
    }

    [Fact]
    public async Task Run_RecordCannotBeWritten_GoesOnAndSaysSo()
    {
        var port = FreePort();
        var program = _temporary.WriteProgram("program", $"echo > {_temporary["begun"]}; while read -r line; do :; done");
        using var stop = new CancellationTokenSource();
        var run = RunAsync(program, port, stop.Token);
        await Wait.UntilAsync(() => File.Exists(_temporary["begun"]));
        using var server = Serve(port, () => _isVenueThere);
        await Wait.UntilAsync(() => _folder.Read() is { State: RunRecord.Running });

        // Nothing can be written where a folder stands; it may be the very moment in which something is.
        await Wait.UntilAsync(() => TryWrite("run/up.json.new/not"));
        _isVenueThere = true;
        await Wait.UntilAsync(() => _run.Out.Contains("collector is ready", StringComparison.Ordinal));
        await stop.CancelAsync();

        Assert.Equal(ExitCodes.Ok, await run);
        Assert.Contains("does not tell the present state", _run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Background_BecomesReady_ReturnsWithTheSummary()
    {
        Assert.Equal(ExitCodes.Ok, await BackgroundAsync(Recording("ready", "[]")));
        Assert.StartsWith("Running t.yaml:", _run.Out, StringComparison.Ordinal);
        Assert.True(UnixProcess.Terminate(_folder.Read()!.Pid));
    }

    [Fact]
    public async Task Background_RunsWithoutBecomingReady_ReturnsWithAWarning()
    {
        var program = Recording("running", """[{"name":"collector","address":"a","log":"l","isAlive":true,"notReady":"3 of 4 streams"}]""");

        Assert.Equal(ExitCodes.Ok, await BackgroundAsync(program));
        Assert.StartsWith("Running t.yaml:", _run.Out, StringComparison.Ordinal);
        Assert.Contains("warning: collector runs and is not ready yet: 3 of 4 streams", _run.Error, StringComparison.Ordinal);
        Assert.True(UnixProcess.Terminate(_folder.Read()!.Pid));
    }

    [Fact]
    public async Task Background_OneChildDoesNotRun_HasFailed()
    {
        var program = Recording("running", """[{"name":"broker","address":"a","log":"l","isAlive":false,"notReady":"ended with code 1"}]""");

        Assert.Equal(ExitCodes.Failed, await BackgroundAsync(program));
        Assert.Contains("broker does not run: ended with code 1 (l)", _run.Error, StringComparison.Ordinal);
        Assert.True(UnixProcess.Terminate(_folder.Read()!.Pid));
    }

    [Fact]
    public async Task Background_Fails_ShowsWhy()
    {
        Assert.Equal(ExitCodes.Failed, await BackgroundAsync(_temporary.WriteProgram("program", "echo \"cannot: $*\" >&2; exit 1")));
        Assert.Contains("cannot: up --topology t.yaml --background", _run.Error, StringComparison.Ordinal);
    }

    private bool TryWrite(string name)
    {
        try
        {
            _temporary.Write(name, "a file");
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>A collector that lives, and is ready when told.</summary>
    private static HttpListener Serve(int port, Func<bool> isReady)
    {
        var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
        listener.Start();
        _ = AnswerAsync(listener, isReady);
        return listener;
    }

    private static async Task AnswerAsync(HttpListener listener, Func<bool> isReady)
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                var isWell = context.Request.Url!.AbsolutePath != "/readyz" || isReady();
                context.Response.StatusCode = isWell ? 200 : 503;
                context.Response.Close(isWell ? [] : "binance-1: not connected"u8.ToArray(), willBlock: false);
            }
        }
        catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    /// <summary>A program that only leaves a record of itself.</summary>
    private string Recording(string state, string children)
    {
        // The quotes end around $$, which is the script's own process.
        var record = $$"""
            {"pid":'$$',"startedAt":"2026-01-01T00:00:00Z","topology":"t.yaml","state":"{{state}}","folder":"","children":{{children}}}
            """;
        return _temporary.WriteProgram("program", $"echo '{record}' > {_temporary["run/up.json"]}; exec sleep 20");
    }

    private Task<int> RunAsync(string program, int port, CancellationToken cancellation)
    {
        var topology = new TopologyFile
        {
            Path = "t.yaml",
            Kafka = new KafkaOptions { Embedded = false },
            Collector = new CollectorOptions { Listen = new Uri($"http://127.0.0.1:{port}") },
        };
        var table = new StatusTable(_run.Context.Terminal, TimeProvider.System, StatusOutput.Text);
        return new StackRunner(_run.Context, _folder, new Executable(program, []), table).RunAsync(topology, cancellation);
    }

    private Task<int> BackgroundAsync(string program) =>
        new BackgroundStart(_run.Context with { Time = new HastyTime() }, _folder, new Executable(program, []))
            .RunAsync("t.yaml", CancellationToken.None);

    /// <summary>Its seconds are milliseconds, for who asks how late it is.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override long GetTimestamp() => 1000 * base.GetTimestamp();
    }
}
