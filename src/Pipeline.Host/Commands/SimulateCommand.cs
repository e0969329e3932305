using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Topology;
using Pipeline.Host.Cli;
using Pipeline.Host.Status;
using Pipeline.Simulator;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline simulate</c>: the offline exchange.</summary>
internal static class SimulateCommand
{
    public static Command Create(CommandContext context)
    {
        var topology = TopologyOption.Make();
        var options = new SimulateOptions();
        var command = new PipelineCommand(
            "simulate",
            "Run the offline exchange of the topology's simulator section: generated markets, or a recording replayed.",
            "pipeline simulate",
            "pipeline simulate --topology topology/recorded.yaml",
            "pipeline simulate --scenario topology/scenarios/reconnects.yaml",
            "pipeline simulate --clock 20@now",
            "pipeline simulate --list-faults")
        {
            topology, options.Scenario, options.Clock, options.Load, options.ListFaults, options.Quiet,
        };
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(options.ListFaults))
            {
                context.Terminal.ToConsole().Write(FaultTable.Make());
                return Task.FromResult(ExitCodes.Ok);
            }

            return TopologyOption.Load(context, parsed.GetValue(topology)) is { } file
                && ClockOption.Resolve(context, parsed.GetValue(options.Clock)) is { } clock
                ? RunAsync(context, clock, file, options.Read(parsed, file.Simulator), parsed.GetValue(options.Quiet), cancellation)
                : Task.FromResult(ExitCodes.Invalid);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        TimeProvider clock,
        TopologyFile file,
        SimulatorOptions? options,
        bool isQuiet,
        CancellationToken cancellation)
    {
        if (options is null)
        {
            context.Terminal.Fail($"{file.Path} has no simulator section; topology/local.yaml shows one.");
            return ExitCodes.Invalid;
        }

        // The table is for somebody who lives in real time.
        var table = new StatusTable(context.Terminal, context.Time, isQuiet ? StatusOutput.Quiet : StatusOutput.Text);
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new StatusLoggerProvider(table)));
        await using var simulator = await SimulatorHost.StartAsync(options, clock, loggers, cancellation);
        await table.RunAsync(() => View(simulator), cancellation);
        var totals = simulator.Totals;
        table.Note($"simulator stopping; {Count(totals.FramesSent)} frames sent to {Count(totals.ConnectionsOpened)} connections");
        return ExitCodes.Ok;
    }

    private static StatusView View(SimulatorHost simulator)
    {
        var totals = simulator.Totals;
        return new StatusView($"pipeline simulate {simulator.BinanceSpotUri}",
        [
            new StatusSection(totals.Mode,
            [
                new StatusRow("connections", $"{totals.ConnectionsOpen} open, {Count(totals.ConnectionsOpened)} in all"),
                new StatusRow("frames sent", $"{Count(totals.FramesSent)}, {Count((long)totals.FramesPerSecond)}/s"),
                new StatusRow("unsent", $"{Count(totals.UnsentBytes)} bytes"),
                new StatusRow("trades made", Count(totals.Trades)),
                new StatusRow("faults", Count(totals.FaultsActive), totals.FaultsActive > 0 ? StatusTone.Warning : StatusTone.Plain),
            ]),
        ]);
    }

    private static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
