using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Pipeline.Host.Status;
using Pipeline.Host.Supervision;

namespace Pipeline.Tests.Host.Supervision;

/// <summary>
/// Children here are shell scripts. Each ends when its input does, so that none outlives a test run that was cut short.
/// </summary>
public sealed class SupervisorTests : IDisposable
{
    private const string UntilInputEnds = "while read -r line; do :; done";

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _notes = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_EachWaitsForTheOneBefore_AndStopsInReverse()
    {
        using var supervisor = Make(Script("a"), Script("b"), Script("c"));

        Assert.Null(await supervisor.StartAsync(CancellationToken.None));
        Assert.All(supervisor.Children, child => Assert.Equal(ChildState.Ready, child.State));
        Assert.True(await supervisor.StopAsync());

        Assert.Equal(["start a", "start b", "start c", "stop c", "stop b", "stop a"], _folder.ReadLines("order"));
        Assert.All(supervisor.Children, child => Assert.Null(child.Pid));
    }

    [Fact]
    public async Task Start_ChildDiesBeforeItIsReady_ShowsItsLastLinesAndStopsTheRest()
    {
        var broken = Script("b") with
        {
            Arguments = ["-c", "echo one; echo 'no such topic' >&2; exit 3"],
            Liveness = _ => Task.FromResult<string?>("no"),
        };
        using var supervisor = Make(Script("a"), broken, Script("c"));

        var why = await supervisor.StartAsync(CancellationToken.None);

        Assert.Contains("b ended with code 3 before it answered", why, StringComparison.Ordinal);
        Assert.Contains("no such topic", why, StringComparison.Ordinal);
        Assert.Equal(["start a", "stop a"], _folder.ReadLines("order"));
    }

    [Fact]
    public async Task Start_ChildDoesNotAnswerInTime_SaysWhatTheProbeSaid_AndIsAskedToEnd()
    {
        var deaf = Script("a") with
        {
            // Its end takes a moment, as a drain does.
            Arguments = ["-c", $"trap 'sleep 0.2; touch {_folder["a.ended"]}; exit 0' TERM; touch {_folder["a.ready"]}; {UntilInputEnds}"],
            Liveness = async _ =>
            {
                await Wait.UntilAsync(() => File.Exists(_folder["a.ready"]));
                return "nobody listens";
            },
            StartTimeout = TimeSpan.Zero,
        };
        using var supervisor = Make(deaf);

        Assert.Contains("did not answer within 0 s (nobody listens)", await supervisor.StartAsync(CancellationToken.None),
            StringComparison.Ordinal);
        Assert.Null(supervisor.Children[0].Pid);
        Assert.True(File.Exists(_folder["a.ended"]));
    }

    [Fact]
    public async Task Run_ChildLivesAndIsNotReady_IsToldOnceAndLeftAlone()
    {
        var reason = (string?)"2 of 3 streams confirmed";
        var waiting = Script("a") with
        {
            Liveness = _ => Task.FromResult<string?>(null),
            Readiness = _ => Task.FromResult(reason),
            StartTimeout = TimeSpan.Zero,
        };
        using var supervisor = Make(waiting);
        using var stop = new CancellationTokenSource();
        Assert.Null(await supervisor.StartAsync(CancellationToken.None));
        var child = supervisor.Children[0];
        var pid = child.Pid;
        var run = supervisor.RunAsync(stop.Token);
        await Wait.UntilAsync(() => _notes.Contains("a is not ready after 0 s: 2 of 3 streams confirmed"));
        Assert.Equal((ChildState.Alive, reason), (child.State, child.Reason));

        await Wait.UntilAsync(() => File.Exists(_folder["a.ready"]));
        reason = null;
        await Wait.UntilAsync(() => _notes.Contains("a is ready"));
        await stop.CancelAsync();
        await run;

        Assert.Equal((0, pid), (child.Restarts, child.Pid));
        Assert.Single(_notes, note => note.Contains("not ready", StringComparison.Ordinal));
        Assert.True(await supervisor.StopAsync());
    }

    [Fact]
    public async Task Run_ChildThatWasNeverReadyDies_IsStartedAgain()
    {
        using var supervisor = Make(Script("a") with { Readiness = _ => Task.FromResult<string?>("the venue is down") });
        using var stop = new CancellationTokenSource();
        await supervisor.StartAsync(CancellationToken.None);
        var run = supervisor.RunAsync(stop.Token);

        UnixProcess.Terminate(supervisor.Children[0].Pid!.Value);
        await Wait.UntilAsync(() => _notes.Contains("a runs again"));
        await stop.CancelAsync();
        await run;

        Assert.Equal((ChildState.Alive, 1), (supervisor.Children[0].State, supervisor.Children[0].Restarts));
        Assert.True(await supervisor.StopAsync());
    }

    [Fact]
    public async Task Run_OneChildCanNoLongerBeKept_EndsAndSaysWhich()
    {
        using var supervisor = Make(Script("a"), Script("b"));
        await supervisor.StartAsync(CancellationToken.None);
        supervisor.OnChange(() => throw new IOException("the disk is full"));
        var run = supervisor.RunAsync(CancellationToken.None);

        UnixProcess.Terminate(supervisor.Children[1].Pid!.Value);

        Assert.Equal("the disk is full", (await Assert.ThrowsAsync<IOException>(() => run.WaitAsync(RealTime.Bound))).Message);
        Assert.Contains("b can no longer be looked after: the disk is full", _notes);
        supervisor.OnChange(() => { });
        Assert.True(await supervisor.StopAsync());
    }

