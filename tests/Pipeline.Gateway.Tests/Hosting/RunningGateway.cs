using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Topology;
using Pipeline.Gateway.Hosting;

namespace Pipeline.Gateway.Tests.Hosting;

/// <summary>A gateway on a port of its own that reads a log in memory.</summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private readonly PipelineMetrics _metrics = new();

    private RunningGateway(MemorySource source) => Source = source;

    public MemorySource Source { get; }

    public GatewayHost Host { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public Uri Address => Host.Endpoints[0];

    public PipelineMetrics Metrics => _metrics;

    public static long Now => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <param name="begins">Whether the log begins at once, empty.</param>
    public static async Task<RunningGateway> StartAsync(GatewayOptions? options = null, bool begins = true, Func<GatewaySetup, GatewaySetup>? change = null)
    {
        var gateway = new RunningGateway(new MemorySource());
        if (begins)
        {
            gateway.Source.Begin();
        }

        var setup = new GatewaySetup
        {
            Options = options ?? new GatewayOptions(),
            Source = gateway.Source,
            Metrics = gateway._metrics,

            // That of all tests beside it is none of the gateway's, nor is the time they take from it.
            Memory = () => 100 << 20,
            MaxAge = TimeSpan.FromMinutes(1),
        };
        setup = setup with { Options = setup.Options with { Listen = new Uri($"{setup.Options.Listen.Scheme}://127.0.0.1:0") } };
        gateway.Host = await GatewayHost.StartAsync(change?.Invoke(setup) ?? setup, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        gateway.Client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost" },
        })
        {
            BaseAddress = gateway.Address,
        };
        if (begins)
        {
            await UntilAsync(() => gateway.Host.Figures.IsReady);
        }

        return gateway;
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (!condition())
        {
            await Task.Delay(5, bound.Token);
        }
    }

    /// <summary>Waits until so many records are in what HTTP tells.</summary>
    public Task UntilToldAsync(long records) => UntilAsync(() => Host.Hub.Board is { } board && board.Records >= records);

    public async Task<JsonNode> GetAsync(string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await Client.GetAsync(new Uri(path, UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(expected == answer.StatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        Assert.Equal("application/json; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        return JsonNode.Parse(text)!;
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
        _metrics.Dispose();
    }
}
