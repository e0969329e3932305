using System.Text;
using System.Text.Json;
using Pipeline.Simulator.Okx;
using static Pipeline.Tests.Simulator.OkxTesting;

namespace Pipeline.Tests.Simulator;

public sealed class OkxProtocolTests : IAsyncLifetime
{
    private VenueSimulation _simulation = null!;

    public async Task InitializeAsync() =>
        _simulation = await StartAsync(VenueSimulation.Options with { TradesPerSecond = 0, QuotesPerSecond = 0 });

    public async Task DisposeAsync() => await _simulation.DisposeAsync();

    [Fact]
    public async Task Ping_AsText_IsAnsweredAndAsJsonIsIllegal()
    {
        await using var client = await _simulation.ConnectAsync();

        Assert.Equal("pong", await client.Raw.AskAsync("ping"));
        var error = Assert.Single(await client.AskAsync("""{"op":"ping"}"""));
        Assert.Equal("event code msg connId", error.Members());
        Assert.Equal(("error", "60012", """Illegal request: {"op":"ping"}"""), (error.Text("event"), error.Text("code"), error.Text("msg")));
        Assert.Matches("^[0-9a-f]{8}$", error.Text("connId"));
    }

    [Fact]
    public async Task Subscribe_OfSeveral_AcksEachWithIdAndConnection()
    {
        await using var client = await _simulation.ConnectAsync();
        string[] args = [Arg("tickers"), Arg("trades"), Arg("books", Swap), Arg("instruments", "SPOT", "instType"), """{"channel":"status"}"""];
        var answers = await client.AskAsync($$"""{"id":"1512","op":"subscribe","args":[{{string.Join(',', args)}}]}""");

        Assert.All(answers, answer => Assert.Equal("id event arg connId", answer.Members()));
        Assert.All(answers, answer => Assert.Equal(("1512", "subscribe"), (answer.Text("id"), answer.Text("event"))));
        Assert.Equal(args.Order(), answers.Select(answer => answer.GetProperty("arg").GetRawText()).Order());
        Assert.Single(answers.Select(answer => answer.Text("connId")).Distinct());
        Assert.Equal(5, Assert.Single(_simulation.Connections.Open).Streams.Count);

        var left = await client.AskAsync(Request("unsubscribe", Arg("tickers")));
        Assert.Equal("unsubscribe", Assert.Single(left).Text("event"));
        Assert.False(_simulation.Connections.Open[0].IsSubscribed("tickers:BTC-USDT"));
        Assert.True(_simulation.Connections.Open[0].IsSubscribed("books:BTC-USDT-SWAP"));
    }

    [Theory]
    [InlineData("hello", "60012", "Illegal request: hello")]
    [InlineData("""{"op":"subscribe","argss":[]}""", "60012", """Illegal request: {"op":"subscribe","argss":[]}""")]
    [InlineData("""{"op":"subscribe","args":[]}""", "60013", "Invalid args")]
    [InlineData("""{"op":"subscribe","args":["books"]}""", "60013", "Invalid args")]
    [InlineData("""{"op":"follow","args":[{"channel":"books","instId":"BTC-USDT"}]}""", "60019", "Invalid op: follow")]
    [InlineData("""{"op":"login","args":[{"apiKey":"x"}]}""", "60005", "Invalid apiKey")]
    [InlineData("""{"id":"1-2","op":"subscribe","args":[{"channel":"books","instId":"BTC-USDT"}]}""", "60033", "Parameter id error")]
    [InlineData(
        """{"op":"subscribe","args":[{"channel":"books","instId":"btc-usdt"}]}""",
        "60018",
        "Wrong URL or channel:books,instId:btc-usdt doesn't exist. Please use the correct URL, channel and parameters referring to API document.")]
    [InlineData(
        """{"op":"subscribe","args":[{"channel":"liquidation-orders","instType":"MARGIN"}]}""",
        "60018",
        "Wrong URL or channel:liquidation-orders,instType:MARGIN doesn't exist. Please use the correct URL, channel and parameters referring to API document.")]
    [InlineData(
        """{"op":"subscribe","args":[{"channel":"books50-l2-tbt","instId":"BTC-USDT"}]}""",
        "64003",
        "Your trading fee tier doesn't meet the requirement to access this channel")]
    public async Task Request_ThatIsWrong_IsRefusedAndTheConnectionStays(string request, string code, string message)
    {
        await using var client = await _simulation.ConnectAsync();
        var error = Assert.Single(await client.AskAsync(request));

        Assert.Equal(("error", code, message), (error.Text("event"), error.Text("code"), error.Text("msg")));
        await client.SubscribeAsync(Arg("trades"));
    }

