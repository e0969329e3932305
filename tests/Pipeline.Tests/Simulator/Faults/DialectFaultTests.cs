using System.Text.Json;

namespace Pipeline.Tests.Simulator.Faults;

/// <summary>Faults of data, of the world and of REST as clients of futures, OKX and Bybit see them, switched on at the control port.</summary>
public sealed class DialectFaultTests : IAsyncLifetime
{
    private static readonly Uri AnyPort = new("http://127.0.0.1:0");
    private Simulation _simulation = null!;

    public async Task InitializeAsync() => _simulation = await Simulation.StartAsync(Simulation.Options with
    {
        BinanceFuturesListen = AnyPort,
        OkxListen = AnyPort,
        BybitListen = AnyPort,
        Symbols = [Simulation.Btc, VenueSimulation.Cheap],
        TradesPerSecond = 20,
        QuotesPerSecond = 50,
    });

    public async Task DisposeAsync() => await _simulation.DisposeAsync();

    [Theory]
    [InlineData("binance-futures")]
    [InlineData("okx")]
    [InlineData("bybit")]
    public async Task F40_StopsAllData_AndAnswersGoOn(string venue)
    {
        var wire = VenueWire.Of(venue);
        await using var client = await ConnectAsync(wire, wire.Trades, wire.Book);
        await client.ReadAsync();
        var handle = await FaultAsync(venue, "F40");
        Advance(3);
        Assert.Empty(await client.ReadAsync());
        using var ended = await _simulation.Control.DeleteAsync(new Uri($"/faults/{handle}", UriKind.Relative));
        Advance(1);

        var frames = await client.ReadAsync();
        Assert.NotEmpty(VenueWire.Of(frames, wire.Trades));
        Assert.NotEmpty(VenueWire.Of(frames, wire.Book));
    }

    [Theory]
    [InlineData("binance-futures")]
    [InlineData("okx")]
    [InlineData("bybit")]
    public async Task F41_StopsOneStream(string venue)
    {
        var wire = VenueWire.Of(venue);
        await using var client = await ConnectAsync(wire, wire.Trades, wire.Quotes);
        await client.ReadAsync();
        await FaultAsync(venue, "F41", $",\"stream\":\"{wire.Quotes}\"");
        Advance(2);
        var frames = await client.ReadAsync();

        Assert.Empty(VenueWire.Of(frames, wire.Quotes));
        Assert.NotEmpty(VenueWire.Of(frames, wire.Trades));
    }

    [Theory]
    [InlineData("binance-futures", "F43")]
    [InlineData("okx", "F43")]
    [InlineData("okx", "F57")]
    [InlineData("bybit", "F43")]
    public async Task F43AndF57_BreakTheChainOfABookOnce(string venue, string id)
    {
        var wire = VenueWire.Of(venue);
        await using var client = await ConnectAsync(wire, wire.Book);
        var frames = await client.ReadAsync();
        await FaultAsync(venue, id, ",\"symbol\":\"" + (venue == "okx" ? "BTC-USDT" : "BTCUSDT") + "\"");
        Advance(1);
        frames.AddRange(await client.ReadAsync());

        Assert.Equal(1, Breaks(wire, VenueWire.Of(frames, wire.Book)));
    }

    [Theory]
    [InlineData("okx")]
    [InlineData("bybit")]
    public async Task F43_BeforeTheSubscription_SparesTheSnapshot(string venue)
    {
        var wire = VenueWire.Of(venue);
        await FaultAsync(venue, "F43");
        await using var client = await ConnectAsync(wire, wire.Book);
        var book = VenueWire.Of(await client.ReadAsync(), wire.Book);

        Assert.Null(wire.Link(book[0]).Previous);
        Assert.Equal(1, Breaks(wire, book));
        Assert.NotEqual(wire.Id(book[0]), wire.Link(book[1]).Previous);
    }

