using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Topology;
using Pipeline.Host.Status;
using Pipeline.Host.Telemetry;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Host.Status;

public sealed class JsonLineTests : IDisposable
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
    }

    [Fact]
    public void Entry_IsOneLineWithIdNameAndFields()
    {
        using var loggers = Loggers(isQuiet: false);
        TelemetryLog.ExportFailed(loggers.CreateLogger("a.b.telemetry"), "traces \"x\"\n", new Uri("http://127.0.0.1:4318"));

        var line = JsonNode.Parse(Assert.Single(Lines()))!;
        Assert.Equal(("warning", "telemetry", 6000, "ExportFailed"), ((string)line["level"]!, (string)line["category"]!, (int)line["id"]!, (string)line["event"]!));
        Assert.Equal("traces \"x\"\n cannot be sent to http://127.0.0.1:4318/; they are tried on, and said when it succeeds", (string)line["message"]!);
        Assert.Equal(("traces \"x\"\n", "http://127.0.0.1:4318/"), ((string)line["fields"]!["Signal"]!, (string)line["fields"]!["To"]!));
        Assert.Equal(2, line["fields"]!.AsObject().Count);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", (string)line["time"]!);
    }

    [Fact]
    public void Numbers_StayNumbers_AndAFaultIsTold()
    {
        using var loggers = Loggers(isQuiet: false);
        Exception fault = new InvalidOperationException("broken");
        loggers.CreateLogger("x").LogError(new EventId(1, "One"), fault, "{Count} of {Part} {Flag} {None}", 7L, 0.5, true, null);

        var line = JsonNode.Parse(Assert.Single(Lines()))!;
        Assert.Equal("""{"Count":7,"Part":0.5,"Flag":true,"None":null}""", line["fields"]!.ToJsonString());
        Assert.StartsWith("System.InvalidOperationException: broken", (string)line["exception"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Note_IsALineToo_AndQuietLeavesOutWhatIsWell()
    {
        Table(isQuiet: false).Note("collector started", StatusTone.Good);
        Table(isQuiet: true).Note("stopping");
        Table(isQuiet: true).Note("not drained", StatusTone.Bad);

        Assert.Equal(
            [("info", "collector started"), ("error", "not drained")],
            Lines().Select(line => JsonNode.Parse(line)!).Select(line => ((string)line["level"]!, (string)line["message"]!)));
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task RunAsync_AsJson_ShowsNoFigures()
    {
        using var ended = new CancellationTokenSource();
        var time = new TestTimeProvider();
        var table = new StatusTable(new Terminal(_out, _error, IsInteractive: true, HasColour: false), time, StatusOutput.Text, LogFormat.Json);
        var running = table.RunAsync(() => throw new InvalidOperationException("nobody asks"), ended.Token);
        time.Advance(TimeSpan.FromMinutes(1));
        await ended.CancelAsync();
        await running;

        Assert.Empty(_out.ToString());
    }

    private string[] Lines() => _out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private StatusTable Table(bool isQuiet) => new(new Terminal(_out, _error, IsInteractive: false, HasColour: false), new TestTimeProvider(), isQuiet ? StatusOutput.Quiet : StatusOutput.Text, LogFormat.Json);

    private ILoggerFactory Loggers(bool isQuiet) => LoggerFactory.Create(logging => logging.AddProvider(new StatusLoggerProvider(Table(isQuiet))));
}