    [Theory]
    [InlineData(false, "candle1m", "64001")]
    [InlineData(false, "trades-all", "64001")]
    [InlineData(true, "books", "64002")]
    [InlineData(true, "candle1min", "60018")]
    public async Task Channel_OnTheWrongEndpoint_IsRefusedByCode(bool business, string channel, string code)
    {
        await using var client = await _simulation.ConnectAsync(business);

        Assert.Equal(code, Assert.Single(await client.AskAsync(Request("subscribe", Arg(channel)))).Text("code"));
    }

    [Fact]
    public async Task Subscribe_WithOneBadArgument_KeepsTheOthers()
    {
        await using var client = await _simulation.ConnectAsync();
        var answers = await client.AskAsync(Request("subscribe", Arg("tickers"), Arg("tickers", "NO-SUCH"), Arg("tickers", Swap)));

        Assert.Equal(2, answers.Count(answer => answer.IsEvent("subscribe")));
        Assert.Equal("60018", Assert.Single(answers, answer => answer.IsEvent("error")).Text("code"));
        _simulation.Advance(1);
        Assert.Equal(2, (await client.ReadAsync()).Of("tickers").Count());
    }

    [Fact]
    public async Task Requests_The481stInAnHour_IsTooFrequentAndTheConnectionStays()
    {
        await using var client = await _simulation.ConnectAsync();
        for (var i = 0; i < 480; i++)
        {
            await client.Raw.SendAsync(Request(i % 2 == 0 ? "subscribe" : "unsubscribe", Arg("trades")));
        }

        Assert.Equal(480, (await client.ReadAsync()).Count);
        var error = Assert.Single(await client.AskAsync(Request("subscribe", Arg("status"))));
        Assert.Equal(("60014", "Requests too frequent"), (error.Text("code"), error.Text("msg")));
        for (var i = 0; i < 180; i++)
        {
            _simulation.Advance(20);
            await client.ReadAsync();
        }

        await client.SubscribeAsync(Arg("trades"));
    }

    [Fact]
    public async Task Connects_TheFourthInASecond_Gets429()
    {
        _simulation.Advance(1);
        List<RawClient> clients = [];
        for (var i = 0; i < 4; i++)
        {
            clients.Add(await _simulation.ConnectAsync("/ws/v5/public"));
        }

        Assert.Equal(["101", "101", "101", "429"], clients.Select(client => client.Handshake.Split(' ')[1]));
        _simulation.Advance(1);
        await using var later = await _simulation.ConnectAsync("/ws/v5/business");
        Assert.StartsWith("HTTP/1.1 101", later.Handshake, StringComparison.Ordinal);
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task Idle_WithoutASubscription_ClosesAfterThirtySecondsThoughPinged()
    {
        await using var client = await _simulation.ConnectAsync();
        _simulation.Advance(20);
        await client.ReadAsync();
        _simulation.Advance(9.8);
        await client.ReadAsync();
        _simulation.Advance(0.2);

        Assert.Equal("4004 No data received in 30s", await client.Raw.ReadCloseAsync());
    }

    [Fact]
    public async Task Idle_WithASilentSubscription_ClosesUnlessPinged()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync(Arg("instruments", "SPOT", "instType"));
        for (var i = 0; i < 5; i++)
        {
            _simulation.Advance(29);
            Assert.Empty(await client.ReadAsync());
        }

        _simulation.Advance(30);
        Assert.Equal("4004 No data received in 30s", await client.Raw.ReadCloseAsync());
    }

    [Fact]
    public async Task Request_Above64Kilobytes_ClosesWith1009()
    {
        await using var client = await _simulation.ConnectAsync();
        var request = Encoding.ASCII.GetBytes(Request("subscribe", Arg("trades")).PadRight((64 * 1024) + 1));
        await client.Raw.SendAsync(1, request[..40_000], final: false);
        await client.Raw.SendAsync(0, request[40_000..^1]);
        Assert.Equal("subscribe", Assert.Single(await client.ReadAsync()).Text("event"));

        await client.Raw.SendAsync(1, request[..40_000], final: false);
        await client.Raw.SendAsync(0, request[40_000..]);
        Assert.Equal("1009 Request message exceeds the maximum frame length", await client.Raw.ReadCloseAsync());
    }

    [Fact]
    public async Task Private_WithoutAKey_AsksForALogin()
    {
        _simulation.Advance(1);
        await using var client = new FencedClient(await _simulation.ConnectAsync("/ws/v5/private"), "ping", "pong");

        Assert.Equal("60011", Assert.Single(await client.AskAsync(Request("subscribe", Arg("books")))).Text("code"));
    }

    [Fact]
    public async Task Path_OfNobody_Is404()
    {
        await using var client = await _simulation.ConnectAsync("/ws/v5/nobody");

        Assert.StartsWith("HTTP/1.1 404", client.Handshake, StringComparison.Ordinal);
    }
}
