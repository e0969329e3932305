using static Pipeline.Tests.Simulator.OkxTesting;

namespace Pipeline.Tests.Simulator;

public sealed class OkxSlowClientTests
{
    [Fact]
    public async Task Client_ThatStopsReading_IsCutForTheVenuesReason()
    {
        await using var simulation = await StartAsync(VenueSimulation.Options with { MaxUnsentBytes = 1_000_000 });
        await using var client = await simulation.ConnectAsync();
        await client.SubscribeAsync(Arg("books"), Arg("books5"), Arg("bbo-tbt"), Arg("trades"));
        using var patience = new CancellationTokenSource(RealTime.Bound);
        while (simulation.Connections.Ends.Count == 0 && !patience.IsCancellationRequested)
        {
            simulation.Advance(10);
            await Task.Yield();
        }

        Assert.Equal("4005 Buffer is full, cannot write data", Assert.Single(simulation.Connections.Ends).Key);
    }
}
