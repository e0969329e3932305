using System.Text;
using Microsoft.Extensions.Logging;
using Pipeline.Host.Cli;
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

    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();

    [Fact]
    public void Note_InAPipe_IsALineWithTheTime()
    {
        Make(isInteractive: false, isQuiet: false).Note("collector is ready");

        Assert.Equal("2026-01-02T03:04:05.000Z collector is ready\n", _out.ToString());
    }

    [Fact]
    public void Note_Quiet_IsSaidOnlyWhenItIsTrouble()
    {
        var table = Make(isInteractive: false, isQuiet: true);
        table.Note("fine", StatusTone.Good);
        table.Note("broken", StatusTone.Bad);

        Assert.Empty(_out.ToString());
        Assert.Equal("2026-01-02T03:04:05.000Z broken\n", _error.ToString());
    }

    [Fact]
    public async Task Run_OnATerminal_DrawsSectionsAndNotes()
    {
        var table = Make(isInteractive: true, isQuiet: false);
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
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_NotOnATerminal_EndsWhenCancelled(bool isQuiet) =>
        await Make(isInteractive: false, isQuiet).RunAsync(() => View, new CancellationToken(true));

    [Fact]
    public void ToLines_OneLinePerSectionThatHasRows() => Assert.Equal(["first: a 1 [x]; b 2"], View.ToLines());

    [Fact]
    public void Logger_Entry_BecomesANote()
    {
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(new StatusLoggerProvider(Make(false, false))));
        factory.CreateLogger("Pipeline.Feeds.Connection").LogWarning(new IOException("gone"), "lost {Name}", "binance-1");
        factory.CreateLogger("Pipeline.Feeds.Connection").LogDebug("never seen");

        Assert.Equal("2026-01-02T03:04:05.000Z warning Connection: lost binance-1 (IOException: gone)\n", _out.ToString());
    }

    private StatusTable Make(bool isInteractive, bool isQuiet) =>
        new(new Terminal(new StringWriter(_out), new StringWriter(_error), isInteractive, HasColour: false), new TestTimeProvider(Start), isQuiet);
}
