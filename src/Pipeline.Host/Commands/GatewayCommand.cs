using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Topology;
using Pipeline.Gateway.Hosting;
using Pipeline.Gateway.Hub;
using Pipeline.History;
using Pipeline.Host.Cli;
using Pipeline.Host.Status;
using Pipeline.Host.Telemetry;

namespace Pipeline.Host.Commands;

/// <summary><c>pipeline gateway</c>: Kafka → browsers.</summary>
internal static class GatewayCommand
{
    public static Command Create(CommandContext context) => ServiceCommand.Make(
        context,
        "gateway",
        "Serve browsers from Kafka: WebSocket with filters, HTTP API, page. Ctrl-C tells the clients to go elsewhere and ends.",
        ["pipeline gateway", "pipeline gateway --topology topology/live.yaml"],
        (file, table, cancellation) => RunAsync(context, file, table, cancellation));

    private static async Task<int> RunAsync(CommandContext context, TopologyFile file, StatusTable table, CancellationToken cancellation)
    {
        var options = file.Gateway ?? new GatewayOptions();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new StatusLoggerProvider(table)));
        using var export = TelemetryExport.Start(file.Metrics, "pipeline-gateway", options.Listen.Authority, loggers);
        using var metrics = new PipelineMetrics();
        CandleGateway candles;
        try
        {
            candles = CandleGateway.Open(file, options, context.Time, loggers);
        }
        catch (HistoryException error)
        {
            context.Terminal.Fail(error.Message);
            return ExitCodes.Failed;
        }

        var setup = new GatewaySetup
        {
            Options = options,
            AlsoListen = file.Candles.Service is { Enabled: true, Listen: { } listen } ? [listen] : [],
            Source = new KafkaRecordSource(file.Kafka, GatewayHost.HubOptionsOf(options, file.History.Enabled), context.Time),
            Services = [candles],
            KeepCandles = file.History.Enabled,
            Metrics = metrics,
            ExportFailures = () => export?.Failures ?? [],
            PageFolder = PageFiles.Find(context.Environment(PageFiles.Variable), AppContext.BaseDirectory),
        };
        await using var host = await GatewayHost.StartAsync(setup, context.Time, loggers, cancellation);
        table.Note($"gateway started: Kafka {file.Kafka.BootstrapServers}, {options.Listen}");
        var hasFailed = await ShowAsync(table, host, file, cancellation);
        table.Note($"{(hasFailed ? "the hub has failed, and this process ends, so that another takes its place" : "stopping")}: clients are told to connect elsewhere");
        var began = context.Time.GetTimestamp();
        var isClean = await host.DrainAsync();
        var milliseconds = context.Time.GetElapsedTime(began).TotalMilliseconds;
        table.Note(string.Create(CultureInfo.InvariantCulture, $"gateway stopped after {milliseconds:F0} ms{(isClean ? "" : "; some clients had to be cut")}"));
        return hasFailed ? ExitCodes.Failed : ExitCodes.Ok;
    }

    /// <summary>Until it is to end.</summary>
    /// <returns>Whether the hub has failed.</returns>
    private static async Task<bool> ShowAsync(StatusTable table, GatewayHost host, TopologyFile file, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var showing = table.RunAsync(() => View(file, host), ending.Token);
        await Task.WhenAny(showing, host.Hub.Failed);
        await ending.CancelAsync();
        await showing;
        return host.Hub.Failed.IsCompleted;
    }

    private static StatusView View(TopologyFile file, GatewayHost host)
    {
        var (stats, performance) = (host.Figures.Stats, host.Figures.Performance);
        return new StatusView($"pipeline gateway {file.Path}",
        [
            new StatusSection("clients",
            [
                new StatusRow("log", host.Figures.IsReady ? "read, clients are let in" : "being read", host.Figures.IsReady ? StatusTone.Good : StatusTone.Warning),
                new StatusRow("connections", $"{Count(stats.ActiveConnections)} open, {Count(stats.TotalConnections)} in all"),
                new StatusRow("subscriptions", Count(stats.TotalSubscriptions)),
                new StatusRow("records", $"{Count((long)performance.Rates.RecordsPerSecond)}/s, {Count(performance.Records)} in all"),
                new StatusRow("messages", $"{Count((long)performance.Rates.MessagesPerSecond)}/s, {Count(performance.Messages)} in all"),
                new StatusRow("latency", string.Create(CultureInfo.InvariantCulture, $"p50 {performance.Latency.P50:F1} ms, p99 {performance.Latency.P99:F1} ms")),
            ]),
        ]);
    }

    private static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
