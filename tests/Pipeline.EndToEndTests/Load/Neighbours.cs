namespace Pipeline.EndToEndTests.Load;

/// <summary>Clients that no gateway wishes for, from another address of this machine than the good ones.</summary>
internal static class Neighbours
{
    private const string Address = "127.0.0.2";

    /// <summary>
    /// One that subscribes to everything and reads nothing, one that subscribes ten thousand times, one that sends garbage, and two hundred
    /// that connect and vanish.
    /// </summary>
    /// <returns>With which codes the second and the third were cut.</returns>
    public static async Task<IReadOnlyList<string?>> TroubleAsync(int port, CancellationToken ending)
    {
        await using var deaf = await SwarmClient.ConnectAsync(port, from: Address);
        await deaf.SubscribeAsync("{}");
        var codes = await Task.WhenAll(SubscribeAsync(port, ending), SendGarbageAsync(port), VanishAsync(port));
        await Task.Delay(Timeout.InfiniteTimeSpan, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return [.. codes.OfType<string>()];
    }

    private static async Task<string?> SubscribeAsync(int port, CancellationToken ending)
    {
        await using var client = await SwarmClient.ConnectAsync(port, from: Address);
        client.Read();
        for (var i = 0; i < 10_000 && client.Closed is null && !ending.IsCancellationRequested; i++)
        {
            await client.SendTextAsync($$"""{"op":"subscribe","filters":{"symbols":["BTC-USDT"]},"filterId":"f{{i}}"}""");
        }

        // What it sends is not listened to for longer and longer; whether it is cut in this time is the gateway's affair.
        return client.Closed;
    }

    private static async Task<string?> SendGarbageAsync(int port)
    {
        await using var client = await SwarmClient.ConnectAsync(port, from: Address);
        client.Read();
        for (var i = 0; client.Closed is null; i++)
        {
            await client.SendTextAsync("}{");
            await Task.Delay(1);
        }

        return client.Closed;
    }

    private static async Task<string?> VanishAsync(int port)
    {
        for (var i = 0; i < 200; i++)
        {
            var client = await SwarmClient.ConnectAsync(port, from: Address);
            client.Vanish();
        }

        return null;
    }
}
