using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Simulator;

namespace Pipeline.Tests.Simulator;

/// <summary>Load mode, on the machine's clock: what it makes depends on the client alone.</summary>
public sealed class LoadTests
{
    [Fact]
    public async Task Load_SendsAsMuchAsIsTaken_AndNoMore()
    {
        var options = Simulation.Options with { Load = true };
        await using var host = await SimulatorHost.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        await using var client = await RawClient.ConnectAsync(host.BinanceSpotUri, "/ws/btcusdt@trade/btcusdt@bookTicker");
        for (var i = 0; i < 20_000; i++)
        {
            await client.ReadFrameAsync();
        }

        // Nobody reads any more: it fills what an outbox may hold for a client that is behind, and waits.
        var before = -1L;
        while (host.Totals.UnsentBytes is var unsent && (unsent < 1_000_000 || unsent != before))
        {
            before = unsent;
            await Task.Delay(50);
        }

        Assert.InRange(before, 1_000_000, 8_000_000);
        Assert.Equal("load", host.Totals.Mode);
        Assert.Equal(1, host.Totals.ConnectionsOpen);
    }

    [Fact]
    public async Task Load_WithoutSubscriptions_KeepsToTheRates()
    {
        await using var simulation = await Simulation.StartAsync(Simulation.Options with { Load = true });
        await using var client = await simulation.ConnectAsync();
        await simulation.UntilAsync("/connections", open => open.GetArrayLength() == 1);
        simulation.Clock.Advance(TimeSpan.FromSeconds(10));

        await simulation.UntilAsync("/status", status => status.GetProperty("totals").GetProperty("trades").GetInt64() is > 20 and < 500);
    }
}