    [Theory]
    [InlineData("binance-futures")]
    [InlineData("okx")]
    [InlineData("bybit")]
    public async Task F47_SwapsOneQuoteWithTheNext(string venue)
    {
        var wire = VenueWire.Of(venue);
        await using var client = await ConnectAsync(wire, wire.Quotes);
        await client.ReadAsync();
        await FaultAsync(venue, "F47");
        Advance(1);
        var ids = VenueWire.Of(await client.ReadAsync(), wire.Quotes).ConvertAll(wire.Id);

        Assert.Single(ids.Zip(ids.Skip(1)), pair => pair.Second < pair.First);
        Assert.True(ids[1] < ids[0]);
    }

    [Theory]
    [InlineData("binance-futures", "/public/stream", "btcusdt@trade", "t")]
    [InlineData("okx", "/ws/v5/business", "trades-all:BTC-USDT", "tradeId")]
    [InlineData("bybit", "/v5/public/spot", "publicTrade.BTCUSDT", "i")]
    public async Task F48_SkipsTradeIdsOnceForGood(string venue, string path, string stream, string member)
    {
        var wire = VenueWire.Of(venue) with { Path = path };
        await using var client = await ConnectAsync(wire, stream);
        var symbol = venue == "okx" ? "BTC-USDT" : "BTCUSDT";
        await FaultAsync(venue, "F48", $",\"symbol\":\"{symbol}\",\"parameters\":{{\"ids\":7}}");
        Advance(3);
        var ids = VenueWire.Of(await client.ReadAsync(), stream).SelectMany(frame => Rows(frame).Select(row => row.Whole(member))).ToList();

        var jump = Assert.Single(ids.Zip(ids.Skip(1)), pair => pair.Second != pair.First + 1);
        Assert.Equal(jump.First + 8, jump.Second);
        var market = (await _simulation.GetAsync("/truth/summary")).GetProperty("symbols").EnumerateArray().Single(one =>
            one.Text("venue") == venue && one.Text("symbol") == symbol);
        var hole = Assert.Single(market.GetProperty("holes").EnumerateArray());
        Assert.Equal((jump.First + 1, jump.Second - 1), (hole.Whole("from"), hole.Whole("to")));
    }

    [Fact]
    public async Task F46_OnFutures_JoinsUpdatesOfTheConnectionThatIsNamed()
    {
        var wire = VenueWire.Of("binance-futures");
        await using var first = await ConnectAsync(wire, wire.Book);
        await using var second = await ConnectAsync(wire, wire.Book);
        await first.ReadAsync();
        await second.ReadAsync();
        await FaultAsync(wire.Venue, "F46", ",\"connection\":2");
        Advance(2);
        var (single, joined) = (VenueWire.Of(await first.ReadAsync(), wire.Book), VenueWire.Of(await second.ReadAsync(), wire.Book));

        Assert.Equal((20, 10), (single.Count, joined.Count));
        Assert.Equal((0, 0), (Breaks(wire, single), Breaks(wire, joined)));
        Assert.Equal((single[0].Whole("U"), single[1].Whole("u")), (joined[0].Whole("U"), joined[0].Whole("u")));
    }

    [Theory]
    [InlineData("INSURANCE_FUND")]
    [InlineData("ADL")]
    public async Task F50_OnFutures_AddsFillsWithoutQuantity(string kind)
    {
        var wire = VenueWire.Of("binance-futures");
        await using var client = await ConnectAsync(wire, wire.Trades);
        await FaultAsync(wire.Venue, "F50", $",\"count\":3,\"parameters\":{{\"kind\":\"{kind}\"}}");
        Advance(2);
        var trades = VenueWire.Of(await client.ReadAsync(), wire.Trades);

        Assert.Equal(3, trades.Count(trade => trade.Text("X") == kind && trade.Text("q") == "0"));
    }

