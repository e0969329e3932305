using System.CommandLine;
using System.Text;
using Pipeline.Host.Cli;
using Pipeline.Host.Commands;
using Pipeline.Host.Status;

namespace Pipeline.Tests.Host;

/// <summary>Runs a command line in this process and keeps what it prints.</summary>
internal sealed class CommandRun
{
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();

    public CommandRun(string workingFolder) => Context = new CommandContext
    {
        Terminal = new Terminal(new StringWriter(_out), new StringWriter(_error), IsInteractive: false, HasColour: false),
        WorkingFolder = workingFolder,
        Environment = _ => null,
    };

    public CommandContext Context { get; }

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public Task<int> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    public Task<int> RunAsync(Command? more, params string[] arguments)
    {
        Command[] commands = [CheckCommand.Create(Context), VersionCommand.Create(Context), DownCommand.Create(Context)];
        return new PipelineCommandLine(Context, more is null ? commands : [.. commands, more]).RunAsync(arguments, CancellationToken.None);
    }
}
