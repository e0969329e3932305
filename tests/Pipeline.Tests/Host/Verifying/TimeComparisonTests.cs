using Pipeline.Core.Market;
using Pipeline.Host.Verifying;
using Pipeline.Kafka.Verification;

namespace Pipeline.Tests.Host.Verifying;

/// <summary>A venue that made a trade each 10 ms, a hundred of them, under ids that tell nothing.</summary>
public sealed class TimeComparisonTests
{
    private const long Start = 1_794_900_000_000_000;

    private readonly List<(FindingKind Kind, string What)> _found = [];
    private readonly List<TruthTrade> _made = [.. Enumerable.Range(0, 100).Select(Made)];
    private long _oldest = long.MinValue;
    private Func<long> _newest = () => long.MaxValue;

    [Fact]
    public async Task Trades_OfTheWholeTime_AreProvenWhateverTheirOrder()
    {
        var comparison = Begin();

        // Piece by piece; one comes late, and one lies in the very millisecond in which a piece ended.
        _made.Insert(40, Made(39) with { Id = 7, Price = new Number(5, 0) });
        await comparison.CompareAsync([.. Rows(10, 39).Where(row => row.Id != IdOf(20))], CancellationToken.None);
        var same = Row(39) with { Id = 7, FirstId = 7, Price = new Number(5, 0) };
        Assert.Equal(32, await comparison.CompareAsync([same, .. Rows(40, 69), Row(20)], CancellationToken.None));
        Assert.Equal(20, await comparison.CompareAsync(Rows(70, 89), CancellationToken.None));
        Assert.True(comparison.Finish(Trades(10, 89)));
        Assert.Empty(_found);
    }

    [Fact]
    public async Task Trades_MissingOrInventedOrOther_AreNamed()
    {
        var comparison = Begin();
        var rows = Rows(10, 89);
        rows.RemoveAll(row => row.Id == IdOf(30) || row.Id == IdOf(50));
        rows[5] = rows[5] with { Price = new Number(9, 0) };
        rows[6] = rows[6] with { Id = 5, FirstId = 5, Price = new Number(8, 0) };
        await comparison.CompareAsync(rows, CancellationToken.None);
        Assert.True(comparison.Finish(Trades(10, 89, (Start + 495_000, Start + 505_000))));

        // The invented one stands where another is missing; the one of a time that was given up is excused.
        Assert.Equal(
            [FindingKind.DiffersFromVenue, FindingKind.Invented, FindingKind.LostToVenue, FindingKind.LostToVenue], _found.Select(one => one.Kind));
        Assert.Contains($"trade {IdOf(16)} ", _found[2].What, StringComparison.Ordinal);
        Assert.Contains($"trade {IdOf(30)} ", _found[3].What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trades_UnderAnotherSpellingOfTheirIds_AreFoundByWhatTheySay()
    {
        var comparison = Begin();
        await comparison.CompareAsync([.. Rows(10, 89).Select(row => row with { Id = row.Id + 1_000_000, FirstId = row.Id + 1_000_000 })], CancellationToken.None);
        Assert.True(comparison.Finish(Trades(10, 89)));
        Assert.Empty(_found);
    }

    [Theory]
    [InlineData(50, 99, FindingKind.VenueForgot)]
    [InlineData(0, 60, FindingKind.VenueBehind)]
    public async Task Trades_OfWhichTheVenueTellsAPart_AreNotProvenAndNotInvented(int oldest, int newest, object kind)
    {
        _made.RemoveAll(trade => trade.Time < TimeOf(oldest) || trade.Time > TimeOf(newest));
        (_oldest, _newest) = (TimeOf(oldest), () => TimeOf(newest));
        var comparison = Begin();
        var compared = await comparison.CompareAsync(Rows(10, 89), CancellationToken.None);
        Assert.Equal(oldest > 0 ? 40 : 51, compared);
        Assert.False(comparison.Finish(Trades(10, 89)));
        Assert.Equal(new[] { FindingKind.VenueForgot, (FindingKind)kind }.Distinct(), _found.Select(one => one.Kind).Distinct().Order());
        Assert.Contains("whether others are missing was not found out", _found[^1].What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trades_OfWhichTheVenueTellsNothing_AreNotProven()
    {
        var comparison = new TimeComparison((_, _, _) => Task.FromResult(TruthTrades.Nothing), new Number(1, 0), (kind, what) => _found.Add((kind, what)));
        Assert.Equal(0, await comparison.CompareAsync(Rows(10, 19), CancellationToken.None));
        Assert.False(comparison.Finish(Trades(10, 19)));
        Assert.Equal(11, _found.Count(one => one.Kind == FindingKind.VenueForgot));
    }

    [Fact]
    public async Task Trades_WithAHoleBetweenWhatWasTold_AreNotProven()
    {
        // Each time only the newest page: the second begins behind the end of the first.
        var comparison = Begin();
        await comparison.CompareAsync(Rows(10, 39), CancellationToken.None);
        _oldest = TimeOf(45);
        await comparison.CompareAsync(Rows(45, 89), CancellationToken.None);
        Assert.False(comparison.Finish(Trades(10, 89)));
    }

    private static long IdOf(int number) => 1_000 + (number * 7919 % 104_729);

    private static long TimeOf(int number) => Start + (number * 10_000L);

    private static TruthTrade Made(int number) =>
        new(IdOf(number), IdOf(number), new Number(100 + number, 0), new Number(1, 0), AggressorSide.Buy, TimeOf(number), IsMarket: true);

    private static TradeRow Row(int number) =>
        new(IdOf(number), IdOf(number), new Number(100 + number, 0), new Number(1, 0), AggressorSide.Buy, -1, TimeOf(number), TradeSource.Live);

    private static List<TradeRow> Rows(int first, int last) => [.. Enumerable.Range(first, last - first + 1).Select(Row)];

    private static UnorderedTrades Trades(int first, int last, params (long, long)[] excused) => new("bybit:BTC-USDT", TimeOf(first), TimeOf(last), excused);

    private TimeComparison Begin() => new(
        (from, to, _) => Task.FromResult(new TruthTrades(_oldest, _newest(), [.. _made.Where(trade => trade.Time >= from && trade.Time <= to)])),
        new Number(1, 0),
        (kind, what) => _found.Add((kind, what)));
}
