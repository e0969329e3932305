using System.CommandLine;
using Pipeline.Host;

namespace Pipeline.Tests.Host.Cli;

public sealed class PipelineCommandLineTests
{
    private readonly CommandRun _run = new("/");

    [Theory]
    [InlineData("chek", "Unknown command 'chek'. There are: check, version, down.")]
    [InlineData("check --jsn", "Unknown option '--jsn'. See: pipeline check --help")]
    [InlineData("version --jsn", "--jsn")]
    public async Task Run_WrongUsage_IsOneLineAndCodeTwo(string arguments, string message)
    {
        Assert.Equal(ExitCodes.Invalid, await _run.RunAsync(arguments.Split(' ')));
        Assert.Contains(message, _run.Error, StringComparison.Ordinal);
        Assert.Single(_run.Error.TrimEnd().Split('\n'));
        Assert.Empty(_run.Out);
    }

    [Fact]
    public async Task Run_NoArguments_PrintsHelp()
    {
        Assert.Equal(ExitCodes.Ok, await _run.RunAsync());
        Assert.Contains("pipeline up", _run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_HelpOfACommand_EndsWithExamples()
    {
        Assert.Equal(ExitCodes.Ok, await _run.RunAsync("check", "--help"));
        Assert.EndsWith("  pipeline check --json topology/live.yaml\n", _run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CommandThatThrows_IsOneLineAndCodeOne()
    {
        var broken = new Command("broken");
        broken.SetAction(new Func<ParseResult, int>(_ => throw new InvalidOperationException("the bolt is loose")));

        Assert.Equal(ExitCodes.Failed, await _run.RunAsync(broken, "broken"));
        Assert.Equal("error: the bolt is loose (PIPELINE_TRACE=1 shows where)", _run.Error.TrimEnd());
    }

    [Fact]
    public async Task Run_Version_NamesProgramAndRuntime()
    {
        Assert.Equal(ExitCodes.Ok, await _run.RunAsync("version"));
        Assert.Matches(@"^pipeline \d+\.\d+\.\d+\S* \(commit \S+\), \.NET 10", _run.Out);
    }
}
