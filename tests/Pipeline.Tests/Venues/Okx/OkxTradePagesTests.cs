using System.Text.RegularExpressions;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Okx;

namespace Pipeline.Tests.Venues.Okx;

/// <summary>A venue that pages backwards, made to page forward.</summary>
public sealed partial class OkxTradePagesTests
{
    private readonly SymbolTable _symbols = new();
    private readonly List<string> _asked = [];
    private SortedSet<long> _known = [];
    private int[] _withoutRows = [];

    public OkxTradePagesTests() => _symbols.Add(new Instrument(0, "okx", "BTC-USDT", "BTC-USDT"));

    [Fact]
    public async Task From_IdsAreThere_OneRequestBringsThem()
    {
        _known = [.. Enumerable.Range(1, 1_000).Select(id => (long)id)];
        Assert.Equal(Enumerable.Range(500, 100).Select(id => (long)id), await FromAsync(500));
        Assert.Equal("/api/v5/market/history-trades?instId=BTC-USDT&type=1&after=600&limit=100", Assert.Single(_asked));
    }

    [Theory]
    [InlineData(1, 200)]
    [InlineData(150, 200)]
    [InlineData(150, 5_000)]
    [InlineData(100_000, 3)]
    [InlineData(1_000_000, 100_000)]
    public async Task From_NoneFarAndWide_TheLowestAboveAreFound(int hole, int above)
    {
        _known = [.. Enumerable.Range(1, 100).Concat(Enumerable.Range(101 + hole, above)).Select(id => (long)id)];
        var rows = await FromAsync(101);
        Assert.InRange(rows.Count, 1, 100);
        Assert.Equal(Enumerable.Range(101 + hole, rows.Count).Select(id => (long)id), rows);
        Assert.InRange(_asked.Count, 1, 20);
    }

    [Fact]
    public async Task From_AScatteredSeries_NothingIsLeftOut()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            _known = [.. Enumerable.Range(0, 400).Select(_ => random.NextInt64(1, 1L << random.Next(6, 24)))];
            var from = random.NextInt64(1, 1 << 20);
            var rows = await FromAsync(from);
            Assert.Equal(_known.Where(id => id >= from).Take(rows.Count), rows);
            if (_known.Min < from)
            {
                Assert.Equal(_known.Max >= from, rows.Count > 0);
            }
        }
    }

    [Fact]
    public async Task From_NothingYet_IsEmpty()
    {
        _known = [1, 2, 3];
        Assert.Empty(await FromAsync(4));
        Assert.Equal(2, _asked.Count);
    }

    /// <summary>A venue in trouble answers without rows, once or twice: what exists is there, or nothing is.</summary>
    [Fact]
    public async Task From_AnswersWithoutRows_ProveNothing()
    {
        _known = [.. Enumerable.Range(1, 949).Select(id => (long)id)];
        for (var from = 700; from < 949; from++)
        {
            for (var first = 1; first < 6; first++)
            {
                for (var second = first; second < 6; second++)
                {
                    _asked.Clear();
                    _withoutRows = [first, second];
                    var rows = await FromAsync(from);
                    Assert.True(rows.Count == 0 || rows[0] == from, $"{from} is left out before {rows.FirstOrDefault()}");
                }
            }
        }
    }

    /// <summary>Nothing below is known to the venue: whether something was between cannot be told.</summary>
    [Fact]
    public async Task From_BelowAllThatItHas_IsEmpty()
    {
        _known = [.. Enumerable.Range(500, 50).Select(id => (long)id)];
        Assert.Empty(await FromAsync(450));
        Assert.Empty(await FromAsync(100));
        Assert.Equal(500, (await FromAsync(500))[0]);
    }

    private async Task<List<long>> FromAsync(long from)
    {
        var source = new FeedSource("okx", "okx-rest", null, _symbols, 1_000);
        return [.. (await new OkxTradePages("BTC-USDT", 100, source, Answer).FromAsync(from)).Select(trade => trade.Id)];
    }

    private Task<ValueList<VenueTrade>> Answer(string path)
    {
        _asked.Add(path);
        var after = After().Match(path) is { Success: true } match ? long.Parse(match.Groups[1].Value, null) : long.MaxValue;
        var rows = new ValueList<VenueTrade>();
        foreach (var id in _withoutRows.Contains(_asked.Count) ? [] : _known.Reverse().Where(id => id < after).Take(100))
        {
            rows.Add(new VenueTrade(0, id, id, new Number(1, 0), new Number(1, 0), AggressorSide.Buy, 1, TradeKind.Market, id));
        }

        return Task.FromResult(rows);
    }

    [GeneratedRegex("after=([0-9]+)")]
    private static partial Regex After();
}
