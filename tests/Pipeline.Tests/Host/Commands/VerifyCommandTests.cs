using Pipeline.Host.Cli;
using Pipeline.Host.Commands;

namespace Pipeline.Tests.Host.Commands;

public sealed class VerifyCommandTests
{
    [Theory]
    [InlineData("--topics takes some of trades, candles, gaps", "--topics", "quotes")]
    [InlineData("--for takes a duration", "--follow", "--for", "soon")]
    [InlineData("--for and --until-idle end --follow", "--for", "5s")]
    [InlineData("--against takes 'venue', or the control address", "--against", "binance")]
    public async Task Usage_ThatIsWrong_IsToldAndNotTried(string message, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var run = new CommandRun(folder.Path);
        Assert.Equal(2, await run.RunAsync(VerifyCommand.Create(run.Context), ["verify", .. arguments]));
        Assert.Contains(message, run.Error + run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("250ms", 0.25)]
    [InlineData("60s", 60.0)]
    [InlineData("5m", 300.0)]
    [InlineData("1d", 86_400.0)]
    [InlineData("5", null)]
    [InlineData("-5s", null)]
    [InlineData("0s", null)]
    public void Duration_IsSpeltAsInTheTopology(string text, double? seconds) =>
        Assert.Equal(seconds, DurationText.TryParse(text, out var duration) ? duration.TotalSeconds : null);
}
