using System.Net.Sockets;
using System.Text;

namespace Pipeline.Tests.Simulator;

public sealed class SimulatorControlTests : IAsyncLifetime
{
    private Simulation _simulation = null!;

    public async Task InitializeAsync() => _simulation = await Simulation.StartAsync();

    public async Task DisposeAsync() => await _simulation.DisposeAsync();

    [Fact]
    public async Task Status_OfAnEngine_NamesModeSymbolsAndTotals()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@trade");
        _simulation.Clock.Advance(TimeSpan.FromSeconds(10));
        await client.ReadTextAsync();
        var status = await _simulation.GetAsync("/status");

        Assert.Equal("engine", status.GetProperty("mode").GetString());
        Assert.Equal("BTCUSDT", status.GetProperty("symbols")[0].GetString());
        Assert.Equal(10, status.GetProperty("uptimeSeconds").GetDouble());
        Assert.Equal(1, status.GetProperty("totals").GetProperty("connectionsOpen").GetInt32());
        Assert.True(status.GetProperty("totals").GetProperty("trades").GetInt64() > 10);
        Assert.Equal(_simulation.Clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000, status.GetProperty("clock").GetInt64());
    }

    [Fact]
    public async Task TranscriptOfConnections_CountsWhatWentOverEach_AlsoWhenItIsOver()
    {
        await using (var client = await _simulation.ConnectAsync())
        {
            await client.SubscribeAsync("btcusdt@trade");
            _simulation.Clock.Advance(TimeSpan.FromSeconds(10));
            await client.ReadTextAsync();
            await _simulation.PostAsync("/connections/1/close?code=1012&reason=upgrade");
        }

        var all = await _simulation.UntilAsync(
            "/transcript/connections", all => all.GetProperty("connections")[0].GetProperty("endedAt").ValueKind == System.Text.Json.JsonValueKind.Number);
        var one = all.GetProperty("connections")[0];
        Assert.Equal((1, 1), (all.GetProperty("attempts").GetInt32(), all.GetProperty("opened").GetInt32()));
        Assert.Equal((1, "binance", "/ws", "1012 upgrade"), (one.GetProperty("connection").GetInt32(), one.GetProperty("venue").GetString(), one.GetProperty("path").GetString(), one.GetProperty("endReason").GetString()));
        Assert.Equal(1, one.GetProperty("requests").GetInt32());
        Assert.True(one.GetProperty("messages").GetInt64() > 10);
        Assert.InRange(one.GetProperty("frames").GetInt64() - one.GetProperty("messages").GetInt64(), 1, 2);
    }

    [Fact]
    public async Task Rates_OfASymbol_ReplaceThoseOfAll()
    {
        var silent = Simulation.Btc with { Instrument = "ETH-USDT", TradesPerSecond = 1 / 3600.0, QuotesPerSecond = 0 };
        await using var simulation = await Simulation.StartAsync(
            Simulation.Options with { Symbols = [Simulation.Btc, silent], TradesPerSecond = 2 });
        simulation.Clock.Advance(TimeSpan.FromHours(2));
        var counts = (await simulation.GetAsync("/truth/summary")).GetProperty("symbols").EnumerateArray()
            .ToDictionary(one => one.GetProperty("symbol").GetString()!, one => one.GetProperty("count").GetInt64());

        Assert.True(counts["BTCUSDT"] > 14_000);
        Assert.InRange(counts["ETHUSDT"], 0, 30);
    }

    [Fact]
    public async Task Truth_PagesById()
    {
        _simulation.Clock.Advance(TimeSpan.FromMinutes(1));
        var summary = (await _simulation.GetAsync("/truth/summary")).GetProperty("symbols")[0];
        var first = summary.GetProperty("firstId").GetInt64();
        var page = (await _simulation.GetAsync($"/truth/trades?symbol=BTCUSDT&fromId={first + 5}&limit=3")).GetProperty("trades");

        Assert.Equal(summary.GetProperty("lastId").GetInt64() - first + 1, summary.GetProperty("count").GetInt64());
        Assert.Equal([first + 5, first + 6, first + 7], page.EnumerateArray().Select(trade => trade.GetProperty("id").GetInt64()));
    }

    [Fact]
    public async Task Close_ByControl_SendsCodeAndReason()
    {
        await using var client = await _simulation.ConnectAsync();
        Assert.Equal(1, (await _simulation.PostAsync("/connections/1/close?code=1012&reason=upgrade")).GetProperty("closed").GetInt32());

        Assert.Equal("1012 upgrade", await client.ReadCloseAsync());
    }

    [Fact]
    public async Task CloseAll_ByControl_ReachesEverybody()
    {
        await using var first = await _simulation.ConnectAsync();
        await using var second = await _simulation.ConnectAsync("/stream");
        Assert.Equal(2, (await _simulation.PostAsync("/connections/close-all?code=1001")).GetProperty("closed").GetInt32());

        Assert.Equal("1001 ", await first.ReadCloseAsync());
        Assert.Equal("1001 ", await second.ReadCloseAsync());
    }

    [Fact]
    public async Task Abort_ByControl_ResetsTheTcpConnection()
    {
        await using var client = await _simulation.ConnectAsync();
        await _simulation.PostAsync("/connections/1/abort");

        var failure = await Assert.ThrowsAsync<IOException>(client.ReadFrameAsync);
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(failure.InnerException).SocketErrorCode);
    }

    [Theory]
    [InlineData("{\"e\":\"trade\",\"p\":\"12", "", 1)]
    [InlineData("\u0001\u0002", "?opcode=binary&connection=1", 2)]
    public async Task Frames_Posted_ArriveVerbatim(string body, string query, int opcode)
    {
        await using var client = await _simulation.ConnectAsync();
        await _simulation.PostAsync("/frames" + query, Encoding.UTF8.GetBytes(body));
        var frame = await client.ReadFrameAsync();

        Assert.Equal((opcode, body), (frame.Opcode, Encoding.UTF8.GetString(frame.Payload)));
    }

    [Fact]
    public async Task Frames_OfAMegabyteOfRubbish_ArriveVerbatim()
    {
        var body = new byte[1024 * 1024];
        new Random(1).NextBytes(body);
        await using var client = await _simulation.ConnectAsync();
        await _simulation.PostAsync("/frames", body);

        Assert.Equal(body, (await client.ReadFrameAsync()).Payload);
    }

    [Theory]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("GET", "/truth/trades", 400)]
    [InlineData("GET", "/truth/trades?symbol=BTCUSDT&limit=0", 400)]
    [InlineData("GET", "/truth/trades?symbol=BTCUSDT&fromId=x", 400)]
    [InlineData("POST", "/connections/99/close", 404)]
    [InlineData("POST", "/connections/x/abort", 400)]
    [InlineData("POST", "/connections/close-all?code=1006", 400)]
    [InlineData("POST", "/frames?opcode=ping", 400)]
    public async Task Request_ThatCannotBeServed_IsToldWhy(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await _simulation.Control.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Matches("^\\{\"error\":\".{10,}\"\\}$", await answer.Content.ReadAsStringAsync());
    }
}
