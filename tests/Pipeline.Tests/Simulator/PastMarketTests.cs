using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Simulator.World;

namespace Pipeline.Tests.Simulator;

public sealed class PastMarketTests
{
    // 2026-11-18T09:17:23.5Z, a Wednesday.
    private const long Start = 1_794_993_443_500_000;

    private static readonly SymbolSpec Spec = SymbolSpec.From(
        0, SimulatedVenue.BinanceSpot, new ListedSymbol("BTCUSDT", false),
        new SimulatedSymbol("BTC-USDT", Number.Parse("91234.56"), Number.Parse("0.01"), Number.Parse("0.00001")));

    [Theory]
    [InlineData("1m", "1s")]
    [InlineData("15m", "1m")]
    [InlineData("1h", "1m")]
    [InlineData("1d", "1h")]
    [InlineData("1w", "1d")]
    public void Read_BarsOfBeforeTheStart_AddUpToTheLongerOnes(string longer, string shorter)
    {
        var board = new KlineBoard(Start, Spec.Price, new PastMarket(7, Spec, Start));
        var wholes = board.Read(KlineKey.Find(longer), 0, Start, 5, newest: true);
        Assert.Equal(5, wholes.Count);
        foreach (var whole in wholes.SkipLast(1))
        {
            var parts = board.Read(KlineKey.Find(shorter), whole.OpenTime, whole.EndTime - 1, 1_500, newest: false);
            var sum = parts[0];
            parts.Skip(1).ToList().ForEach(part => sum.Append(part));
            Assert.Equal((whole.Open, whole.High, whole.Low, whole.Close, whole.Trades), (sum.Open, sum.High, sum.Low, sum.Close, sum.Trades));
            Assert.Equal((whole.Volume, whole.QuoteVolume, whole.TakerBuyVolume), (sum.Volume, sum.QuoteVolume, sum.TakerBuyVolume));
            Assert.Equal(whole.EndTime, parts[^1].EndTime);
        }
    }

    [Fact]
    public void Read_NewestAndOldestFirst_TellTheSame()
    {
        var board = new KlineBoard(Start, Spec.Price, new PastMarket(7, Spec, Start));
        var minutes = KlineKey.Find("1m");
        var newest = board.Read(minutes, 0, Start, 500, newest: true);
        var oldest = board.Read(minutes, newest[0].OpenTime, Start, 500, newest: false);
        Assert.Equal(newest.Select(bar => (bar.OpenTime, bar.Close, bar.Volume)), oldest.Select(bar => (bar.OpenTime, bar.Close, bar.Volume)));
        Assert.Equal(500, newest.Count);
        Assert.True(newest.Select(bar => bar.Close).Distinct().Count() > 100, "the price stood still");
        Assert.Empty(new KlineBoard(Start, Spec.Price).Read(minutes, 0, Start - 60_000_000, 500, newest: true));
    }
}
