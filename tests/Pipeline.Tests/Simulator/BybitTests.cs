using System.Net;
using System.Text.Json;
using Pipeline.Core.Topology;
using Pipeline.Simulator.Bybit;
using Pipeline.Simulator.World;

namespace Pipeline.Tests.Simulator;

public sealed class BybitTests : IAsyncLifetime
{
    private const string Symbol = "BTCUSDT";
    private readonly SimulatorOptions _options = VenueSimulation.Options;
    private BybitDialect _dialect = null!;
    private VenueSimulation _simulation = null!;

    public async Task InitializeAsync() => _simulation = await VenueSimulation.StartAsync(clock => _dialect = new BybitDialect(clock), _options);

    public async Task DisposeAsync() => await _simulation.DisposeAsync();

    [Theory]
    [InlineData("orderbook.50.BTCUSDT", "topic type ts: data cts:", "s b a u: seq:")]
    [InlineData("orderbook.1.BTCUSDT", "topic type ts: data cts:", "s b a u: seq:")]
    [InlineData("publicTrade.BTCUSDT", "topic type ts: data", "T: s S v p i BT RPI seq:")]
    [InlineData("kline.1.BTCUSDT", "topic data ts: type", "start: end: interval open close high low volume turnover confirm timestamp:")]
    [InlineData(
        "tickers.BTCUSDT",
        "topic ts: type cs: data",
        "symbol lastPrice highPrice24h lowPrice24h prevPrice24h volume24h turnover24h price24hPcnt usdIndexPrice")]
    public async Task Topic_Subscribed_HasTheVenuesShape(string topic, string members, string dataMembers)
    {
        await using var client = await ConnectAsync();
        await SubscribeAsync(client, topic);
        _simulation.Advance(3);
        var frames = Of(await client.ReadAsync(), topic);

        Assert.NotEmpty(frames);
        Assert.Equal("snapshot", frames[0].Text("type"));
        Assert.All(frames, frame => Assert.Equal(members, frame.Members()));
        Assert.All(frames, frame => Assert.Equal(
            dataMembers, (frame.GetProperty("data") is { ValueKind: JsonValueKind.Array } rows ? rows[0] : frame.GetProperty("data")).Members()));
    }

    [Theory]
    [InlineData(50)]
    [InlineData(200)]
    [InlineData(1000)]
    public async Task Book_FromSnapshotAndDeltas_IsTheEnginesBook(int depth)
    {
        var topic = $"orderbook.{depth}.BTCUSDT";
        await using var client = await ConnectAsync();
        await SubscribeAsync(client, topic);
        var (bids, asks, last, snapshots) = (new SortedDictionary<decimal, decimal>(), new SortedDictionary<decimal, decimal>(), 0L, 0);
        for (var i = 0; i < 30; i++)
        {
            _simulation.Advance(2);
            foreach (var frame in Of(await client.ReadAsync(), topic))
            {
                var data = frame.GetProperty("data");
                snapshots += frame.Text("type") == "snapshot" ? 1 : 0;
                Assert.True(snapshots == 1 && (last == 0 || data.Whole("u") == last + 1));
                last = data.Whole("u");
                Apply(bids, data.GetProperty("b"));
                Apply(asks, data.GetProperty("a"));
                Assert.InRange(bids.Count, 1, depth);
            }
        }

        // The newest push may be up to 200 ms old: without a second's trading the two must be the same.
        var book = _simulation.Engine(SimulatedVenue.Bybit, Symbol).Book;
        Assert.Equal(Math.Min(depth, book.Bids.Count), bids.Count);
        var compared = 0;
        for (var i = 0; i < 300; i++)
        {
            _simulation.Advance(0.02);
            foreach (var frame in Of(await client.ReadAsync(), topic))
            {
                Apply(bids, frame.GetProperty("data").GetProperty("b"));
                Apply(asks, frame.GetProperty("data").GetProperty("a"));
                if (frame.GetProperty("data").Whole("seq") == book.LastUpdateId)
                {
                    compared++;
                    Assert.Equal(Levels(book.Bids, depth), bids.Reverse().Select(level => (level.Key, level.Value)));
                    Assert.Equal(Levels(book.Asks, depth), asks.Select(level => (level.Key, level.Value)));
                }
            }
        }

        Assert.True(compared > 5, $"only {compared} comparisons");
    }

