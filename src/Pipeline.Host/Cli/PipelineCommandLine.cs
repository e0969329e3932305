using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Pipeline.Host.Status;
using Pipeline.Host.Venues;
using Pipeline.Kafka;
using Pipeline.Kafka.Ownership;
using Pipeline.Simulator;

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
        var help = root.Options.OfType<HelpOption>().First();
        if (parsed.GetResult(help) is not null)
        {
            // Asked for help a command gives it, whatever else the line lacks.
            parsed.InvocationConfiguration.Output = context.Terminal.Out;
            return ((SynchronousCommandLineAction)help.Action!).Invoke(parsed);
        }

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
        catch (Exception fault) when (fault is KafkaClientException or PartitionsLostException or SimulatorStartException or VenueException or IOException)
        {
            // The user's to mend, and the message says how.
            context.Terminal.Fail(fault.Message);
            return ExitCodes.Failed;
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
        if (parsed.UnmatchedTokens.Count > 0 && command.Subcommands.Count > 0)
        {
            var known = string.Join(", ", command.Subcommands.Select(one => one.Name));
            return $"Unknown command '{parsed.UnmatchedTokens[0]}'. There are: {known}.";
        }

        return $"{string.Join(' ', parsed.Errors.Select(error => error.Message))} See: pipeline {Path(command, root)}--help";
    }

    private static string Path(Command command, RootCommand root)
    {
        var names = new List<string>();
        for (Symbol? at = command; at is not null && at != root; at = at.Parents.OfType<Command>().FirstOrDefault())
        {
            names.Insert(0, at.Name);
        }

        return string.Concat(names.Select(name => name + " "));
    }
}
