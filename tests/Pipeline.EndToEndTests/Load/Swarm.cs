using Pipeline.EndToEndTests.Stack;
using Pipeline.TestKit.Gateway;

namespace Pipeline.EndToEndTests.Load;

/// <summary>Many clients that want the same.</summary>
internal sealed class Swarm : IAsyncDisposable
{
    private readonly List<SwarmClient> _clients = [];

    public IReadOnlyList<SwarmClient> Clients => _clients;

    /// <summary>Of live data, from its being handed to the Kafka client to its arrival.</summary>
    public LatencyRecorder Latencies { get; private init; } = new();

    /// <param name="atOnce">Handshakes under way at a time.</param>
    public static async Task<Swarm> ConnectAsync(int port, int count, string filters, int atOnce = 8)
    {
        var swarm = new Swarm();
        using var places = new SemaphoreSlim(atOnce);
        var connecting = Enumerable.Range(0, count).Select(async _ =>
        {
            await places.WaitAsync();
            try
            {
                return await SwarmClient.ConnectAsync(port, swarm.Latencies);
            }
            finally
            {
                places.Release();
            }
        });
        swarm._clients.AddRange(await Task.WhenAll(connecting));
        foreach (var client in swarm._clients)
        {
            client.Read();
            await client.SubscribeAsync(filters);
        }

        await Until.TrueAsync(() => swarm._clients.TrueForAll(one => one.IsSubscribed), () => $"{swarm._clients.Count(one => !one.IsSubscribed)} not subscribed");
        return swarm;
    }

    /// <summary>Waits until each has so many live messages.</summary>
    public Task UntilAllHaveAsync(int messages) => Until.TrueAsync(
        () => _clients.TrueForAll(one => one.Count >= messages || one.Closed is not null),
        () => $"fewest {_clients.Min(one => one.Count)}, most {_clients.Max(one => one.Count)} of {messages}");

    /// <summary>Nobody was cut, and nobody missed anything or got it twice.</summary>
    public void AssertWhole(int messages)
    {
        Assert.All(_clients, one => Assert.Null(one.Closed));
        Assert.All(_clients, one => Assert.Equal((messages, 0), (one.Count, one.Breaks)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }
    }
}
