using Pipeline.EndToEndTests.Stack;

namespace Pipeline.EndToEndTests.Load;

/// <summary>
/// Clients that no gateway wishes for, from another address of this machine than the good ones: one that subscribes to everything and reads
/// nothing, one that subscribes ten thousand times, one that sends garbage, one that sends a frame of a kind that there is not, and two hundred
/// that connect and vanish.
/// </summary>
internal sealed class Neighbours : IAsyncDisposable
{
    private const string Address = "127.0.0.2";

    // The less the kernel takes in for it, the sooner the gateway notices.
    private const int DeafBuffer = 4096;

    private readonly int _port;
    private readonly SwarmClient _deaf;
    private Task<string?>[] _others = [];

    private Neighbours(int port, SwarmClient deaf) => (_port, _deaf) = (port, deaf);

    /// <summary>The one that reads nothing is there, and has asked for everything; the others come with <see cref="Begin"/>.</summary>
    public static async Task<Neighbours> ArriveAsync(int port)
    {
        var deaf = await SwarmClient.ConnectAsync(port, from: Address, receiveBuffer: DeafBuffer);
        await deaf.SubscribeAsync("{}");
        return new Neighbours(port, deaf);
    }

    public void Begin() => _others = [SubscribeAsync(), SendGarbageAsync(), SendNoFrameAsync(), VanishAsync()];

    /// <summary>When they have done what they do, and the one that read nothing has been sent more than it may leave lying about.</summary>
    public async Task<NeighbourCodes> CodesAsync()
    {
        _deaf.Read();
        var codes = await Task.WhenAll(_others);
        return new NeighbourCodes(await CodeAsync(_deaf), codes[0], codes[1], codes[2]);
    }

    public ValueTask DisposeAsync() => _deaf.DisposeAsync();

    private static async Task<string?> CodeAsync(SwarmClient client)
    {
        await Until.TrueAsync(() => client.Closed is not null, () => "It was not cut.");
        return client.Closed;
    }

    private async Task<string?> SubscribeAsync()
    {
        await using var client = await SwarmClient.ConnectAsync(_port, from: Address);
        client.Read();
        for (var i = 0; i < 10_000 && client.Closed is null; i++)
        {
            await client.SendTextAsync($$"""{"op":"subscribe","filters":{"symbols":["BTC-USDT"]},"filterId":"f{{i}}"}""");
        }

        return await CodeAsync(client);
    }

    private async Task<string?> SendGarbageAsync()
    {
        await using var client = await SwarmClient.ConnectAsync(_port, from: Address);
        client.Read();
        while (client.Closed is null)
        {
            await client.SendTextAsync("}{");
            await Task.Delay(1);
        }

        return await CodeAsync(client);
    }

    private async Task<string?> SendNoFrameAsync()
    {
        await using var client = await SwarmClient.ConnectAsync(_port, from: Address);
        client.Read();
        await client.SendAsync([0x83, 0x80, 0, 0, 0, 0]);
        return await CodeAsync(client);
    }

    private async Task<string?> VanishAsync()
    {
        for (var i = 0; i < 200; i++)
        {
            var client = await SwarmClient.ConnectAsync(_port, from: Address);
            client.Vanish();
        }

        return null;
    }
}