    [Fact]
    public async Task BestLevel_Unchanged_IsToldAgainAfterThreeSecondsWithItsUpdateId()
    {
        await using var quiet = await VenueSimulation.StartAsync(
            clock => new BybitDialect(clock), _options with { TradesPerSecond = 0, QuotesPerSecond = 0 });
        await using var client = new FencedClient(await quiet.ConnectAsync("/v5/public/spot"), """{"op":"ping"}""", "pong");
        await SubscribeAsync(client, "orderbook.1.BTCUSDT");
        quiet.Advance(7);
        var frames = Of(await client.ReadAsync(), "orderbook.1.BTCUSDT");

        Assert.Equal(["snapshot", "snapshot", "snapshot"], frames.Select(frame => frame.Text("type")));
        Assert.Single(frames.Select(frame => frame.GetProperty("data").Whole("u")).Distinct());
    }

    [Fact]
    public async Task Trades_AreThoseOfTheEngineAndMakeTheKline()
    {
        await using var client = await ConnectAsync();
        await SubscribeAsync(client, "publicTrade.BTCUSDT", "kline.1.BTCUSDT");
        _simulation.Advance(130);
        var frames = await client.ReadAsync();
        var trades = Of(frames, "publicTrade.BTCUSDT").SelectMany(frame => frame.GetProperty("data").EnumerateArray()).ToList();
        var bar = Of(frames, "kline.1.BTCUSDT").Select(frame => frame.GetProperty("data")[0]).Last(one => one.GetProperty("confirm").GetBoolean());

        Assert.Equal(Enumerable.Range(0, trades.Count).Select(i => trades[0].Whole("i") + i), trades.Select(trade => trade.Whole("i")));
        var made = _simulation.Engine(SimulatedVenue.Bybit, Symbol).Truth[trades[7].Whole("i")];
        Assert.Equal((made.TakerBuys ? "Buy" : "Sell", made.Price / 1e8m, made.Quantity / 1e8m, made.Time / 1000), (
            trades[7].Text("S"), trades[7].Decimal("p"), trades[7].Decimal("v"), trades[7].Whole("T")));
        var own = trades.Where(trade => trade.Whole("T") >= bar.Whole("start") && trade.Whole("T") <= bar.Whole("end")).ToList();
        Assert.Equal((59_999, "1"), (bar.Whole("end") - bar.Whole("start"), bar.Text("interval")));
        Assert.Equal(
            (own.Sum(trade => trade.Decimal("v")), own[0].Decimal("p"), own[^1].Decimal("p"), own.Max(trade => trade.Decimal("p"))),
            (bar.Decimal("volume"), bar.Decimal("open"), bar.Decimal("close"), bar.Decimal("high")));
    }

    [Fact]
    public async Task TradeIds_AsUuids_AreTheSameInStreamAndRest()
    {
        _dialect.UuidTradeIds = true;
        await using var client = await ConnectAsync();
        await SubscribeAsync(client, "publicTrade.BTCUSDT");
        _simulation.Advance(1);
        var trade = Of(await client.ReadAsync(), "publicTrade.BTCUSDT")[^1].GetProperty("data").EnumerateArray().Last();

        Assert.Equal(36, trade.Text("i").Length);
        var rows = (await GetAsync("recent-trade?category=spot&symbol=BTCUSDT")).GetProperty("result").GetProperty("list");
        Assert.Equal(trade.Text("i"), rows[0].Text("execId"));
    }

    [Fact]
    public async Task Ping_IsAnsweredWithThePongOfSpot()
    {
        await using var client = await ConnectAsync();
        var plain = JsonSerializer.Deserialize<JsonElement>(await client.Raw.AskAsync("""{"op":"ping"}"""));
        var named = JsonSerializer.Deserialize<JsonElement>(await client.Raw.AskAsync("""{"req_id":"100001","op":"ping"}"""));

        Assert.Equal("success ret_msg conn_id op", plain.Members());
        Assert.Equal(("pong", "ping"), (plain.Text("ret_msg"), plain.Text("op")));
        Assert.Equal("100001", named.Text("req_id"));
    }

