using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Pipeline.Simulator;

/// <summary>One listening address with a web server of its own.</summary>
internal sealed class HttpEndpoint : IAsyncDisposable
{
    // Frames of several megabytes are sent through the control port to test a client's bounds.
    private const long MaxBodyBytes = 16 * 1024 * 1024;

    private readonly WebApplication _application;

    private HttpEndpoint(WebApplication application)
    {
        _application = application;
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Address = new Uri(addresses.First());
    }

    /// <summary>The address with the port that was given or found.</summary>
    public Uri Address { get; }

    /// <param name="key">The option that names the address, for errors.</param>
    /// <param name="listen">Address; port 0 = any free one.</param>
    /// <param name="map">Adds the handlers.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="SimulatorStartException">The address cannot be listened on.</exception>
    public static async Task<HttpEndpoint> StartAsync(string key, Uri listen, Action<WebApplication> map, CancellationToken cancellation)
    {
        if (listen is not { IsAbsoluteUri: true, Scheme: "http", AbsolutePath: "/" })
        {
            throw new SimulatorStartException($"{key}: '{listen}' must look like http://127.0.0.1:9443.");
        }

        var application = Build(listen);
        map(application);
        try
        {
            await application.StartAsync(cancellation);
            return new HttpEndpoint(application);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await application.DisposeAsync();
            throw new SimulatorStartException(Explain(key, listen, e), e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Connections are closed by then; what still hangs is cut rather than waited for.
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }

    private static WebApplication Build(Uri listen)
    {
        // An empty builder: no configuration files, no environment variables and no console logging of the server's own.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(Url(listen)).ConfigureKestrel(Configure);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        return builder.Build();
    }

    private static void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        options.Limits.MaxRequestBodySize = MaxBodyBytes;

        // A client that does not read is what the outbox is for; the server must not cut it on its own.
        options.Limits.MinResponseDataRate = null;
        options.Limits.MinRequestBodyDataRate = null;
    }

    // The server cannot find a free port for a name that stands for two addresses.
    private static string Url(Uri listen) =>
        listen is { Host: "localhost", Port: 0 } ? "http://127.0.0.1:0" : listen.GetLeftPart(UriPartial.Authority);

    private static string Explain(string key, Uri listen, Exception e) =>
        e is AddressInUseException || e.InnerException is AddressInUseException
            ? $"{key}: {listen} is in use. Stop the process that listens there, or choose another port (0 = any free one)."
            : $"{key}: cannot listen on {listen}: {e.Message}";
}