    [Fact]
    public async Task F56_OnOkx_StartsTheSequenceAnewWithoutBreakingTheChain()
    {
        var wire = VenueWire.Of("okx");
        await using var client = await ConnectAsync(wire, wire.Book);
        await FaultAsync("okx", "F56", ",\"symbol\":\"BTC-USDT\"");
        Advance(2);
        var frames = VenueWire.Of(await client.ReadAsync(), wire.Book);
        var ids = frames.ConvertAll(wire.Id);

        Assert.Equal(0, Breaks(wire, frames));
        Assert.Single(ids.Zip(ids.Skip(1)), pair => pair.Second < pair.First);
        Assert.InRange(ids[^1], 1, 10_000);
        Assert.Single(frames, frame => frame.Text("action") == "snapshot");
    }

    [Fact]
    public async Task F59_OnOkx_RenamesRowsAndNotTheirArg()
    {
        var wire = VenueWire.Of("okx");
        await using var client = await ConnectAsync(wire, wire.Trades);
        await client.ReadAsync();
        await FaultAsync("okx", "F59", ",\"parameters\":{\"to\":\"NEW-USDT\"}");
        Advance(1);
        var frames = VenueWire.Of(await client.ReadAsync(), wire.Trades);

        Assert.All(frames, frame => Assert.Equal("NEW-USDT", frame.GetProperty("data")[0].Text("instId")));
        Assert.NotEmpty(frames);
    }

    [Fact]
    public async Task F60_OnOkx_SendsAnotherMarkPriceOfTheSameTime()
    {
        const string mark = "mark-price:BTC-USDT-SWAP";
        await using var client = await ConnectAsync(VenueWire.Of("okx"), mark);
        await client.ReadAsync();
        await FaultAsync("okx", "F60");
        Advance(5);
        var rows = VenueWire.Of(await client.ReadAsync(), mark).ConvertAll(frame => frame.GetProperty("data")[0]);

        Assert.Equal(rows[0].Text("ts"), rows[1].Text("ts"));
        Assert.NotEqual(rows[0].Text("markPx"), rows[1].Text("markPx"));
        Assert.Equal(rows.Count - 1, rows.DistinctBy(row => row.Text("ts")).Count());
    }

    [Fact]
    public async Task F62_OnFutures_CutsAnArrayAndMixesMarkets()
    {
        const string marks = "!markPrice@arr@1s";
        var wire = VenueWire.Of("binance-futures") with { Path = "/market/stream" };
        await using var client = await ConnectAsync(wire, marks);
        await client.ReadAsync();
        await FaultAsync(wire.Venue, "F62");
        Advance(1);
        var frames = VenueWire.Of(await client.ReadAsync(), marks);

        Assert.Equal(["BTCUSDT BTCUSD_PERP", "XYZUSDT"], frames.Select(frame => string.Join(' ', frame.EnumerateArray().Select(row => row.Text("s")))));
        Assert.Equal(0, frames[0][1].Whole("T"));
    }

    [Fact]
    public async Task F63_OnBybit_SendsASnapshotWithIdOneAndGoesOn()
    {
        var wire = VenueWire.Of("bybit");
        await using var client = await ConnectAsync(wire, wire.Book);
        await client.ReadAsync();
        await FaultAsync("bybit", "F63", ",\"symbol\":\"BTCUSDT\"");
        Advance(1);
        var frames = VenueWire.Of(await client.ReadAsync(), wire.Book);

        Assert.Equal(("snapshot", 1), (frames[0].Text("type"), wire.Id(frames[0])));
        Assert.Equal(50, frames[0].GetProperty("data").GetProperty("b").GetArrayLength());
        Assert.Equal(Enumerable.Range(1, frames.Count).Select(i => (long)i), frames.Select(wire.Id));
    }

