using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pipeline.Host.Status;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Host.Status;

public sealed class StatusTableTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly StatusView View = new(
        "the title",
        [
            new StatusSection("first", [new StatusRow("a", "1 [x]"), new StatusRow("b", "2", StatusTone.Bad)]),
            new StatusSection("none", []),
        ]);

    private readonly TestTimeProvider _time = new(Start);
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();

    [Fact]
    public void Note_InAPipe_IsALineWithTheTime()
    {
        Make(isInteractive: false, StatusOutput.Text).Note("collector is ready");

        Assert.Equal("2026-01-02T03:04:05.000Z collector is ready\n", _out.ToString());
    }

    [Fact]
    public void Note_Quiet_IsSaidOnlyWhenItIsTrouble()
    {
        var table = Make(isInteractive: false, StatusOutput.Quiet);
        table.Note("fine", StatusTone.Good);
        table.Note("broken", StatusTone.Bad);

        Assert.Empty(_out.ToString());
        Assert.Equal("2026-01-02T03:04:05.000Z broken\n", _error.ToString());
    }

    [Fact]
    public async Task Run_OnATerminal_DrawsSectionsAndNotes()
    {
        var table = Make(isInteractive: true, StatusOutput.Text);
        using var stop = new CancellationTokenSource();
        var draws = 0;
        await table.RunAsync(
            () =>
            {
                table.Note("something [happened]");
                if (++draws == 1)
                {
                    stop.Cancel();
                }

                return View;
            },
            stop.Token);

        Assert.Contains("the title", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 [x]", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("03:04:05 something [happened]", _out.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("none", _out.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, draws);
    }

    [Theory]
    [InlineData(nameof(StatusOutput.Quiet))]
    [InlineData(nameof(StatusOutput.Text))]
    [InlineData(nameof(StatusOutput.Json))]
    public async Task Run_NotOnATerminal_EndsWhenCancelled(string way) =>
        await Make(isInteractive: false, Enum.Parse<StatusOutput>(way)).RunAsync(() => View, new CancellationToken(true));

    // Also where a person watches: who asks for objects gets nothing else.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Json_NotesAndFigures_AreOneObjectALine(bool isInteractive)
    {
        var table = Make(isInteractive, StatusOutput.Json);
        table.Announce("in words", new JsonObject { ["topology"] = "local.yaml" });
        table.Note("broken \"so\"", StatusTone.Bad);
        using var stop = new CancellationTokenSource();
        var figures = new JsonObject { ["gateway"] = new JsonObject { ["connections"] = 3 } };
        var running = table.RunAsync(() => View with { Figures = figures }, stop.Token);
        _time.Advance(TimeSpan.FromSeconds(10));
        await Wait.UntilAsync(() => _out.ToString().Split('\n').Length == 4);
        await stop.CancelAsync();
        await running;

        Assert.Equal(
            """
            {"time":"2026-01-02T03:04:05.000Z","event":"running","topology":"local.yaml"}
            {"time":"2026-01-02T03:04:05.000Z","level":"error","category":"pipeline","message":"broken \"so\""}
            {"time":"2026-01-02T03:04:15.000Z","event":"status","gateway":{"connections":3}}

            """,
            _out.ToString());
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public void ToJson_WithoutFigures_HasTheRows() =>
        Assert.Equal("""{"first":{"a":"1 [x]","b":"2"}}""", View.ToJson().ToJsonString());

    [Fact]
    public void Announce_Quiet_SaysNothing()
    {
        Make(isInteractive: false, StatusOutput.Quiet).Announce("in words", []);
        Make(isInteractive: false, StatusOutput.Text).Announce("in words", []);
        Assert.Equal("in words", _out.ToString());
    }

    [Fact]
    public void ToLines_OneLinePerSectionThatHasRows() => Assert.Equal(["first: a 1 [x]; b 2"], View.ToLines());

    [Fact]
    public void Logger_Entry_BecomesANote()
    {
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(new StatusLoggerProvider(Make(false, StatusOutput.Text))));
        factory.CreateLogger("Pipeline.Feeds.Connection").LogWarning(new IOException("gone"), "lost {Name}", "binance-1");
        factory.CreateLogger("Pipeline.Feeds.Connection").LogDebug("never seen");

        Assert.Equal("2026-01-02T03:04:05.000Z warning Connection: lost binance-1 (IOException: gone)\n", _out.ToString());
    }

    private StatusTable Make(bool isInteractive, StatusOutput way) =>
        new(new Terminal(new StringWriter(_out), new StringWriter(_error), isInteractive, HasColour: false), _time, way);
}
