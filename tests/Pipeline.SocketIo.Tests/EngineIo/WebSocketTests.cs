using Pipeline.Fanout;
using Pipeline.SocketIo.EngineIo;
using Pipeline.SocketIo.Tests.Wire;

namespace Pipeline.SocketIo.Tests.EngineIo;

public sealed class WebSocketTests : IDisposable
{
    private readonly EngineHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Messages_SentBack_AreTheSame()
    {
        var socket = await _host.OpenSessionAsync();

        await socket.SendAsync("4hello €");
        await socket.SendAsync([1, 2, 255]);

        Assert.Equal("4hello €", await socket.NextAsync());
        Assert.Equal("b:0102FF", await socket.NextAsync());
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("2probe")]
    [InlineData("5")]
    public async Task Message_Malformed_EndsThatSessionAlone(string text)
    {
        var socket = await _host.OpenSessionAsync();
        var other = await _host.OpenSessionAsync();

        await socket.SendAsync(text);

        await socket.ClosedAsync();
        Assert.Equal([EngineCloseReason.ParseError], _host.Closed);
        await other.SendAsync("4alive");
        Assert.Equal("4alive", await other.NextAsync());
    }

    [Fact]
    public async Task Message_TooLarge_EndsTheSession()
    {
        var socket = await _host.OpenSessionAsync();

        await socket.SendAsync("4" + new string('x', 1000));

        Assert.Equal("close:1009", await socket.ClosedAsync());
        await Eventually.TrueAsync(() => _host.Closed.Count == 1);
    }

    [Fact]
    public async Task Close_ByClient_EndsTheSession()
    {
        var socket = await _host.OpenSessionAsync();

        await socket.SendAsync("1");

        await socket.ClosedAsync();
        Assert.Equal([EngineCloseReason.TransportClose], _host.Closed);
        Assert.Equal(0, _host.Server.Count);
    }

    [Fact]
    public async Task Connection_Broken_EndsTheSession()
    {
        var socket = await _host.OpenSessionAsync();

        await socket.DropAsync();

        await Eventually.TrueAsync(() => _host.Closed.Count == 1);
        Assert.Equal(0, _host.Server.Count);
    }

    [Fact]
    public async Task Sid_OfAWebSocket_CannotBePolled()
    {
        await _host.OpenSessionAsync();

        Assert.Equal(400, (await _host.PollAsync(_host.Opened[0].Id)).Status);
        Assert.Empty(_host.Closed);
    }

    [Fact]
    public async Task Joined_Messages_AreOneWriteOfSeveral()
    {
        var socket = await _host.OpenSessionAsync();

        _host.Opened[0].Send(SharedMessage.Join(EngineHost.Text("head"), SharedMessage.Binary(new byte[] { 9 }), SharedMessage.Binary(new byte[] { 8 })));

        Assert.Equal(["4head", "b:09", "b:08"], [await socket.NextAsync(), await socket.NextAsync(), await socket.NextAsync()]);
    }

    [Fact]
    public async Task Server_Disposed_ClosesAllAndTakesNoMore()
    {
        var socket = await _host.OpenSessionAsync();
        await _host.OpenPollingAsync();

        _host.Server.Dispose();

        await socket.ClosedAsync();
        Assert.Equal([EngineCloseReason.ServerShutdown, EngineCloseReason.ServerShutdown], _host.Closed);
        Assert.Equal(503, (await _host.RequestAsync("GET", "?EIO=4&transport=polling")).Status);
    }
}
