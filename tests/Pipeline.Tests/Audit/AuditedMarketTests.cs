using Pipeline.Core.Audit;
using Pipeline.Core.Market;
using Pipeline.Simulator.World;
using Xunit.Abstractions;

namespace Pipeline.Tests.Audit;

/// <summary>The exchange lies about five candles, takes back two, and keeps three trades to itself: exactly that is found.</summary>
public sealed class AuditedMarketTests(ITestOutputHelper output)
{
    private static readonly string[] Fields = ["close", "volume", "trades", "high", "takerBuyVolume"];

    [Fact]
    public async Task Audit_FiveFalseTwoCorrectedThreeWithheld_NamesExactlyThese()
    {
        await using var market = await AuditedMarket.StartAsync();
        await market.PassAsync(5);
        foreach (var field in Fields)
        {
            await market.Simulation.FaultAsync(
                $$$"""{"id":"F70","symbol":"BTCUSDT","parameters":{"interval":"1s","field":"{{{field}}}"}}""");
        }

        await market.UntilAsync(() => FalseBars(market).Count == 5);
        await market.PassAsync(8);
        await market.Simulation.FaultAsync("""{"id":"F71","symbol":"BTCUSDT","count":2}""");
        await market.UntilAsync(() => FalseBars(market).Count(bar => bar.IsCorrected) == 2);
        for (var withheld = 1; withheld <= 3; withheld++)
        {
            await market.Simulation.FaultAsync("""{"id":"F72","symbol":"BTCUSDT"}""");
            await market.UntilAsync(() => Withheld(market).Count == withheld);
            await market.PassAsync(2);
        }

        await market.PassAsync(12);
        var bars = FalseBars(market);
        var expected = bars.ToDictionary(bar => bar.Right.OpenTime, bar => bar.IsCorrected
            ? $"venue-corrected agrees: {bar.Field}"
            : $"venue-differs: {bar.Field}");
        var silent = Withheld(market).Select(trade => trade.Time / AuditWorld.Second * AuditWorld.Second).ToList();
        Assert.Equal(3, silent.Distinct().Count());
        var found = market.Read(() => market.Found.ToDictionary());
        foreach (var (_, finding) in found)
        {
            output.WriteLine($"{finding.Instrument.Key} {finding.Interval} {finding.OpenTime} {AuditWorld.Text(finding)}");
        }

        Assert.Equal(expected.Keys.Concat(silent).Order(), found.Keys.Order());
        Assert.All(expected, one => Assert.Equal(one.Value, Brief(found[one.Key])));
        Assert.All(silent, open =>
        {
            var finding = found[open];
            Assert.Equal((AuditCause.Withheld, false), (finding.Cause, finding.Agrees));
            var trades = Assert.Single(finding.Differences, one => one.Field == AuditField.Trades);
            Assert.Equal(1, long.Parse(trades.Venue, null) - long.Parse(trades.Ours!, null));
            Assert.Contains(finding.Differences, one => one.Field == AuditField.Volume);
            Assert.Contains(finding.Differences, one => one.Field == AuditField.QuoteVolume);
        });

        var summary = market.Read(() => (market.Summary.Checked, market.Summary.Equal, Differ: market.Summary.Differing.Values.Sum()));
        output.WriteLine($"{summary.Checked} candles checked, {summary.Differ} differ");
        Assert.Equal(6, summary.Differ);
        Assert.Equal(summary.Checked - 8, summary.Equal);
        Assert.True(summary.Checked > 30);

        // The audit of the graph saw the same candles, and of the false ones it says the same.
        Assert.All(expected, one => Assert.Equal(one.Value, Brief(market.InGraph[one.Key])));
        Assert.All(silent, open => Assert.False(market.InGraph[open].Agrees));
    }

    private static string Brief(AuditFinding finding) =>
        $"{AuditNames.Of(finding.Cause)}{(finding.Agrees ? " agrees" : "")}: {string.Join(", ", finding.Differences.Select(one => AuditNames.Of(one.Field)))}";

    private static IReadOnlyList<FalseBar> FalseBars(AuditedMarket market) => market.Simulation.Host.World!.Read(() => market.Engine.Klines.FalseBars);

    private static IReadOnlyList<EngineTrade> Withheld(AuditedMarket market) => market.Simulation.Host.World!.Read(() => market.Engine.Truth.Withheld);
}
