namespace Pipeline.Tests.Simulator;

public sealed class SimulatorVenuesTests
{
    [Fact]
    public async Task Host_WithAllVenues_ServesEachItsOwnMarkets()
    {
        var anyPort = new Uri("http://127.0.0.1:0");
        await using var simulation = await Simulation.StartAsync(
            Simulation.Options with { OkxListen = anyPort, BybitListen = anyPort, SolanaListen = anyPort });
        await using var okx = await simulation.ConnectAsync(simulation.Host.OkxUri!, "/ws/v5/public");
        await using var bybit = await simulation.ConnectAsync(simulation.Host.BybitUri!, "/v5/public/spot");

        Assert.Equal("pong", await okx.AskAsync("ping"));
        Assert.Contains("\"pong\"", await bybit.AskAsync("""{"op":"ping"}"""), StringComparison.Ordinal);
        simulation.Clock.Advance(TimeSpan.FromSeconds(2));
        var markets = (await simulation.GetAsync("/truth/summary")).GetProperty("symbols").EnumerateArray().ToList();
        Assert.Equal(["binance", "okx", "okx", "bybit", "solana"], markets.Select(market => market.Text("venue")));
        Assert.All(markets, market => Assert.Equal("BTC-USDT", market.Text("instrument")));
        Assert.Equal(5, markets.Select(market => market.Whole("lastId")).Distinct().Count());
    }

    [Fact]
    public async Task Host_WithoutAnAddress_DoesNotServeTheVenue()
    {
        await using var simulation = await Simulation.StartAsync();

        Assert.Equal((null, null, null), (simulation.Host.OkxUri, simulation.Host.BybitUri, simulation.Host.SolanaUri));
    }
}