    [Fact]
    public async Task Start_NoSuchProgram_SaysSo()
    {
        using var supervisor = Make(Script("a") with { FileName = _folder["nothing"] });

        Assert.StartsWith("a cannot be started", await supervisor.StartAsync(CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortsAreTaken_NamesThemAllAndStartsNothing()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        var (one, two) = (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
        using var supervisor = Make(
            Script("a") with { Ports = [new PortClaim("127.0.0.1", one, "kafka.bootstrapServers")] },
            Script("b") with { Ports = [new PortClaim("localhost", two, "collector.listen")] });

        var why = await supervisor.StartAsync(CancellationToken.None);

        Assert.Contains($"port {one} (kafka.bootstrapServers) of the a is taken by process {Environment.ProcessId} (", why,
            StringComparison.Ordinal);
        Assert.Contains($"port {two} (collector.listen) of the b is taken by", why, StringComparison.Ordinal);
        Assert.Empty(_folder.ReadLines("order"));
    }

    [Fact]
    public async Task Start_Cancelled_StopsWhatRuns()
    {
        using var stop = new CancellationTokenSource();
        var never = Script("b") with
        {
            Liveness = _ =>
            {
                stop.Cancel();
                return Task.FromResult<string?>("never");
            },
        };
        using var supervisor = Make(Script("a"), never);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => supervisor.StartAsync(stop.Token));
        Assert.All(supervisor.Children, child => Assert.Null(child.Pid));
    }

    [Fact]
    public async Task Run_ChildDies_IsStartedAgainAndSaysSo()
    {
        using var supervisor = Make(Script("a"));
        using var stop = new CancellationTokenSource();
        await supervisor.StartAsync(CancellationToken.None);
        var run = supervisor.RunAsync(stop.Token);
        var before = supervisor.Children[0].Pid!.Value;

        UnixProcess.Terminate(before);
        await Wait.UntilAsync(() => _notes.Contains("a runs again"));

        Assert.NotEqual(before, supervisor.Children[0].Pid);
        Assert.Equal((ChildState.Ready, 1), (supervisor.Children[0].State, supervisor.Children[0].Restarts));
        Assert.Contains(_notes, note => note.StartsWith("starting a again in 0.01 s: a ended with code 0", StringComparison.Ordinal));
        Assert.Contains("a runs again", _notes);
        await stop.CancelAsync();
        await run;
        Assert.True(await supervisor.StopAsync());
    }

    [Fact]
    public async Task Run_ChildDoesNotComeUpAgain_IsTriedWithGrowingPauses()
    {
        var isFirst = true;
        var once = Script("a") with
        {
            Arguments = ["-c", $"[ -e {_folder["once"]} ] && exit 7; touch {_folder["once"]}; {UntilInputEnds}"],
            Liveness = _ => Task.FromResult(isFirst && File.Exists(_folder["once"]) ? null : "no"),
        };
        using var supervisor = Make(once);
        using var stop = new CancellationTokenSource();
        await supervisor.StartAsync(CancellationToken.None);
        isFirst = false;
        var run = supervisor.RunAsync(stop.Token);
        UnixProcess.Terminate(supervisor.Children[0].Pid!.Value);

        await Wait.UntilAsync(() => supervisor.Children[0].Restarts >= 3);
        await stop.CancelAsync();
        await run;
        await supervisor.StopAsync();

        Assert.Equal(
            ["starting a again in 0.01 s: a was ended by signal 15", "starting a again in 0.02 s: a ended with code 7 before it answered"],
            _notes.Where(note => note.StartsWith("starting a again", StringComparison.Ordinal)).Take(2).Select(note => note.Split(';')[0]));
    }

    [Fact]
    public async Task Stop_ChildIgnoresTheSignal_IsKilled()
    {
        var stubborn = Script("a") with
        {
            Arguments = ["-c", $"trap '' TERM; touch {_folder["a.ready"]}; {UntilInputEnds}"],
            StopTimeout = TimeSpan.FromMilliseconds(50),
        };
        using var supervisor = Make(stubborn);
        await supervisor.StartAsync(CancellationToken.None);

        Assert.False(await supervisor.StopAsync());
        Assert.Null(supervisor.Children[0].Pid);
        Assert.Contains(_notes, note => note.EndsWith("was killed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Log_OfAChild_HoldsBothStreamsAndTheFileBeforeIsKept()
    {
        _folder.Write("a.log", "the run before\n");
        using (var supervisor = Make(Script("a")))
        {
            await supervisor.StartAsync(CancellationToken.None);
            await supervisor.StopAsync();
        }

        Assert.Equal(["to error", "to out"], _folder.ReadLines("a.log").Order(StringComparer.Ordinal));
        Assert.Equal(["the run before"], _folder.ReadLines("a.log.1"));
    }

    /// <summary>Writes down when it starts and stops, and is ready once its file is there.</summary>
    private ChildSpec Script(string name) => new()
    {
        Name = name,
        FileName = "/bin/sh",
        Arguments =
        [
            "-c",
            $"""
            trap 'echo stop {name} >> {_folder["order"]}; exit 0' TERM
            echo start {name} >> {_folder["order"]}; echo to out; echo to error >&2; touch {_folder[name + ".ready"]}
            {UntilInputEnds}
            """,
        ],
        Liveness = _ => Task.FromResult(File.Exists(_folder[name + ".ready"]) ? null : "not yet"),
    };

    private Supervisor Make(params ChildSpec[] specs)
    {
        var options = new SupervisorOptions
        {
            LogFolder = _folder.Path,
            RestartDelay = TimeSpan.FromMilliseconds(10),
            ProbeInterval = TimeSpan.FromMilliseconds(5),
            SlowAfter = TimeSpan.Zero,
        };
        return new Supervisor(specs, options, Note, TimeProvider.System);
    }

    private void Note(string text, StatusTone tone) => _notes.Enqueue(text);
}
