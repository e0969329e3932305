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
    public static Command Create(CommandContext context) => ServiceCommand.Make(
        context,
        "simulate",
        "Run the offline exchange of the topology's simulator section: generated markets, or a recording replayed.",
        ["pipeline simulate", "pipeline simulate --topology topology/recorded.yaml"],
        (file, table, cancellation) => RunAsync(context, file, table, cancellation));

    private static async Task<int> RunAsync(CommandContext context, TopologyFile file, StatusTable table, CancellationToken cancellation)
    {
        if (file.Simulator is not { } options)
        {
            context.Terminal.Fail($"{file.Path} has no simulator section; topology/local.yaml shows one.");
            return ExitCodes.Invalid;
        }

        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new StatusLoggerProvider(table)));
        await using var simulator = await SimulatorHost.StartAsync(options, context.Time, loggers, cancellation);
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
                new StatusRow("frames sent", Count(totals.FramesSent)),
                new StatusRow("unsent", $"{Count(totals.UnsentBytes)} bytes"),
                new StatusRow("trades made", Count(totals.Trades)),
            ]),
        ]);
    }

    private static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
