using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Pipeline.Host.Collecting;

/// <summary>The collector's HTTP port: <c>/livez</c>, <c>/readyz</c> and <c>/statistics</c>.</summary>
internal sealed class CollectorServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private CollectorServer(WebApplication application) => _application = application;

    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static Task<CollectorServer> StartAsync(Uri listen, Collector collector, CancellationToken cancellation) =>
        StartAsync(listen, () => collector.NotReadyReason, () => collector.Statistics, cancellation);

    /// <param name="notReady">Null when the collector is ready, else what it waits for.</param>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    internal static async Task<CollectorServer> StartAsync(
        Uri listen, Func<string?> notReady, Func<CollectorStatistics> statistics, CancellationToken cancellation)
    {
        var application = Build(listen);
        application.MapGet("/livez", () => "ok\n");
        application.MapGet("/readyz", () => notReady() is { } reason
            ? Results.Text(reason + "\n", statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text("ok\n"));
        application.MapGet("/statistics", () => statistics());
        try
        {
            await application.StartAsync(cancellation);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            await application.DisposeAsync();
            throw new IOException($"The collector cannot listen on {listen}: {error.Message} Change collector.listen in the topology.", error);
        }

        return new CollectorServer(application);
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private static WebApplication Build(Uri listen)
    {
        // An empty builder: where it listens is the topology's affair, not of appsettings.json or an environment variable of the server.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(listen.ToString()).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024;
            kestrel.Limits.MaxConcurrentConnections = 100;
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        return builder.Build();
    }

    /// <summary>Signals are handled by the command, which drains before it ends.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
