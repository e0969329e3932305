using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Simulator.Binance;
using Pipeline.Simulator.World;

namespace Pipeline.Tests.Simulator;

public sealed class BinanceDepthLagTests
{
    [Fact]
    public void DepthLag_OfFiveSeconds_ServesTheBookOfThen()
    {
        var clock = new SimulatorTestClock();
        var dialect = new BinanceSpotDialect(Simulation.Options, clock, recording: null, NullLogger.Instance);
        using var world = new MarketWorld(Simulation.Options, clock, [dialect.Listing]);
        dialect.Open(world);
        world.Start();
        clock.Advance(TimeSpan.FromSeconds(10));
        var market = dialect.Rest.Find("BTCUSDT")!;
        var then = dialect.Rest.ReadBook(market, 100, atInterval: true);
        clock.Advance(TimeSpan.FromSeconds(5));

        dialect.Rest.DepthLag = TimeSpan.FromSeconds(5);
        Assert.Equivalent(then, dialect.Rest.ReadBook(market, 100, atInterval: false));
        dialect.Rest.DepthLag = TimeSpan.Zero;
        Assert.True(dialect.Rest.ReadBook(market, 100, atInterval: false).UpdateId > then.UpdateId);
    }
}
