namespace Pipeline.Tests.Simulator;

public sealed class BinanceLimitsTests : IAsyncLifetime
{
    private const string List = """{"method":"LIST_SUBSCRIPTIONS","id":1}""";
    private Simulation _simulation = null!;

    public async Task InitializeAsync() => _simulation = await Simulation.StartAsync(Simulation.Options with { Symbols = [] });

    public async Task DisposeAsync() => await _simulation.DisposeAsync();

    [Fact]
    public async Task Messages_SixInASecond_CloseWithTooManyRequests()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SendAsync(10, []);
        await client.SendAsync(9, []);
        await client.ReadFrameAsync();
        for (var i = 0; i < 3; i++)
        {
            await client.AskAsync(List);
        }

        await client.SendAsync(10, "unsolicited"u8.ToArray());

        Assert.Equal("1008 Too many requests", await client.ReadCloseAsync());
        Assert.Equal(1, await EndsAsync(client, "1008 Too many requests"));
    }

    [Fact]
    public async Task Messages_FivePerRollingSecond_AreAlwaysAnswered()
    {
        await using var client = await _simulation.ConnectAsync();
        for (var i = 0; i < 25; i++)
        {
            await client.AskAsync(List);
            _simulation.Clock.Advance(TimeSpan.FromMilliseconds(200));
        }

        Assert.Equal("""{"result":[],"id":1}""", await client.AskAsync(List));
    }

    [Fact]
    public async Task Request_Above4096Bytes_IsNeverAnswered()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SendAsync(Padded(4097));

        Assert.Equal(20, (await client.AskAsync(Padded(4096))).Length);
        Assert.Equal("""{"result":[],"id":1}""", await client.AskAsync(List));
    }

    [Fact]
    public async Task Streams_The1025th_IsRefusedAndClosed()
    {
        await using var client = await _simulation.ConnectAsync();
        for (var i = 0; i < 8; i++)
        {
            await client.SubscribeAsync([.. Enumerable.Range(0, 128).Select(j => $"s{i}x{j}@trade")]);
            _simulation.Clock.Advance(TimeSpan.FromMilliseconds(200));
        }

        _simulation.Clock.Advance(TimeSpan.FromSeconds(1));
        await client.SubscribeAsync("s0x0@trade");
        Assert.Equal(
            """{"error":{"code":4,"msg":"Too many subscriptions"}}""",
            await client.AskAsync("""{"method":"SUBSCRIBE","params":["one@more"],"id":1}"""));
        Assert.Equal("1008 Invalid request", await client.ReadCloseAsync());
    }

    [Fact]
    public async Task Ping_Unanswered_ClosesAfterSixtySeconds()
    {
        await using var client = await _simulation.ConnectAsync();
        _simulation.Clock.Advance(TimeSpan.FromSeconds(20));
        var (opcode, payload) = await client.ReadFrameAsync();
        var sentAt = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(System.Text.Encoding.ASCII.GetString(payload), null));
        Assert.Equal((9, _simulation.Clock.GetUtcNow()), (opcode, sentAt));

        _simulation.Clock.Advance(TimeSpan.FromSeconds(59));
        await client.SendAsync(10, "not the payload"u8.ToArray());
        await WaitForPongsAsync(1);
        _simulation.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("1008 Pong timeout", await client.ReadCloseAsync());
    }

    [Fact]
    public async Task Ping_Answered_KeepsTheConnection()
    {
        await using var client = await _simulation.ConnectAsync();
        for (var i = 1; i <= 10; i++)
        {
            _simulation.Clock.Advance(TimeSpan.FromSeconds(20));
            var (opcode, payload) = await client.ReadFrameAsync();
            Assert.Equal(9, opcode);
            await client.SendAsync(10, payload);
            await WaitForPongsAsync(i);
        }

        Assert.Equal("""{"result":[],"id":1}""", await client.AskAsync(List));
    }

    [Fact]
    public async Task Connection_After24Hours_IsClosed()
    {
        await using var client = await _simulation.ConnectAsync();
        var pongs = 0;
        for (var minutes = 0; minutes < 24 * 60; minutes++)
        {
            // One answer takes the earlier pings with it; a pong for each would be as good.
            _simulation.Clock.Advance(TimeSpan.FromSeconds(59));
            byte[] newest = [];
            for (var ping = 0; ping < (minutes == 0 ? 2 : 3); ping++)
            {
                var (opcode, payload) = await client.ReadFrameAsync();
                Assert.Equal(9, opcode);
                newest = payload;
            }

            await client.SendAsync(10, newest);
            await WaitForPongsAsync(++pongs);
            _simulation.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal("1001 24 hours are over", await client.ReadCloseAsync());
    }

    private static string Padded(int bytes) => List[..^1] + new string(' ', bytes - List.Length) + "}";

    // The server reads on its own threads: time may move on only when it has seen what was sent.
    private async Task WaitForPongsAsync(int count)
    {
        while ((await _simulation.GetAsync("/connections"))[0].GetProperty("pongs").GetInt32() < count)
        {
            await Task.Yield();
        }
    }

    private async Task<long> EndsAsync(RawClient client, string reason)
    {
        await client.SendAsync(8, [0x03, 0xF0]);
        Assert.True(await client.EndsAsync());
        return _simulation.Host.Totals.Ends[reason];
    }
}
