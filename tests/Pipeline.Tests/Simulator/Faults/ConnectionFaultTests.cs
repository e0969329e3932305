using System.Net.Sockets;
using System.Text;

namespace Pipeline.Tests.Simulator.Faults;

/// <summary>Faults of connections as a client of the Binance spot dialect sees them.</summary>
public sealed class ConnectionFaultTests : IAsyncLifetime
{
    private const string List = """{"method":"LIST_SUBSCRIPTIONS","id":1}""";
    private const string Empty = """{"result":[],"id":1}""";
    private Simulation _simulation = null!;

    public async Task InitializeAsync() => _simulation = await Simulation.StartAsync();

    public async Task DisposeAsync() => await _simulation.DisposeAsync();

    [Fact]
    public async Task F01_TakesNoPong_UntilTheDeadlineCloses()
    {
        await using var client = await _simulation.ConnectAsync();
        await _simulation.FaultAsync("""{"id":"F01"}""");
        Advance(20);
        var (_, payload) = await client.ReadFrameAsync();
        await client.SendAsync(10, payload);
        await PongsAsync(1);
        Advance(60);

        Assert.Equal("1008 Pong timeout", await client.ReadCloseAsync());
    }

    [Fact]
    public async Task F02_SendsTheTextBeforeItCloses()
    {
        await using var client = await _simulation.ConnectAsync();
        await _simulation.FaultAsync("""{"id":"F02"}""");

        Assert.Equal("Pong timeout", await client.ReadTextAsync());
        Assert.Equal("1008 Pong timeout", await client.ReadCloseAsync());
    }

    [Theory]
    [InlineData(false, "1008 Pong timeout")]
    [InlineData(true, null)]
    public async Task F03_ClosesOnAnotherPayload(bool echoes, string? close)
    {
        await using var client = await _simulation.ConnectAsync();
        await _simulation.FaultAsync("""{"id":"F03"}""");
        Advance(20);
        var (_, payload) = await client.ReadFrameAsync();
        await client.SendAsync(10, echoes ? payload : "other"u8.ToArray());

        Assert.Equal(close ?? Empty, close is null ? await client.AskAsync(List) : await client.ReadCloseAsync());
    }

    [Fact]
    public async Task F04_WithALowerLimit_ClosesEarlier()
    {
        await using var client = await _simulation.ConnectAsync();
        await _simulation.FaultAsync("""{"id":"F04","parameters":{"limit":2}}""");
        await client.AskAsync(List);
        await client.AskAsync(List);
        await client.SendAsync(List);

        Assert.Equal("1008 Too many requests", await client.ReadCloseAsync());
    }

    [Fact]
    public async Task F04_WithAHigherLimit_BearsABurst()
    {
        await using var client = await _simulation.ConnectAsync();
        await _simulation.FaultAsync("""{"id":"F04","parameters":{"limit":15}}""");
        for (var i = 0; i < 15; i++)
        {
            Assert.Equal(Empty, await client.AskAsync(List));
        }

        await client.SendAsync(List);

        Assert.Equal("1008 Too many requests", await client.ReadCloseAsync());
    }

    [Fact]
    public async Task F05_ClosesSomeTimeWithoutAReason()
    {
        await using var client = await _simulation.ConnectAsync();
        await OpenAsync(1);
        await _simulation.FaultAsync("""{"id":"F05","count":1,"parameters":{"meanTime":"1s"}}""");
        while ((await _simulation.GetAsync("/faults")).GetProperty("active").GetArrayLength() > 0)
        {
            Advance(1);
        }

        Assert.Equal("1008 ", await client.ReadCloseAsync());
    }

    [Fact]
    public async Task F06_ClosesWithCodeAndReason()
    {
        await using var client = await _simulation.ConnectAsync();
        await _simulation.FaultAsync("""{"id":"F06","parameters":{"code":"1000","reason":"bye"}}""");

        Assert.Equal("1000 bye", await client.ReadCloseAsync());
    }

    [Fact]
    public async Task F07_IsSilentAndThenResets()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@trade");
        await _simulation.FaultAsync("""{"id":"F07","connection":1,"parameters":{"deadFor":"5s"}}""");
        Advance(4);
        await client.SendAsync(List);
        Assert.Equal(1, (await _simulation.GetAsync("/connections"))[0].GetProperty("framesSent").GetInt32());
        Advance(2);

