using System.Net;
using System.Net.Sockets;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Pooling;
using Pipeline.Host.Collecting;
using Pipeline.Host.Collecting.Reloading;

namespace Pipeline.Tests.Host.Collecting;

/// <summary>A collector that answers as told and notes what it is asked to do.</summary>
internal sealed class FakePort : ICollectorPort, IDisposable
{
    public Readiness Readiness { get; set; } = Readiness.Yes;

    public CollectorStatistics Statistics { get; set; } = new(1.5, 42, [], [], [new CollectorStatistics.Queue("entrance", 3, 100)]);

    public PipelineMetrics Metrics { get; } = new();

    public Dictionary<string, IReadOnlyList<string>> All { get; } = new()
    {
        ["binance"] = ["binance-1", "binance-2"],
        ["okx"] = ["okx-public-1"],
    };

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Connections => All;

    public List<string> Calls { get; } = [];

    /// <summary>Rotations do not end before it has.</summary>
    public Task Held { get; set; } = Task.CompletedTask;

    public string? Failure { get; set; }

    public ReloadOutcome Reload { get; set; } = new(true, "+2 streams, −1, 38 untouched", 2, 1, 38, [], [], [], [], [], []);

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async Task<IReadOnlyList<RotationOutcome>> RotateAsync(string venue, string? connection)
    {
        lock (Calls)
        {
            Calls.Add($"rotate {venue} {connection ?? "all"}");
        }

        await Held;
        return [.. All[venue].Where(name => connection is null || name == connection)
            .Select(name => new RotationOutcome(name, Failure is null, Failure, TimeSpan.FromMilliseconds(812.34), 3))];
    }

    public Task<ReloadOutcome> ReloadAsync()
    {
        Calls.Add("reload");
        return Task.FromResult(Reload);
    }

    public void Dispose() => Metrics.Dispose();
}