    [Theory]
    [InlineData("""{"req_id":"7","op":"subscribe","args":["publicTrade.BTCUSDT","publicTrade.NOSUCH"]}""", "error:handler not found,topic:publicTrade.NOSUCH")]
    [InlineData("""{"req_id":"7","op":"subscribe","args":["orderbook.30.BTCUSDT"]}""", "error:handler not found,topic:orderbook.30.BTCUSDT")]
    [InlineData("""{"req_id":"7","op":"subscribe","args":["publicTrade.btcusdt"]}""", "error:handler not found,topic:publicTrade.btcusdt")]
    [InlineData("""{"req_id":"7","op":"subscribe","args":["a","b","c","d","e","f","g","h","i","j","k"]}""", "args size >10")]
    [InlineData("""{"req_id":"7","op":"subscribe"}""", "error:args is empty")]
    [InlineData("""{"req_id":"7","op":"nope"}""", "error:invalid op")]
    public async Task Request_ThatIsWrong_FailsAsAWhole(string request, string message)
    {
        await using var client = await ConnectAsync();
        var answer = JsonSerializer.Deserialize<JsonElement>(await client.Raw.AskAsync(request));

        Assert.Equal("success ret_msg conn_id req_id op", answer.Members());
        Assert.Equal((false, message, "7"), (answer.GetProperty("success").GetBoolean(), answer.Text("ret_msg"), answer.Text("req_id")));
        Assert.Empty(Assert.Single(_simulation.Connections.Open).Streams);
    }

