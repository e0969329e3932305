namespace Pipeline.Tests.Simulator;

public sealed class SlowClientTests
{
    private static readonly string[] Everything = ["btcusdt@trade", "btcusdt@aggTrade", "btcusdt@bookTicker", "btcusdt@depth@100ms"];

    [Fact]
    public async Task Client_ThatStopsReading_PilesUpAloneUntilItIsCut()
    {
        var options = Simulation.Options with { TradesPerSecond = 2000, QuotesPerSecond = 2000, MaxUnsentBytes = 30_000_000 };
        await using var simulation = await Simulation.StartAsync(options);
        await using var slow = await simulation.ConnectAsync("/stream");
        await using var fast = await simulation.ConnectAsync("/stream");
        await slow.SubscribeAsync(Everything);
        await fast.SubscribeAsync(Everything);
        long unsent = 0;
        for (var i = 0; i < 5; i++)
        {
            simulation.Clock.Advance(TimeSpan.FromSeconds(2));
            await ReadUntilIdleAsync(simulation, fast);
            var now = (await simulation.GetAsync("/connections"))[0].GetProperty("unsentBytes").GetInt64();
            Assert.True(now > unsent, $"{now} unsent after {unsent}");
            unsent = now;
        }

        simulation.Clock.Advance(TimeSpan.FromSeconds(20));
        while (simulation.Host.Totals.ConnectionsOpen > 0)
        {
            await ReadSomeAsync(fast);
            if (simulation.Host.Totals.Ends.ContainsKey("unsent bytes"))
            {
                return;
            }
        }

        Assert.Fail("nobody was cut");
    }

    private static async Task ReadUntilIdleAsync(Simulation simulation, RawClient client)
    {
        while ((await simulation.GetAsync("/connections"))[1].GetProperty("unsentBytes").GetInt64() > 0)
        {
            await ReadSomeAsync(client);
        }
    }

    private static async Task ReadSomeAsync(RawClient client)
    {
        while (client.Socket.Available > 0)
        {
            await client.ReadFrameAsync();
        }

        await Task.Yield();
    }
}
