using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Topology;
using Pipeline.Gateway.Security;
using Pipeline.Host.Collecting.Http;

namespace Pipeline.Host.Collecting;

/// <summary>
/// The collector's HTTP port: <c>/livez</c>, <c>/readyz</c>, <c>/metrics</c> and <c>/statistics</c> for whoever can reach it,
/// <c>POST /rotate</c> and <c>/reload</c> for whom the <see cref="AdminGuard"/> lets through.
/// </summary>
internal sealed class CollectorServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private CollectorServer(WebApplication application) => _application = application;

    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static async Task<CollectorServer> StartAsync(CollectorOptions options, ICollectorPort port, CancellationToken cancellation)
    {
        var application = Build(options.Listen);
        application.MapGet("/livez", () => "ok\n");
        application.MapGet("/readyz", (HttpRequest request) => AnswerReadiness(request, port.Readiness));
        application.MapGet("/statistics", () => port.Statistics);
        application.MapGet("/metrics", () => Results.Text(MetricsText.Of(port.Metrics), PrometheusText.ContentType));
        AdminRoutes.Map(application, port, new AdminGuard(options.AdminToken, "collector.adminToken"));
        try
        {
            await application.StartAsync(cancellation);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            await application.DisposeAsync();
            throw new IOException(
                $"The collector cannot listen on {options.Listen}: {error.Message} Change collector.listen in the topology.", error);
        }

        return new CollectorServer(application);
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    /// <summary>For people and probes in a line, with the streams below; as JSON for who asks for that.</summary>
    private static IResult AnswerReadiness(HttpRequest request, Readiness readiness)
    {
        var status = readiness.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase)
            ? Results.Json(readiness, statusCode: status)
            : Results.Text($"{readiness.ToText()}\n", statusCode: status);
    }

    private static WebApplication Build(Uri listen)
    {
        // An empty builder: where it listens is the topology's affair, not of appsettings.json or an environment variable of the server.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(listen.ToString()).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024;
            kestrel.Limits.MaxConcurrentConnections = 100;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
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