    [Fact]
    public async Task Subscribe_OfAKnownTopic_IsRefusedUntilItIsLeft()
    {
        await using var client = await ConnectAsync();
        await SubscribeAsync(client, "tickers.BTCUSDT");
        const string again = """{"op":"subscribe","args":["tickers.BTCUSDT"]}""";

        Assert.Equal("error:already subscribed,topic:tickers.BTCUSDT", (await client.AskAsync(again))[0].Text("ret_msg"));
        Assert.True((await client.AskAsync("""{"op":"unsubscribe","args":["tickers.BTCUSDT"]}"""))[0].GetProperty("success").GetBoolean());
        Assert.True((await client.AskAsync(again))[0].GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task Subscribe_BeyondTheCharactersOfAConnection_IsRefused()
    {
        var symbols = Enumerable.Range(0, 80).Select(i => VenueSimulation.Cheap with { Instrument = $"A{i}{new string('X', 40)}-USDT" });
        await using var wide = await VenueSimulation.StartAsync(
            clock => new BybitDialect(clock), _options with { Symbols = [.. symbols], TradesPerSecond = 0, QuotesPerSecond = 0 });
        await using var client = new FencedClient(await wide.ConnectAsync("/v5/public/spot"), """{"op":"ping"}""", "pong");
        string[] kinds = ["publicTrade", "tickers", "kline.1", "kline.3", "kline.5", "orderbook.50"];
        var topics = wide.World.Engines.SelectMany(engine => kinds.Select(kind => $"{kind}.{engine.Spec.Symbol}")).ToList();
        var characters = 0;
        foreach (var part in topics.Chunk(10))
        {
            characters += part.Sum(topic => topic.Length);
            var args = string.Join(',', part.Select(topic => $"\"{topic}\""));
            var answer = (await client.AskAsync($$"""{"op":"subscribe","args":[{{args}}]}"""))[0];
            Assert.Equal(characters <= 21_000, answer.GetProperty("success").GetBoolean());
            if (characters > 21_000)
            {
                Assert.Equal("error:args length exceeds 21000", answer.Text("ret_msg"));
                return;
            }
        }

        Assert.Fail("never refused");
    }

    [Fact]
    public async Task Connection_WithoutAMessageForTenMinutes_IsCut()
    {
        await using var client = await ConnectAsync();
        _simulation.Advance(599);
        await client.ReadAsync();
        _simulation.Advance(599);
        Assert.Single(_simulation.Connections.Open);
        _simulation.Advance(1);

        Assert.True(await client.Raw.EndsAsync());
    }

    [Fact]
    public async Task Rest_Klines_AreNewestFirstWithinTheirBounds()
    {
        _simulation.Advance(200);
        var result = (await GetAsync("kline?category=spot&symbol=BTCUSDT&interval=1")).GetProperty("result");
        var times = result.GetProperty("list").EnumerateArray().Select(row => long.Parse(row[0].GetString()!, null)).ToList();

        Assert.Equal("symbol category list", result.Members());
        Assert.Equal((4, 7), (times.Count, result.GetProperty("list")[0].GetArrayLength()));
        Assert.Equal(times.OrderDescending(), times);
        var part = (await GetAsync($"kline?category=spot&symbol=BTCUSDT&interval=1&start={times[2]}&end={times[1]}")).GetProperty("result");
        Assert.Equal(
            [times[1], times[2]], part.GetProperty("list").EnumerateArray().Select(row => long.Parse(row[0].GetString()!, null)));
    }

    [Theory]
    [InlineData("time", "timeSecond timeNano")]
    [InlineData("instruments-info?category=spot", "category list nextPageCursor")]
    [InlineData("tickers?category=spot", "category list")]
    [InlineData("tickers?category=linear", "category list")]
    [InlineData("orderbook?category=spot&symbol=BTCUSDT&limit=50", "s b a u: seq: ts: cts:")]
    [InlineData("recent-trade?category=spot&symbol=BTCUSDT", "category list")]
    public async Task Rest_Answer_HasTheVenuesShape(string path, string members)
    {
        var answer = await GetAsync(path);

        Assert.Equal(("retCode: retMsg result retExtInfo time:", 0), (answer.Members(), answer.Whole("retCode")));
        Assert.Equal(members, answer.GetProperty("result").Members());
    }

    [Theory]
    [InlineData("kline?category=spot&symbol=NOSUCH&interval=1", "Not supported symbols")]
    [InlineData("kline?category=spot&symbol=BTCUSDT&interval=7", "Invalid period!")]
    [InlineData("tickers?category=paper", "params error: Category is invalid")]
    public async Task Rest_BadRequest_IsRefusedWith10001(string path, string message)
    {
        var answer = await GetAsync(path);

        Assert.Equal((10001, message), (answer.Whole("retCode"), answer.Text("retMsg")));
    }

    [Fact]
    public async Task Rest_The601stRequestInFiveSeconds_IsForbidden()
    {
        for (var i = 0; i < 600; i++)
        {
            await GetAsync("time");
        }

        using var refused = await _simulation.Http.GetAsync(new Uri("/v5/market/time", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("access too frequent", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static void Apply(SortedDictionary<decimal, decimal> side, JsonElement levels)
    {
        foreach (var level in levels.EnumerateArray())
        {
            if (level[1].Decimal() == 0)
            {
                Assert.True(side.Remove(level[0].Decimal()), "removes what is not there");
            }
            else
            {
                side[level[0].Decimal()] = level[1].Decimal();
            }
        }
    }

    private static IEnumerable<(decimal Price, decimal Quantity)> Levels(BookSide side, int depth) =>
        side.ToArray(depth).Select(level => (level.Price / 1e8m, level.Quantity / 1e8m));

    private static List<JsonElement> Of(IEnumerable<JsonElement> frames, string topic) =>
        [.. frames.Where(frame => frame.TryGetProperty("topic", out var name) && name.GetString() == topic)];

    private static async Task SubscribeAsync(FencedClient client, params string[] topics)
    {
        var args = string.Join(',', topics.Select(topic => $"\"{topic}\""));
        var answer = (await client.AskAsync($$"""{"req_id":"test","op":"subscribe","args":[{{args}}]}"""))[0];
        Assert.Equal((true, "subscribe", "test"), (answer.GetProperty("success").GetBoolean(), answer.Text("ret_msg"), answer.Text("req_id")));
    }

    private async Task<FencedClient> ConnectAsync() =>
        new(await _simulation.ConnectAsync("/v5/public/spot"), """{"op":"ping"}""", "pong");

    private async Task<JsonElement> GetAsync(string path) => JsonSerializer.Deserialize<JsonElement>(
        await _simulation.Http.GetStringAsync(new Uri($"/v5/market/{path}", UriKind.Relative)));
}
