using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Verifying;
using Pipeline.Kafka.Verification;
using Pipeline.TestKit.Time;
using Pipeline.Tests.Feeds.Repair;

namespace Pipeline.Tests.Host.Verifying;

/// <summary>Against a venue that pages as Binance does, a thousand rows at a time.</summary>
public sealed class RestTruthTests
{
    private readonly FakeTradeRest _rest = new(new TestTimeProvider());

    [Fact]
    public async Task Range_IsPagedThrough()
    {
        using var truth = new RestTruth(_rest, "aggTrade");
        var (oldest, trades) = await ReadAsync(truth, 500, 3_499);
        Assert.Equal((500L, 3_000, 3_499L), (oldest, trades.Count, trades[^1].Id));
        Assert.Equal([500L, 1_500, 2_500], _rest.Asked.Select(one => one.FromId!.Value));
    }

    [Fact]
    public async Task Range_TheVenueServesNoMore_IsNotTold()
    {
        _rest.Exists = id => id >= 800;
        _rest.Known = () => 2_000;
        using var truth = new RestTruth(_rest, "aggTrade");
        Assert.Equal(800, (await ReadAsync(truth, 500, 900)).OldestId);
        Assert.Equal(long.MaxValue, (await ReadAsync(truth, 2_001, 2_100)).OldestId);
        Assert.Empty(truth.Failures);
    }

    [Fact]
    public async Task Comparison_InventedMissingAndForgotten_AreToldApart()
    {
        _rest.Exists = id => id >= 800 && id != 850;
        using var truth = new RestTruth(_rest, "aggTrade");
        var findings = new FindingLog();
        var topology = new TopologyFile();
        var comparison = new VenueComparison(truth, new RuleBook(topology), findings, "md.trades");
        foreach (var id in new long[] { 790, 800, 850, 851 })
        {
            comparison.Add(
                "binance:BTC-USDT",
                new TradeRow(id, id, new Number(1, 0), new Number(1, 0), AggressorSide.Buy, -1, id * 1000, TradeSource.Live));
        }

        await comparison.FlushAsync(CancellationToken.None);
        await comparison.CompareMissingAsync("binance:BTC-USDT", new IdRange(860, 861), CancellationToken.None);
        Assert.Equal(3, comparison.Compared);
        Assert.Equal(
            (1L, 1L, 2L, 0L),
            (findings.CountOf(FindingKind.VenueForgot), findings.CountOf(FindingKind.Invented), findings.CountOf(FindingKind.LostToVenue),
                findings.CountOf(FindingKind.DiffersFromVenue)));
    }

    private static Task<(long OldestId, List<TruthTrade> Trades)> ReadAsync(RestTruth truth, long first, long last) =>
        truth.ReadAsync("binance:BTC-USDT", "BTCUSDT", true, new IdRange(first, last), CancellationToken.None);
}
