using System.Text;

namespace Pipeline.Tests.Simulator;

public sealed class BinanceFuturesLimitsTests : IAsyncLifetime
{
    private const string List = """{"method":"LIST_SUBSCRIPTIONS","id":1}""";
    private Simulation _simulation = null!;

    public async Task InitializeAsync() => _simulation = await Simulation.StartAsync(
        Simulation.Options with { BinanceFuturesListen = new Uri("http://127.0.0.1:0"), Symbols = [] });

    public async Task DisposeAsync() => await _simulation.DisposeAsync();

    [Fact]
    public async Task Messages_FifteenAtOnce_AreAnsweredAndTheSixteenthCloses()
    {
        await using var client = await _simulation.ConnectFuturesAsync("/public/ws");
        for (var i = 0; i < 15; i++)
        {
            Assert.Equal("""{"result":[],"id":1}""", await client.AskAsync(List));
        }

        await client.SendAsync(List);
        Assert.Equal("1008 Too many requests", await client.ReadCloseAsync());
    }

    [Fact]
    public async Task Messages_TenASecond_AreAlwaysAnswered()
    {
        await using var client = await _simulation.ConnectFuturesAsync("/market/stream");
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal("""{"result":[],"id":1}""", await client.AskAsync(List));
            _simulation.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    [Fact]
    public async Task Ping_EveryThreeMinutes_WantsAPongWithinTen()
    {
        await using var client = await _simulation.ConnectFuturesAsync("/ws");
        await client.AskAsync(List);
        _simulation.Clock.Advance(TimeSpan.FromSeconds(179));
        Assert.Equal("""{"result":[],"id":1}""", await client.AskAsync(List));
        _simulation.Clock.Advance(TimeSpan.FromSeconds(1));
        var (opcode, payload) = await client.ReadFrameAsync();
        var time = _simulation.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.Equal((9, time), (opcode, long.Parse(Encoding.ASCII.GetString(payload), null)));

        _simulation.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(200));
        Assert.Equal("""{"result":[],"id":1}""", await client.AskAsync(List));
        _simulation.Clock.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal("1008 Pong timeout", await client.ReadCloseAsync());
    }

    [Fact]
    public async Task Request_WithAThousandNames_IsTaken()
    {
        await using var client = await _simulation.ConnectFuturesAsync("/market/ws");
        await client.SubscribeAsync([.. Enumerable.Range(0, 1024).Select(i => $"symbol{i}@aggTrade")]);
        Assert.Equal(
            """{"error":{"code":4,"msg":"Too many subscriptions"}}""",
            await client.AskAsync("""{"method":"SUBSCRIBE","params":["one@more"],"id":2}"""));
        Assert.Equal("1008 Invalid request", await client.ReadCloseAsync());
    }

    [Theory]
    [InlineData("/publik/ws")]
    [InlineData("/public")]
    [InlineData("/public/nonsense")]
    public async Task Path_ThatDoesNotExist_Is404(string path)
    {
        await using var client = await _simulation.ConnectFuturesAsync(path);
        Assert.StartsWith("HTTP/1.1 404", client.Handshake, StringComparison.Ordinal);
    }
}
