namespace Pipeline.Tests.Simulator;

public sealed class SlowClientTests
{
    private static readonly string[] Everything = ["btcusdt@trade", "btcusdt@aggTrade", "btcusdt@bookTicker", "btcusdt@depth@100ms"];

    [Fact]
    public async Task Client_ThatStopsReading_PilesUpAloneUntilItIsCut()
    {
        var options = Simulation.Options with { TradesPerSecond = 1000, QuotesPerSecond = 1000, MaxUnsentBytes = 16_000_000 };
        await using var simulation = await Simulation.StartAsync(options);
        await using var slow = await simulation.ConnectAsync("/stream");
        await using var fast = await simulation.ConnectAsync("/stream");
        await slow.SubscribeAsync(Everything);
        await fast.SubscribeAsync(Everything);
        var unsent = new List<long>();
        while (!simulation.Host.Totals.Ends.ContainsKey("unsent bytes"))
        {
            unsent.Add(await UnsentAsync(simulation, id: 1));
            simulation.Clock.Advance(TimeSpan.FromSeconds(2));
            await ReadUntilIdleAsync(simulation, fast);
        }

        Assert.True(unsent.Count > 5, "cut too early");
        unsent.Remove(long.MaxValue);
        Assert.Equal(unsent.Order(), unsent);
        Assert.InRange(unsent[^1], 8_000_000, 16_000_000);
        var connections = await simulation.GetAsync("/connections");
        Assert.Equal((1, 2), (connections.GetArrayLength(), connections[0].GetProperty("id").GetInt32()));
    }

    private static async Task ReadUntilIdleAsync(Simulation simulation, RawClient client)
    {
        while ((await UnsentAsync(simulation, id: 2)) > 0)
        {
            await ReadSomeAsync(client);
        }
    }

    private static async Task<long> UnsentAsync(Simulation simulation, int id) =>
        (await simulation.GetAsync("/connections")).EnumerateArray().Where(each => each.GetProperty("id").GetInt32() == id)
            .Select(each => each.GetProperty("unsentBytes").GetInt64()).SingleOrDefault(long.MaxValue);

    private static async Task ReadSomeAsync(RawClient client)
    {
        while (client.Socket.Available > 0)
        {
            await client.ReadFrameAsync();
        }

        await Task.Yield();
    }
}
