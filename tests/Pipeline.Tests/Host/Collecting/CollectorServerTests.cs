using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Pipeline.Host.Collecting;

namespace Pipeline.Tests.Host.Collecting;

public sealed class CollectorServerTests : IDisposable
{
    private const string ServerVariable = "Kestrel__Endpoints__Other__Url";

    private static readonly CollectorStatistics Statistics = new(1.5, 42, [], [], [new CollectorStatistics.Queue("entrance", 3, 100)]);

    private readonly HttpClient _client = new();
    private string? _reason;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Server_AnswersAllThree()
    {
        var listen = new Uri($"http://127.0.0.1:{FreePort()}");
        await using var server = await StartAsync(listen);

        Assert.Equal("ok\n", await _client.GetStringAsync(new Uri(listen, "/livez")));
        Assert.Equal("ok\n", await _client.GetStringAsync(new Uri(listen, "/readyz")));
        var read = (await _client.GetFromJsonAsync<CollectorStatistics>(new Uri(listen, "/statistics")))!;
        Assert.Equal((1.5, 42, Statistics.Queues[0]), (read.UptimeSeconds, read.MarketTime, Assert.Single(read.Queues)));
    }

    [Fact]
    public async Task NotReady_SaysWhatItWaitsFor_AndLives()
    {
        _reason = "binance-1: not connected";
        var listen = new Uri($"http://127.0.0.1:{FreePort()}");
        await using var server = await StartAsync(listen);

        using var answer = await _client.GetAsync(new Uri(listen, "/readyz"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(_reason + "\n", await answer.Content.ReadAsStringAsync());
        Assert.Equal("ok\n", await _client.GetStringAsync(new Uri(listen, "/livez")));
    }

    [Fact]
    public async Task Listen_IsNotOverriddenByTheServersOwnVariables()
    {
        var (wanted, other) = (FreePort(), FreePort());
        Environment.SetEnvironmentVariable(ServerVariable, $"http://127.0.0.1:{other}");
        try
        {
            var listen = new Uri($"http://127.0.0.1:{wanted}");
            await using var server = await StartAsync(listen);

            Assert.Equal("ok\n", await _client.GetStringAsync(new Uri(listen, "/livez")));
            await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetStringAsync(new Uri($"http://127.0.0.1:{other}/livez")));
        }
        finally
        {
            Environment.SetEnvironmentVariable(ServerVariable, null);
        }
    }

    [Fact]
    public async Task Listen_AddressTaken_NamesTheKey()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();

        var fault = await Assert.ThrowsAsync<IOException>(() => StartAsync(new Uri($"http://{holder.LocalEndpoint}")));

        Assert.Contains("collector.listen", fault.Message, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task<CollectorServer> StartAsync(Uri listen) =>
        CollectorServer.StartAsync(listen, () => _reason, () => Statistics, CancellationToken.None);
}
