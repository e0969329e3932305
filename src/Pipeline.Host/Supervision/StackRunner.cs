using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Core.Topology;
using Pipeline.Host.Cli;
using Pipeline.Host.Collecting;
using Pipeline.Host.Status;

namespace Pipeline.Host.Supervision;

/// <summary>Runs a stack from start to stop in this process.</summary>
internal sealed class StackRunner(CommandContext context, RunFolder folder, Executable executable, StatusTable table)
{
    private readonly DateTimeOffset _startedAt = context.Time.GetUtcNow();
    private readonly Lock _recording = new();
    private bool _isRecording = true;

    public async Task<int> RunAsync(TopologyFile topology, CancellationToken cancellation)
    {
        using var only = folder.TryLock();
        if (only is null)
        {
            context.Terminal.Fail(StackSummary.AlreadyRuns(folder));
            return ExitCodes.Failed;
        }

        // Everything asked is on this machine, whatever proxy the environment names.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
        var path = Path.GetFullPath(topology.Path, context.WorkingFolder);
        var plan = StackPlan.Of(topology, path, executable, client);
        using var supervisor = new Supervisor(plan, new SupervisorOptions { LogFolder = folder.Path }, table.Note, context.Time);
        var figures = new CollectorFigures(context.Time);
        var gateway = new GatewayFigures();
        StatusView View(Supervisor running) =>
            StackView.Make($"pipeline up, {topology.Path}", running.Children, figures, gateway, context.Time.GetUtcNow());
        try
        {
            IReadOnlyList<Func<CancellationToken, Task>> views =
            [
                .. Pollers(client, topology, figures, gateway), stop => table.RunAsync(() => View(supervisor), stop),
            ];
            return await RunAsync(supervisor, views, topology, cancellation);
        }
        finally
        {
            folder.Clear();
        }
    }

    private async Task<int> RunAsync(
        Supervisor supervisor, IReadOnlyList<Func<CancellationToken, Task>> views, TopologyFile topology, CancellationToken cancellation)
    {
        folder.Write(Describe(supervisor, topology, RunRecord.Starting));
        if (await supervisor.StartAsync(cancellation) is { } why)
        {
            context.Terminal.Fail(why);
            return ExitCodes.Failed;
        }

        supervisor.OnChange(() => Record(supervisor, topology));
        Record(supervisor, topology);
        var record = Describe(supervisor, topology, RunRecord.Running);
        table.Announce(StackSummary.Describe(record), JsonSerializer.SerializeToNode(record, JsonSerializerOptions.Web)!.AsObject());
        var isClean = false;
        try
        {
            await KeepAsync(supervisor, views, cancellation);
        }
        finally
        {
            isClean = await supervisor.StopAsync();
        }

        table.Note("all stopped", isClean ? StatusTone.Good : StatusTone.Bad);
        return isClean ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private IEnumerable<Func<CancellationToken, Task>> Pollers(
        HttpClient client, TopologyFile topology, CollectorFigures collector, GatewayFigures gateway)
    {
        yield return new FiguresPoller<CollectorStatistics>(
            client, new Uri(StackPlan.Reach(topology.Collector.Listen), "/statistics"), collector.Apply, context.Time).RunAsync;

        // Over TLS nobody here knows the gateway's certificate.
        if (topology.Gateway is { Listen.Scheme: "http" } options)
        {
            var address = new Uri(StackPlan.Reach(options.Listen), "/api/websocket/metrics");
            yield return new FiguresPoller<JsonObject>(client, address, gateway.Apply, context.Time) { Token = options.Tokens is [var token, ..] ? token : null }.RunAsync;
        }
    }

    private RunRecord Describe(Supervisor supervisor, TopologyFile topology, string state) =>
        StackSummary.Of(topology.Path, state, _startedAt, folder, supervisor.Children);

    /// <summary>A record that cannot be written is no reason to end what it is about.</summary>
    private void Record(Supervisor supervisor, TopologyFile topology)
    {
        // One after the other, so that the last one written is the newest.
        lock (_recording)
        {
            try
            {
                var isReady = supervisor.Children.All(child => child.State == ChildState.Ready);
                folder.Write(Describe(supervisor, topology, isReady ? RunRecord.Ready : RunRecord.Running));
                _isRecording = true;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                if (_isRecording)
                {
                    _isRecording = false;
                    table.Note($"{folder.Path} does not tell the present state: it cannot be written: {fault.Message}", StatusTone.Warning);
                }
            }
        }
    }

    private static async Task KeepAsync(
        Supervisor supervisor, IReadOnlyList<Func<CancellationToken, Task>> views, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] parts = [supervisor.RunAsync(stop.Token), .. views.Select(view => view(stop.Token))];

        // None ends before it is cancelled unless it has failed, and then the others must not go on without it.
        await Task.WhenAny(parts);
        await stop.CancelAsync();
        await Task.WhenAll(parts);
    }
}
