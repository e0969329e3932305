using Pipeline.Host.Cli;
using Pipeline.Host.Commands;

using var signals = ProcessSignals.Install();
var context = CommandContext.OfProcess() with { TakeHangups = signals.TakeHangups };
var commandLine = new PipelineCommandLine(
    context,
    [
        UpCommand.Create(context),
        DownCommand.Create(context),
        BrokerCommand.Create(context),
        SimulateCommand.Create(context),
        CollectCommand.Create(context),
        GatewayCommand.Create(context),
        RecordCommand.Create(context),
        ReplayCommand.Create(context),
        RotateCommand.Create(context),
        ReloadCommand.Create(context),
        TailCommand.Create(context),
        AuditCommand.Create(context),
        TopicsCommand.Create(context),
        VerifyCommand.Create(context),
        GapsCommand.Create(context),
        CheckCommand.Create(context),
        DoctorCommand.Create(context),
        ProbeCommand.Create(context),
        VersionCommand.Create(context),
    ]);
return await commandLine.RunAsync(args, signals.Stopping);
