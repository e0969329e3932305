using Pipeline.Host.Cli;
using Pipeline.Host.Commands;

using var signals = ProcessSignals.Install();
var context = CommandContext.OfProcess();
var commandLine = new PipelineCommandLine(
    context,
    [
        UpCommand.Create(context),
        DownCommand.Create(context),
        CheckCommand.Create(context),
        VersionCommand.Create(context),
    ]);
return await commandLine.RunAsync(args, signals.Stopping);
