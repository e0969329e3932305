using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pipeline.Host.Collecting;

/// <summary>The collector's HTTP port: <c>/livez</c>, <c>/readyz</c> and <c>/statistics</c>.</summary>
internal sealed class CollectorServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private CollectorServer(WebApplication application) => _application = application;

    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static async Task<CollectorServer> StartAsync(Uri listen, Collector collector, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(listen.ToString());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024;
            kestrel.Limits.MaxConcurrentConnections = 100;
        });
        var application = builder.Build();
        application.MapGet("/livez", () => "ok\n");
        application.MapGet("/readyz", () => collector.NotReadyReason is { } reason
            ? Results.Text(reason + "\n", statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text("ok\n"));
        application.MapGet("/statistics", () => collector.Statistics);
        try
        {
            await application.StartAsync(cancellation);
        }
        catch (IOException error)
        {
            await application.DisposeAsync();
            throw new IOException($"The collector cannot listen on {listen}: {error.Message} Change collector.listen in the topology.", error);
        }

        return new CollectorServer(application);
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();
}
