using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Simulator;
using Pipeline.Simulator.Sockets;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Simulator;

/// <summary>A running simulator on free ports with its clock and a client of its control port.</summary>
internal sealed class Simulation : IAsyncDisposable
{
    public static readonly SimulatedSymbol Btc = new("BTC-USDT", Number.Parse("91234.56"), Number.Parse("0.01"), Number.Parse("0.00001"));

    private Simulation(SimulatorHost host, TestTimeProvider clock)
    {
        Host = host;
        Clock = clock;
        Control = new HttpClient { BaseAddress = host.ControlUri };
    }

    public SimulatorHost Host { get; }

    public TestTimeProvider Clock { get; }

    public HttpClient Control { get; }

    public static SimulatorOptions Options { get; } = new()
    {
        BinanceSpotListen = new Uri("http://127.0.0.1:0"),
        ControlListen = new Uri("http://127.0.0.1:0"),
        Symbols = [Btc],
    };

    public static async Task<Simulation> StartAsync(SimulatorOptions? options = null)
    {
        var testClock = SimulatorTime.Make();
        var host = await SimulatorHost.StartAsync(options ?? Options, testClock, NullLoggerFactory.Instance, CancellationToken.None);
        return new Simulation(host, testClock);
    }

    /// <summary>A client of the futures dialect, which the options must name.</summary>
    public Task<RawClient> ConnectFuturesAsync(string path) => ConnectAsync(Host.BinanceFuturesUri!, path);

    /// <summary>Waits until so many clients are served.</summary>
    public async Task OpenAsync(int connections)
    {
        while ((await GetAsync("/connections")).GetArrayLength() < connections
            || (await GetAsync("/connections")).EnumerateArray().Any(one => one.GetProperty("streams").GetArrayLength() == 0))
        {
            await Task.Yield();
        }
    }

    public Task<RawClient> ConnectAsync(string path = "/ws") => ConnectAsync(Host.BinanceSpotUri, path);

    /// <summary>A client of any dialect that the simulator knows of: time may be moved on at once.</summary>
    public async Task<RawClient> ConnectAsync(Uri address, string path, string extraHeaders = "")
    {
        var client = await RawClient.ConnectAsync(address, path, extraHeaders);
        await SettleAsync(Host.Connections);
        return client;
    }

    /// <summary>
    /// Waits until every handshake that was answered has its session: one that has none yet does not see the clock, and what a test lets
    /// happen by moving it on would pass the client by.
    /// </summary>
    public static async Task SettleAsync(ConnectionTable connections)
    {
        using var limit = new CancellationTokenSource(RealTime.Bound);
        while (!connections.IsSettled)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public async Task<JsonElement> GetAsync(string path) => await Control.GetFromJsonAsync<JsonElement>(path);

    public async Task<JsonElement> PostAsync(string path, byte[]? body = null)
    {
        using var content = new ByteArrayContent(body ?? []);
        using var answer = await Control.PostAsync(path, content);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>A client of a venue's REST interface.</summary>
    public static HttpClient RestOf(Uri venue) => new() { BaseAddress = new UriBuilder(venue) { Scheme = "http" }.Uri };

    /// <summary>Switches a fault on; its handle.</summary>
    public async Task<int> FaultAsync(string json)
    {
        var answer = await PostAsync("/faults", System.Text.Encoding.UTF8.GetBytes(json));
        return answer.TryGetProperty("handle", out var handle) ? handle.GetInt32() : throw new InvalidOperationException(answer.ToString());
    }

    /// <summary>Waits until the control port shows what is wanted: the server works on threads of its own.</summary>
    public async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> isThere)
    {
        using var limit = new CancellationTokenSource(RealTime.Bound);
        while (!limit.IsCancellationRequested)
        {
            var answer = await GetAsync(path);
            if (isThere(answer))
            {
                return answer;
            }

            await Task.Yield();
        }

        throw new TimeoutException($"{path} never showed it: {await GetAsync(path)}");
    }

    public async ValueTask DisposeAsync()
    {
        Control.Dispose();
        await Host.DisposeAsync();
    }
}
