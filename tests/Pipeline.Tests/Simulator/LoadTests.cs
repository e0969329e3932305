namespace Pipeline.Tests.Simulator;

/// <summary>Load mode: what it makes depends on the client alone, and it looks whether there is room by its clock.</summary>
public sealed class LoadTests
{
    [Fact]
    public async Task Load_SendsAsMuchAsIsTaken_AndNoMore()
    {
        await using var simulation = await Simulation.StartAsync(Simulation.Options with { Load = true });
        await using var client = await simulation.ConnectAsync("/ws/btcusdt@trade/btcusdt@bookTicker");
        using var limit = new CancellationTokenSource(RealTime.Bound);
        for (var i = 0; i < 20_000; i++)
        {
            if (i % 1_000 == 0)
            {
                await LookAsync(simulation);
            }

            await client.ReadFrameAsync().WaitAsync(limit.Token);
        }

        // Nobody reads any more: it fills what an outbox may hold for a client that is behind, and waits. That it waits is seen when it looks
        // and makes nothing; the system may take something out of the outbox yet, for which it then makes more.
        var before = -1L;
        while (simulation.Host.Totals is var totals && (totals.Trades != before || totals.UnsentBytes < 1_000_000))
        {
            limit.Token.ThrowIfCancellationRequested();
            before = totals.Trades;
            await LookAsync(simulation);
        }

        Assert.InRange(simulation.Host.Totals.UnsentBytes, 1_000_000, 4_000_000);
        Assert.Equal("load", simulation.Host.Totals.Mode);
        Assert.Equal(1, simulation.Host.Totals.ConnectionsOpen);
    }

    [Fact]
    public async Task Load_WithoutSubscriptions_KeepsToTheRates()
    {
        await using var usual = await Simulation.StartAsync();
        await using var simulation = await Simulation.StartAsync(Simulation.Options with { Load = true });
        await using var client = await simulation.ConnectAsync();
        usual.Clock.Advance(TimeSpan.FromSeconds(10));
        simulation.Clock.Advance(TimeSpan.FromSeconds(10));

        // As many as without load mode, at the same time. Where it was just looking when time moved on, it sees that when it looks again.
        using var limit = new CancellationTokenSource(RealTime.Bound);
        do
        {
            limit.Token.ThrowIfCancellationRequested();
            await LookAsync(usual);
            await LookAsync(simulation);
        }
        while (simulation.Host.Totals.Trades != usual.Host.Totals.Trades);

        Assert.InRange(simulation.Host.Totals.Trades, 20, 500);
    }

    /// <summary>A millisecond passes, after which it looks. On a thread of the pool, where it does so before this returns.</summary>
    private static Task LookAsync(Simulation simulation) => Task.Run(() => simulation.Clock.Advance(TimeSpan.FromMilliseconds(1)));
}
