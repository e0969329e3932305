using System.Globalization;
using System.Net;
using System.Text;
using System.Web;
using Pipeline.Core.Market;
using Pipeline.Host.Verifying;
using Pipeline.Kafka.Verification;

namespace Pipeline.Tests.Host.Verifying;

/// <summary>Against a control port that has 100,000 trades, three to an aggregate, and keeps those from 30 on.</summary>
public sealed class SimulatorTruthTests
{
    private const long Trades = 100_000;
    private const long Oldest = 30;

    [Fact]
    public async Task Range_OfTrades_IsPagedThrough()
    {
        using var control = new Control();
        using var truth = new SimulatorTruth(new HttpClient(control), new Uri("http://simulator/"));
        var (oldest, _, trades) = await truth.ReadRangeAsync("okx", "BTC-USDT", new IdRange(500, 60_499), CancellationToken.None);
        Assert.Equal((Oldest, 60_000, 500L, 60_499L), (oldest, trades.Count, trades[0].Id, trades[^1].Id));
        Assert.Equal(3, control.Requests);
    }

    [Theory]
    [InlineData(20, 25)]
    [InlineData(9_000, 9_010)]
    [InlineData(33_000, 33_332)]
    public async Task Range_OfAggregates_IsFoundAmongTheTrades(long first, long last)
    {
        using var control = new Control();
        using var truth = new SimulatorTruth(new HttpClient(control), new Uri("http://simulator/"));
        var (_, _, trades) = await truth.ReadAggregatesAsync("binance", "BTCUSDT", new IdRange(first, last), CancellationToken.None);
        Assert.Equal(Enumerable.Range((int)first * 3, (int)(last - first + 1) * 3).Select(id => (long)id), trades.Select(trade => trade.Id));
        Assert.InRange(control.Requests, 1, 12);
    }

    [Fact]
    public async Task Rows_AreComparedInPiecesAndWhatIsMissingIsAskedFor()
    {
        using var control = new Control();
        using var truth = new SimulatorTruth(new HttpClient(control), new Uri("http://simulator/"));
        var findings = new FindingLog();
        var topology = new Pipeline.Core.Topology.TopologyFile();
        var comparison = new VenueComparison(truth, new RuleBook(topology), findings, "md.trades");
        foreach (var id in new long[] { 10, 40, 41, 42, 90_000, 90_001 })
        {
            comparison.Add("okx:BTC-USDT", Control.Row(id));
        }

        comparison.Add("okx:BTC-USDT", Control.Row(90_002) with { Price = Number.Parse("1") });
        comparison.Add("okx:BTC-USDT", Control.Row(100_001));
        await comparison.FlushAsync(CancellationToken.None);
        await comparison.CompareMissingAsync("okx:BTC-USDT", new IdRange(50, 51), CancellationToken.None);
        Assert.Equal(7, comparison.Compared);
        Assert.Equal(
            [FindingKind.VenueForgot, FindingKind.DiffersFromVenue, FindingKind.Invented, FindingKind.LostToVenue, FindingKind.LostToVenue],
            findings.Kept.Select(finding => finding.Kind));
    }

    private sealed class Control : HttpMessageHandler
    {
        public int Requests { get; private set; }

        public static TradeRow Row(long id) =>
            new(id, id, Number.Parse("91.5"), Number.Parse("0.5"), AggressorSide.Buy, -1, 1_794_900_000_000_000 + id, TradeSource.Live);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            var query = HttpUtility.ParseQueryString(request.RequestUri!.Query);
            var from = Math.Max(Oldest, long.Parse(query["fromId"]!, CultureInfo.InvariantCulture));
            var limit = int.Parse(query["limit"]!, CultureInfo.InvariantCulture);
            var rows = Enumerable.Range(0, (int)Math.Clamp(Trades - from, 0, limit)).Select(i => from + i).Select(id =>
                $$"""{"id":{{id}},"price":"91.5","quantity":"0.5","side":"buy","time":{{1_794_900_000_000_000 + id}},"aggregateId":{{id / 3}},"kind":"Market"}""");
            var json = $$"""{"symbol":"X","oldestId":{{Oldest}},"lastId":{{Trades - 1}},"trades":[{{string.Join(',', rows)}}]}""";
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json") });
        }
    }
}