        var failure = await Assert.ThrowsAsync<IOException>(client.ReadFrameAsync);
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(failure.InnerException).SocketErrorCode);
    }

    [Fact]
    public async Task F07_AsABlackHole_NeverSaysAnythingAgain()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@trade");
        await _simulation.FaultAsync("""{"id":"F07","parameters":{"mode":"blackHole"}}""");
        await client.SendAsync(8, [0x03, 0xE8]);
        Advance(600);

        var connection = (await _simulation.GetAsync("/connections"))[0];
        Assert.Equal((1, 0), (connection.GetProperty("framesSent").GetInt32(), connection.GetProperty("unsentBytes").GetInt32()));
    }

    [Fact]
    public async Task F08_ClosesAllAndTakesNobodyForAWhile()
    {
        await using var first = await _simulation.ConnectAsync();
        await using var second = await _simulation.ConnectAsync();
        await OpenAsync(2);
        await _simulation.FaultAsync("""{"id":"F08","for":"10s","parameters":{"closeWithin":"5s"}}""");
        Advance(6);

        Assert.Equal("1001 Upgrade", await first.ReadCloseAsync());
        Assert.Equal("1001 Upgrade", await second.ReadCloseAsync());
        Assert.StartsWith("HTTP/1.1 503", (await HandshakeAsync()), StringComparison.Ordinal);
        Advance(5);
        Assert.StartsWith("HTTP/1.1 101", (await HandshakeAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task F09_TellsEachInItsForm_AndClosesLater()
    {
        await using var raw = await _simulation.ConnectAsync();
        await using var combined = await _simulation.ConnectAsync("/stream");
        await using var fine = await _simulation.ConnectAsync("/ws?timeUnit=MICROSECOND");
        await OpenAsync(3);
        await _simulation.FaultAsync("""{"id":"F09","parameters":{"closeAfter":"10s"}}""");
        var time = _simulation.Clock.GetUtcNow().ToUnixTimeMilliseconds();

        Assert.Equal($$"""{"e":"serverShutdown","E":{{time}}}""", await raw.ReadTextAsync());
        Assert.Equal(
            $$$"""{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":{{{time}}}}}""", await combined.ReadTextAsync());
        Assert.Equal($$"""{"e":"serverShutdown","E":{{time}}000}""", await fine.ReadTextAsync());
        Assert.Equal(Empty, await raw.AskAsync(List));
        Advance(11);
        Assert.Equal("1001 Server shutdown", await raw.ReadCloseAsync());
    }

    [Fact]
    public async Task F13_ClosesOnALargeRequest()
    {
        await using var client = await _simulation.ConnectAsync();
        await _simulation.FaultAsync("""{"id":"F13","parameters":{"bytes":100}}""");
        await client.SendAsync(List + new string(' ', 100));

        Assert.Equal("1009 Request message exceeds the maximum frame length", await client.ReadCloseAsync());
    }

    [Fact]
    public async Task F14_EndsAClientThatDoesNotRead()
    {
        await _simulation.DisposeAsync();
        _simulation = await Simulation.StartAsync(Simulation.Options with { TradesPerSecond = 1000, QuotesPerSecond = 1000 });
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@trade", "btcusdt@bookTicker");
        await _simulation.FaultAsync("""{"id":"F14","parameters":{"bytes":1000000}}""");
        for (var i = 0; i < 120; i++)
        {
            Advance(1);
        }

        Assert.True(_simulation.Host.Totals.BytesSent < 30_000_000);
        await _simulation.UntilAsync("/status", status => Ends(status).Any(end => end.StartsWith("4005", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("451", "HTTP/1.1 451")]
    [InlineData("429", "HTTP/1.1 429")]
    public async Task F15_RefusesWithStatusAndRetryAfter(string status, string line)
    {
        await _simulation.FaultAsync($$$"""{"id":"F15","count":1,"parameters":{"status":{{{status}}},"retryAfter":"7s"}}""");
        var answer = await HandshakeAsync();

        Assert.StartsWith(line, answer, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 7\r\n", answer, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 101", await HandshakeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task F15_AsTcp_ResetsWithoutAnAnswer()
    {
        await _simulation.FaultAsync("""{"id":"F15","parameters":{"status":"tcp"}}""");

        await Assert.ThrowsAsync<IOException>(HandshakeAsync);
    }

    [Fact]
    public async Task F16_AnswersNothing_AndCutsWhenItEnds()
    {
        var handle = await _simulation.FaultAsync("""{"id":"F16"}""");
        var handshake = HandshakeAsync();
        await _simulation.UntilAsync("/faults", faults => faults.GetProperty("active")[0].GetProperty("struck").GetInt32() == 1);
        Advance(60);
        Assert.False(handshake.IsCompleted);
        using var answer = await _simulation.Control.DeleteAsync(new Uri($"/faults/{handle}", UriKind.Relative));
        while (!handshake.IsCompleted)
        {
            Advance(1);
            await Task.Yield();
        }

        await Assert.ThrowsAsync<IOException>(() => handshake);
    }

    [Fact]
    public async Task F18_AnswersAPingLate_WhileRequestsAreAnswered()
    {
        await using var client = await _simulation.ConnectAsync();
        await _simulation.FaultAsync("""{"id":"F18","parameters":{"delay":"5s"}}""");
        await client.SendAsync(9, "hello"u8.ToArray());
        Assert.Equal(Empty, await client.AskAsync(List));
        Advance(6);

        var (opcode, payload) = await client.ReadFrameAsync();
        Assert.Equal((10, "hello"), (opcode, Encoding.UTF8.GetString(payload)));
    }

    private void Advance(int seconds) => _simulation.Clock.Advance(TimeSpan.FromSeconds(seconds));

    private async Task<string> HandshakeAsync()
    {
        await using var client = await _simulation.ConnectAsync();
        return client.Handshake;
    }

    private Task<System.Text.Json.JsonElement> OpenAsync(int count) => _simulation.UntilAsync("/connections", open => open.GetArrayLength() == count);

    private Task<System.Text.Json.JsonElement> PongsAsync(int count) =>
        _simulation.UntilAsync("/connections", open => open[0].GetProperty("pongs").GetInt32() >= count);

    private static IEnumerable<string> Ends(System.Text.Json.JsonElement status) =>
        status.GetProperty("totals").GetProperty("ends").EnumerateObject().Select(end => end.Name);
}