    [Theory]
    [InlineData("binance-futures", "/fapi/v1/depth?symbol=BTCUSDT", "lastUpdateId")]
    [InlineData("okx", "/api/v5/market/books?instId=BTC-USDT&sz=5", "seqId")]
    [InlineData("bybit", "/v5/market/orderbook?category=spot&symbol=BTCUSDT", "u")]
    public async Task F44_MakesOneSnapshotTooOld(string venue, string path, string member)
    {
        Advance(3);
        using var http = Rest(venue);
        await FaultAsync(venue, "F44", ",\"count\":1,\"parameters\":{\"behind\":3}");
        var old = await http.GetStringAsync(new Uri(path, UriKind.Relative));
        var now = await http.GetStringAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(IdOf(now, member) - 3, IdOf(old, member));
    }

    [Theory]
    [InlineData("binance-futures", "/fapi/v1/time", "\"code\":-1003")]
    [InlineData("okx", "/api/v5/public/time", "\"code\":\"50011\"")]
    [InlineData("bybit", "/v5/market/time", "\"retCode\":10006")]
    public async Task F45_RefusesInTheVenuesWords(string venue, string path, string words)
    {
        using var http = Rest(venue);
        await FaultAsync(venue, "F45", ",\"count\":1,\"parameters\":{\"retryAfter\":\"7s\"}");
        using var refused = await http.GetAsync(new Uri(path, UriKind.Relative));
        using var taken = await http.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal((429, "7"), ((int)refused.StatusCode, refused.Headers.GetValues("Retry-After").Single()));
        Assert.Contains(words, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(200, (int)taken.StatusCode);
    }

    [Theory]
    [InlineData("binance-futures", "/fapi/v1/trades?symbol=BTCUSDT")]
    [InlineData("okx", "/api/v5/market/trades?instId=BTC-USDT")]
    [InlineData("bybit", "/v5/market/recent-trade?category=spot&symbol=BTCUSDT")]
    public async Task F45_CanAnswerWithNothing(string venue, string path)
    {
        using var http = Rest(venue);
        await FaultAsync(venue, "F45", ",\"count\":1,\"parameters\":{\"status\":\"empty\",\"path\":\"*trade*\"}");
        using var empty = await http.GetAsync(new Uri(path, UriKind.Relative));
        var text = await empty.Content.ReadAsStringAsync();

        Assert.Equal(200, (int)empty.StatusCode);
        Assert.Contains("[]", text, StringComparison.Ordinal);
        Assert.True(JsonDocument.Parse(text).RootElement.GetRawText().Length > 1);
    }

    private static int Breaks(VenueWire wire, List<JsonElement> book)
    {
        var links = book.ConvertAll(wire.Link);
        Assert.True(links.Count > 5, $"{links.Count} updates");
        return links.Zip(links.Skip(1)).Count(pair => pair.Second.Previous is { } previous && previous != pair.First.Id);
    }

    private static List<JsonElement> Rows(JsonElement frame) => frame.TryGetProperty("data", out var data) ? [.. data.EnumerateArray()] : [frame];

    private static long IdOf(string json, string member) => long.Parse(
        System.Text.RegularExpressions.Regex.Match(json, $"\"{member}\":\"?([0-9]+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    private HttpClient Rest(string venue) => Simulation.RestOf(
        venue switch { "okx" => _simulation.Host.OkxUri!, "bybit" => _simulation.Host.BybitUri!, _ => _simulation.Host.BinanceFuturesUri! });

    /// <summary>Connects, subscribes and lets the first data come.</summary>
    private async Task<FencedClient> ConnectAsync(VenueWire wire, params string[] streams)
    {
        Advance(2);
        var client = await wire.ConnectAsync(_simulation);
        await client.AskAsync(wire.Subscribe(streams));
        Advance(1);
        return client;
    }

    private Task<int> FaultAsync(string venue, string id, string more = "") =>
        _simulation.FaultAsync($$"""{"id":"{{id}}","venue":"{{venue}}"{{more}}}""");

    private void Advance(double seconds) => _simulation.Clock.Advance(TimeSpan.FromSeconds(seconds));
}
