using System.CommandLine;

namespace Pipeline.Host.Cli;

/// <summary>Parses and runs: usage errors in one line with exit code 2, unexpected ones in one line with exit code 1.</summary>
internal sealed class PipelineCommandLine(CommandContext context, IEnumerable<Command> commands)
{
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var root = new RootCommand("Market data from exchanges to Kafka. Start with: pipeline up");
        ExamplesHelp.Install(root);
        foreach (var command in commands)
        {
            root.Add(command);
        }

        var parsed = root.Parse(arguments.Count == 0 ? ["--help"] : arguments);
        if (parsed.Errors.Count > 0)
        {
            context.Terminal.Fail(Describe(parsed, root));
            return ExitCodes.Invalid;
        }

        var configuration = new InvocationConfiguration
        {
            Output = context.Terminal.Out,
            Error = context.Terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception fault)
        {
            var isWanted = !string.IsNullOrEmpty(context.Environment("PIPELINE_TRACE"));
            context.Terminal.Fail(isWanted ? fault.ToString() : $"{fault.Message} (PIPELINE_TRACE=1 shows where)");
            return ExitCodes.Failed;
        }
    }

    private static string Describe(ParseResult parsed, RootCommand root)
    {
        var command = parsed.CommandResult.Command;
        if (command == root && parsed.UnmatchedTokens.Count > 0)
        {
            var known = string.Join(", ", root.Subcommands.Select(known => known.Name));
            return $"Unknown command '{parsed.UnmatchedTokens[0]}'. There are: {known}.";
        }

        var path = command == root ? "pipeline" : $"pipeline {command.Name}";
        return $"{string.Join(' ', parsed.Errors.Select(error => error.Message))} See: {path} --help";
    }
}
