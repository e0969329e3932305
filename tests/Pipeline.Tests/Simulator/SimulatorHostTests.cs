using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Simulator;

namespace Pipeline.Tests.Simulator;

public sealed class SimulatorHostTests
{
    [Fact]
    public async Task Start_OnATakenPort_NamesOptionAndAddress()
    {
        await using var first = await Simulation.StartAsync();
        var taken = new Uri($"http://127.0.0.1:{first.Host.BinanceSpotUri.Port}");
        var failure = await Assert.ThrowsAsync<SimulatorStartException>(
            () => Simulation.StartAsync(Simulation.Options with { ControlListen = taken }));

        Assert.Contains("simulator.controlListen", failure.Message, StringComparison.Ordinal);
        Assert.Contains("is in use", failure.Message, StringComparison.Ordinal);
    }

    public static TheoryData<SimulatorOptions, string> BadOptions => new()
    {
        { Simulation.Options with { TradesPerSecond = -1 }, "tradesPerSecond" },
        { Simulation.Options with { QuotesPerSecond = double.NaN }, "quotesPerSecond" },
        { Simulation.Options with { MaxUnsentBytes = 10 }, "maxUnsentBytes" },
        { Simulation.Options with { Symbols = [Simulation.Btc, Simulation.Btc] }, "must not repeat" },
        { Simulation.Options with { Symbols = [Simulation.Btc with { PriceStep = Number.Parse("0.000000001") }] }, "priceStep" },
        { Simulation.Options with { Symbols = [Simulation.Btc with { Price = Number.Parse("1.005") }] }, "multiple of priceStep" },
        { Simulation.Options with { Symbols = [Simulation.Btc with { Instrument = "BTC/USDT" }] }, "letters and digits" },
        { Simulation.Options with { Load = true, Replay = new ReplayOptions { Recording = "x" } }, "load must be false" },
        { Simulation.Options with { Transcript = "/no/such/folder/file" }, "simulator.transcript: cannot write" },
        { Simulation.Options with { BinanceSpotListen = new Uri("https://127.0.0.1:9443") }, "simulator.binanceSpotListen" },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public async Task Start_WithOptionsThatCannotWork_SaysWhich(SimulatorOptions options, string expected)
    {
        var failure = await Assert.ThrowsAsync<SimulatorStartException>(() => Simulation.StartAsync(options));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_WithClients_ClosesThemWith1001()
    {
        var simulation = await Simulation.StartAsync();
        await using var client = await simulation.ConnectAsync();
        var goodbye = simulation.DisposeAsync();

        Assert.StartsWith("1001 ", await client.ReadCloseAsync(), StringComparison.Ordinal);
        await client.SendAsync(8, [0x03, 0xE9]);
        await goodbye;
        Assert.True(await client.EndsAsync());
    }
}
