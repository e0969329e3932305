using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Host.Doctor;
using Pipeline.Host.Status;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Host.Doctor;

public sealed class DoctorRunTests
{
    private readonly TestTimeProvider _time = new();

    [Fact]
    public async Task Run_NeedsFailed_IsLeftOutWithTheReason_AndSoIsWhatNeedsThat()
    {
        var dns = new FakeCheck("dns", Finding.Fail("no such name", "mend it"));
        var tls = new FakeCheck("tls", Finding.Ok("fine"), dns);
        var stream = new FakeCheck("stream", Finding.Ok("fine"), tls);
        var disk = new FakeCheck("disk", Finding.Warn("little room", "make room"));
        var ports = new FakeCheck("ports", Finding.Ok("free"), disk);
        var results = await new DoctorRun([dns, tls, stream, disk, ports], _time).RunAsync(CancellationToken.None);

        Assert.Equal([Verdict.Failed, Verdict.NotChecked, Verdict.NotChecked, Verdict.Warning, Verdict.Ok], results.Select(result => result.Verdict));
        Assert.Equal("needs 'dns', which failed", results[1].Finding.Message);
        Assert.Equal("needs 'tls', which was not checked", results[2].Finding.Message);
        Assert.Equal((0, 0, 1), (tls.Runs, stream.Runs, ports.Runs));
    }

    [Fact]
    public async Task Run_OneNeverEndsAndIgnoresCancellation_FailsWhenTheTimeIsOver_OthersStand()
    {
        var never = new FakeCheck("never", _ => new TaskCompletionSource<Finding>().Task);
        var fine = new FakeCheck("fine", Finding.Ok("fine"));
        var running = new DoctorRun([never, fine], _time) { Bound = TimeSpan.FromSeconds(14) }.RunAsync(CancellationToken.None);
        await Task.WhenAll(never.Begun, fine.Begun).WaitAsync(RealTime.Bound);
        Assert.False(running.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(14));
        var results = await running;

        Assert.Equal(new Finding(Verdict.Failed, "not over when the time for all checks (14 s) was", "be quicker"), results[0].Finding);
        Assert.Equal(TimeSpan.FromSeconds(14), results[0].Took);
        Assert.Equal(Verdict.Ok, results[1].Verdict);
    }

    [Fact]
    public async Task Run_OneThrows_IsAFailedCheck()
    {
        var broken = new FakeCheck("broken", _ => throw new InvalidDataException("what is this"));
        var result = Assert.Single(await new DoctorRun([broken], _time).RunAsync(CancellationToken.None));

        Assert.Equal(new Finding(Verdict.Failed, "InvalidDataException: what is this", "be quicker"), result.Finding);
    }

    [Fact]
    public async Task Run_AskedToEnd_Ends()
    {
        using var stop = new CancellationTokenSource();
        var waiting = new FakeCheck("waiting", async token =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return Finding.Ok("");
        });
        var running = new DoctorRun([waiting], _time).RunAsync(stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Screen_InAPipe_IsALineEachInTheirOrder()
    {
        var text = new StringBuilder();
        var slow = new TaskCompletionSource<Finding>();
        ICheck[] checks = [new FakeCheck("a", _ => slow.Task), new FakeCheck("longer", Finding.Fail("bad [x]", "mend it"))];
        var running = new DoctorScreen(new Terminal(new StringWriter(text), TextWriter.Null, false, false), checks).RunAsync(_time, CancellationToken.None);
        await ((FakeCheck)checks[1]).Begun.WaitAsync(RealTime.Bound);
        Assert.Empty(text.ToString());
        slow.SetResult(Finding.Ok("fine"));
        var results = await running;

        Assert.Equal(
            """
            ok           a          0 ms  fine
            failed       longer     0 ms  bad [x] -> mend it

            """,
            text.ToString());
        Assert.Equal("2 checks in 1.5 s: 1 ok, 1 failed", DoctorReport.Summary(results, TimeSpan.FromSeconds(1.5)));
    }

    [Fact]
    public async Task Screen_OnATerminal_DrawsWhatIsOver()
    {
        var text = new StringBuilder();
        var terminal = new Terminal(new StringWriter(text), TextWriter.Null, IsInteractive: true, HasColour: false);
        await new DoctorScreen(terminal, [new FakeCheck("a [b]", Finding.Ok("fine [c]"))]).RunAsync(_time, CancellationToken.None);

        Assert.Contains("a [b]", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("fine [c]", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_HasEachCheckWithVerdictAdviceAndTime()
    {
        CheckResult[] results =
        [
            new("a", Finding.Ok("fine"), TimeSpan.FromMilliseconds(3)), new("b", Finding.Warn("so so", "mend it"), TimeSpan.FromSeconds(2)),
        ];
        var json = JsonNode.Parse(DoctorReport.ToJson("t.yaml", results, TimeSpan.FromSeconds(2)))!;

        Assert.Equal("ok", (string)json["result"]!);
        Assert.Equal("""{"name":"b","verdict":"warning","message":"so so","advice":"mend it","milliseconds":2000}""", json["checks"]![1]!.ToJsonString());
    }
}
