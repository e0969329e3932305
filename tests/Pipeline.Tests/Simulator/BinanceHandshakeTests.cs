using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Pipeline.Tests.Simulator;

public sealed class BinanceHandshakeTests : IAsyncLifetime
{
    private Simulation _simulation = null!;

    public async Task InitializeAsync() => _simulation = await Simulation.StartAsync();

    public async Task DisposeAsync() => await _simulation.DisposeAsync();

    [Fact]
    public async Task Handshake_WithExtensionsOffered_AcceptsWithoutThem()
    {
        await using var client = await _simulation.ConnectAsync(
            _simulation.Host.BinanceSpotUri, "/ws", "Sec-WebSocket-Extensions: permessage-deflate\r\n");

        Assert.StartsWith("HTTP/1.1 101 ", client.Handshake, StringComparison.Ordinal);
        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", client.Handshake, StringComparison.Ordinal);
        Assert.DoesNotContain("Extensions", client.Handshake, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/stream/nonsense")]
    [InlineData("/wss")]
    public async Task Handshake_UnknownPath_Is404(string path)
    {
        await using var client = await _simulation.ConnectAsync(path);

        Assert.StartsWith("HTTP/1.1 404 ", client.Handshake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/stream?streams=btcusdt@trade/btcusdt@depth", "btcusdt@trade,btcusdt@depth")]
    [InlineData("/stream?streams=btcusdt%40trade%2Fbtcusdt%40depth", "btcusdt@trade,btcusdt@depth")]
    [InlineData("/ws/btcusdt%40trade%2F%E5%B8%81usdt@depth", "btcusdt@trade,币usdt@depth")]
    [InlineData("/stream?streams=", "")]
    public async Task Address_WithStreams_SubscribesThem(string path, string streams)
    {
        await using var client = await _simulation.ConnectAsync(path);
        var list = await client.AskAsync("""{"method":"LIST_SUBSCRIPTIONS","id":1}""");

        Assert.Equal(streams.Split(',', StringSplitOptions.RemoveEmptyEntries), JsonSerializer.Deserialize<string[]>(list[10..^8])!);
    }

    [Fact]
    public async Task Address_WithMalformedStream_IsRefusedAndClosed()
    {
        await using var client = await _simulation.ConnectAsync("/stream?streams=a@trade,b@trade");

        Assert.Contains("invalid stream", await client.ReadTextAsync(), StringComparison.Ordinal);
        Assert.Equal("1008 Invalid request", await client.ReadCloseAsync());
    }

    [Fact]
    public async Task Handshakes_Beyond300InFiveMinutes_Are429UntilTimePasses()
    {
        for (var i = 0; i < 300; i++)
        {
            await using var client = await _simulation.ConnectAsync();
        }

        await using (var refused = await _simulation.ConnectAsync())
        {
            Assert.StartsWith("HTTP/1.1 429 ", refused.Handshake, StringComparison.Ordinal);
            Assert.Contains("Retry-After: 300", refused.Handshake, StringComparison.Ordinal);
        }

        _simulation.Clock.Advance(TimeSpan.FromMinutes(5));
        await using var accepted = await _simulation.ConnectAsync();
        Assert.StartsWith("HTTP/1.1 101 ", accepted.Handshake, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StockClient_SubscribesReceivesAndCloses()
    {
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri(_simulation.Host.BinanceSpotUri, "/ws"), CancellationToken.None);
        var request = """{"method":"SUBSCRIBE","params":["btcusdt@aggTrade"],"id":1}"""u8.ToArray();
        await client.SendAsync(request, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        Assert.Equal("""{"result":null,"id":1}""", await ReceiveAsync(client));
        _simulation.Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.StartsWith("{\"e\":\"aggTrade\",\"E\":", await ReceiveAsync(client), StringComparison.Ordinal);
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None);
        Assert.Equal((WebSocketState.Closed, WebSocketCloseStatus.NormalClosure), (client.State, client.CloseStatus));
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket client)
    {
        var buffer = new byte[4096];
        var result = await client.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(RealTime.Bound);
        return Encoding.UTF8.GetString(buffer, 0, result.Count);
    }
}
