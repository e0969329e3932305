using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;
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
        using var truth = new RestTruth(new VenueRests(_rest), _ => "aggTrade");
        var (oldest, newest, trades) = await ReadAsync(truth, 500, 3_499);
        Assert.Equal((500L, 3_499L, 3_000, 3_499L), (oldest, newest, trades.Count, trades[^1].Id));
        Assert.Equal([500L, 1_500, 2_500], _rest.Asked.Select(one => one.FromId!.Value));
    }

    [Fact]
    public async Task Range_TheVenueServesNoMore_IsNotTold()
    {
        _rest.Exists = id => id >= 800;
        _rest.Known = () => 2_000;
        using var truth = new RestTruth(new VenueRests(_rest), _ => "aggTrade");
        Assert.Equal(800, (await ReadAsync(truth, 500, 900)).Oldest);
        Assert.Equal(long.MaxValue, (await ReadAsync(truth, 2_001, 2_100)).Oldest);
        Assert.Empty(truth.Failures);
    }

    [Fact]
    public async Task Comparison_InventedMissingAndForgotten_AreToldApart()
    {
        _rest.Exists = id => id >= 800 && id != 850;
        var (findings, comparison) = Begin();
        Add(comparison, 790, 800, 850, 851);
        await comparison.FlushAsync(CancellationToken.None);
        await comparison.CompareMissingAsync("binance:BTC-USDT", new IdRange(860, 861), CancellationToken.None);
        Assert.Equal(3, comparison.Compared);
        AssertKinds(findings, (FindingKind.VenueForgot, 1), (FindingKind.Invented, 1), (FindingKind.LostToVenue, 2));
    }

    [Fact]
    public async Task Comparison_VenueThatLagsBehindItsStream_CannotProveTheNewest()
    {
        _rest.Known = () => 851;
        var (findings, comparison) = Begin();
        Add(comparison, 849, 850, 851, 852, 853);
        await comparison.FlushAsync(CancellationToken.None);
        Assert.Equal(3, comparison.Compared);
        AssertKinds(findings, (FindingKind.VenueBehind, 2));
        Assert.Equal(FindingSeverity.CannotProve, findings.Kept[0].Severity);
    }

    [Fact]
    public async Task Missing_ThatTheVenueHasNothingOf_IsProvenByTheTradesAroundIt()
    {
        _rest.Exists = id => id is < 860 or > 861;
        var (findings, comparison) = Begin();
        await comparison.CompareMissingAsync("binance:BTC-USDT", new IdRange(860, 861), CancellationToken.None);
        Assert.Empty(findings.Kept);
    }

    [Theory]
    [InlineData("forgotten")]
    [InlineData("behind")]
    [InlineData("failing")]
    [InlineData("not there")]
    public async Task Missing_ThatTheVenueCannotBeAskedOf_IsNotProven(string why)
    {
        _rest.Exists = id => why != "forgotten" || id > 861;
        _rest.Known = () => why == "behind" ? 859 : long.MaxValue;
        if (why == "failing")
        {
            _rest.Failures.Enqueue(new VenueRestException(VenueRestFailure.Unavailable, "gone"));
        }

        using var none = new VenueRests(new TopologyFile(), TimeProvider.System);
        var (findings, comparison) = Begin(why == "not there" ? none : null);
        await comparison.CompareMissingAsync("binance:BTC-USDT", new IdRange(860, 861), CancellationToken.None);
        AssertKinds(findings, (why == "behind" ? FindingKind.VenueBehind : FindingKind.VenueForgot, 1));
        Assert.Contains("ids 860…861 are missing", findings.Kept[0].What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Venue_ThatRefusesTheQuestion_TellsNothing()
    {
        _rest.Failures.Enqueue(new ArgumentException("binance has no trades by this source."));
        using var truth = new RestTruth(new VenueRests(_rest), _ => "aggTrade");
        Assert.Same(TruthTrades.Nothing, await ReadAsync(truth, 500, 900));
        Assert.Equal("binance: binance has no trades by this source.", Assert.Single(truth.Failures));
    }

    private (FindingLog Findings, VenueComparison Comparison) Begin(VenueRests? venues = null)
    {
        var findings = new FindingLog();
        var truth = new RestTruth(venues ?? new VenueRests(_rest), _ => "aggTrade");
        return (findings, new VenueComparison(truth, new RuleBook(new TopologyFile()), findings, "md.trades"));
    }

    private static void Add(VenueComparison comparison, params long[] ids)
    {
        foreach (var id in ids)
        {
            comparison.Add(
                "binance:BTC-USDT",
                new TradeRow(id, id, new Number(1, 0), new Number(1, 0), AggressorSide.Buy, -1, id * 1000, TradeSource.Live));
        }
    }

    private static void AssertKinds(FindingLog findings, params (FindingKind Kind, long Count)[] kinds) =>
        Assert.Equal(kinds, findings.Kept.GroupBy(one => one.Kind).Select(one => (one.Key, (long)one.Count())));

    private static Task<TruthTrades> ReadAsync(RestTruth truth, long first, long last) =>
        truth.ReadAsync("binance:BTC-USDT", "BTCUSDT", true, new IdRange(first, last), CancellationToken.None);
}
