using Pipeline.Fanout;
using Pipeline.SocketIo.EngineIo;
using Pipeline.SocketIo.Tests.Wire;

namespace Pipeline.SocketIo.Tests.SocketIo;

public sealed class ConnectTests : IDisposable
{
    private readonly SocketIoHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Connect_Main_TellsThePublicIdAlone()
    {
        var (_, id, privateId) = await _host.ConnectWithIdsAsync();

        Assert.Equal(20, id.Length);
        Assert.Null(privateId);
        Assert.Equal(id, _host.Sockets[0].Id);
        Assert.NotEqual(id, _host.Sockets[0].Connection.Session.Id);
    }

    [Fact]
    public async Task Connect_UnknownNamespace_IsAnErrorAndNoMore()
    {
        var socket = await _host.OpenAsync();

        await socket.SendAsync("40/random");
        Assert.Equal("44/random,{\"message\":\"Invalid namespace\"}", await socket.NextAsync());

        await socket.SendAsync("40");
        Assert.StartsWith("40{", await socket.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_Middleware_SeesAuthAndRefuses()
    {
        _host.Main.Use(request => ValueTask.FromResult(
            request.GetAuth("token") == "123" ? null : new ConnectError("Not authorized", "{\"retry\":false}"u8.ToArray())));
        var socket = await _host.OpenAsync();

        await socket.SendAsync("40{\"token\":\"no\"}");
        Assert.Equal("44{\"message\":\"Not authorized\",\"data\":{\"retry\":false}}", await socket.NextAsync());
        Assert.Empty(_host.Sockets);

        await socket.SendAsync("40{\"token\":\"123\"}");
        Assert.StartsWith("40{", await socket.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_MiddlewareThrowing_IsARefusal()
    {
        _host.Main.Use(_ => throw new InvalidOperationException("database password is x"));
        var socket = await _host.OpenAsync();

        await socket.SendAsync("40");

        Assert.Equal("44{\"message\":\"Internal error\"}", await socket.NextAsync());
        Assert.Single(_host.Errors);
    }

    [Fact]
    public async Task Connect_TwoNamespaces_AreApart()
    {
        var admin = _host.Server.Of("/admin");
        admin.On("echo", said => said.Socket.Emit("admin-echoed", said.Arguments));
        var socket = await _host.ConnectAsync();
        await socket.SendAsync("40/admin,");
        Assert.StartsWith("40/admin,{", await socket.NextAsync(), StringComparison.Ordinal);

        await socket.SendAsync("42/admin,[\"echo\",1]");
        Assert.Equal("42/admin,[\"admin-echoed\",1]", await socket.NextAsync());
        _host.Main.Emit("main");
        admin.Emit("admin");
        Assert.Equal(["42[\"main\"]", "42/admin,[\"admin\"]"], [await socket.NextAsync(), await socket.NextAsync()]);

        await socket.SendAsync("41/admin,");
        await socket.SendAsync("42[\"echo\",2]");
        Assert.Equal("42[\"echoed\",2]", await socket.NextAsync());
        Assert.Equal(0, admin.Count);
    }

    [Fact]
    public async Task Connect_TooManyNamespaces_IsAnError()
    {
        using var host = new SocketIoHost(new SocketIoOptions { MaxNamespaces = 1 });
        host.Server.Of("/b");
        var socket = await host.ConnectAsync();

        await socket.SendAsync("40/b");

        Assert.Equal("44/b,{\"message\":\"Too many namespaces\"}", await socket.NextAsync());
    }

    [Fact]
    public async Task Connect_Never_EndsAfterTheTimeout()
    {
        using var host = new SocketIoHost(new SocketIoOptions { ConnectTimeout = TimeSpan.FromSeconds(1) });
        var silent = await host.OpenAsync();
        var polling = await host.OpenPollingAsync();
        var joined = await host.ConnectAsync();

        host.Advance(1_300);

        await silent.ClosedAsync();
        Assert.Equal(400, (await host.PollAsync(polling)).Status);
        await joined.SendAsync("42[\"echo\"]");
        Assert.Equal("42[\"echoed\"]", await joined.NextAsync());
    }

    [Theory]
    [InlineData("4abc")]
    [InlineData("4")]
    [InlineData("42[\"echo\"]")]
    [InlineData("41")]
    [InlineData("43[]")]
    [InlineData("44{\"message\":\"x\"}")]
    [InlineData("40[]")]
    [InlineData("40\"x\"")]
    [InlineData("40{\"a\":}")]
    [InlineData("401{}")]
    public async Task First_PacketOutOfPlace_EndsTheConnection(string packet)
    {
        var socket = await _host.OpenAsync();

        await socket.SendAsync(packet);

        await socket.ClosedAsync();
        Assert.Equal(0, _host.Server.Count);
    }

    [Fact]
    public async Task Disconnect_ByServer_LetsWhatWasUnderWayPass()
    {
        var socket = await _host.ConnectAsync();
        _host.Sockets[0].Disconnect();
        Assert.Equal("41", await socket.NextAsync());

        await socket.SendAsync("42[\"echo\",1]");
        await socket.SendAsync("41");
        await socket.SendAsync("40");

        Assert.StartsWith("40{", await socket.NextAsync(), StringComparison.Ordinal);
        Assert.Equal([DisconnectReason.ServerDisconnected], _host.Gone);
        Assert.False(_host.Sockets[0].Emit("late"));
        Assert.Equal(1, _host.Main.Count);
    }

    [Fact]
    public async Task Disconnect_WithConnection_EndsAllNamespaces()
    {
        _host.Server.Of("/b");
        var socket = await _host.ConnectAsync();
        await socket.SendAsync("40/b");
        await socket.NextAsync();

        _host.Sockets[0].Disconnect(closeConnection: true);

        await socket.ClosedAsync();
        Assert.Equal([DisconnectReason.ForcedClose], _host.Gone);
        Assert.Equal(0, _host.Server.Of("/b").Count);
    }

    [Fact]
    public async Task Disconnect_WithClosure_TellsTheClientAndClosesItsConnection()
    {
        using var host = new SocketIoHost(SocketIoHost.WithRecovery());
        var socket = await host.ConnectAsync();
        host.Sockets[0].Disconnect(new LinkClosure(4007, "go", ByPeer: false));

        Assert.Equal("41", await socket.NextAsync());
        Assert.Equal("close:4007", await socket.ClosedAsync());
        Assert.Equal([DisconnectReason.ServerDisconnected], host.Gone);
        Assert.Equal((0, 0), (host.Main.Count, host.Server.Count));
    }

    [Fact]
    public async Task Subject_IsWhatMiddlewareSaid()
    {
        _host.Main.Use(request =>
        {
            request.Subject = request.GetAuth("name");
            return ValueTask.FromResult<ConnectError?>(null);
        });
        await _host.ConnectAsync("{\"name\":\"alice\"}");
        await _host.ConnectAsync();

        Assert.Equal(["alice", null], _host.Sockets.Select(socket => socket.Subject));
    }

    [Fact]
    public async Task Statistics_GoOnWhenTheSessionGoesOver()
    {
        var sid = await _host.OpenPollingAsync();
        await _host.PostAsync(sid, "40");
        await _host.PollAsync(sid);
        var client = _host.Sockets[0];
        Assert.Equal((1, 0), (client.Statistics().MessagesSent, client.Statistics().Waiting));
        client.Emit("a");
        Assert.Equal((1, 1, true), (client.Statistics().MessagesSent, client.Statistics().Waiting, client.Statistics().WaitingBytes > 0));
        await _host.PollAsync(sid);
        var polled = client.Statistics();
        Assert.Equal((2, 0, 0), (polled.MessagesSent, polled.Waiting, polled.WaitingBytes));

        var socket = MemorySocket.Open(_host.Links, _host.Server, "/socket.io/", "?EIO=4&transport=websocket&sid=" + sid);
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.NextAsync());
        await socket.SendAsync("5");
        await Eventually.TrueAsync(() => client.Transport == EngineTransports.WebSocket);
        client.Emit("b");
        Assert.Equal("42[\"b\"]", await socket.NextAsync());

        // Those that were polled, the answer to the probe, and the event.
        await Eventually.TrueAsync(() => client.Statistics().MessagesSent == 4);
        Assert.True(client.Statistics().BytesSent > polled.BytesSent);
    }

    [Fact]
    public async Task Polling_Session_GoesOverWithItsRooms()
    {
        var sid = await _host.OpenPollingAsync();
        await _host.PostAsync(sid, "40");
        Assert.StartsWith("40{", (await _host.PollAsync(sid)).Body, StringComparison.Ordinal);
        _host.Sockets[0].Join("room");
        _host.Main.To("room").Emit("a");
        Assert.Equal("42[\"a\"]", (await _host.PollAsync(sid)).Body);

        var socket = Wire.MemorySocket.Open(_host.Links, _host.Server, "/socket.io/", "?EIO=4&transport=websocket&sid=" + sid);
        await socket.SendAsync("2probe");
        await socket.NextAsync();
        _host.Main.To("room").Emit("b");
        await socket.SendAsync("5");
        Assert.Equal("42[\"b\"]", await socket.NextAsync());

        Assert.Equal(EngineTransports.WebSocket, _host.Sockets[0].Transport);
        Assert.Equal(1, _host.Main.To("room").Emit("c"));
        Assert.Equal("42[\"c\"]", await socket.NextAsync());
        _host.Sockets[0].Leave("room");
        Assert.Equal(0, _host.Main.To("room").Emit("d"));
        Assert.Equal(0, _host.Main.RoomCount);
    }

    [Fact]
    public async Task Connect_WithMoreAlongThanIsKept_IsCut()
    {
        using var host = new SocketIoHost(new SocketIoOptions { Packets = new Packets.PacketLimits { MaxAuthBytes = 100 } });
        await host.ConnectAsync($$"""{"token":"{{new string('x', 80)}}"}""");
        var socket = await host.OpenAsync();

        await socket.SendAsync($$"""40{"token":"{{new string('x', 200)}}"}""");
        await socket.ClosedAsync();
    }

    [Fact]
    public async Task Connect_WithHalfASurrogatePair_HasNoSuchText()
    {
        using var host = new SocketIoHost();
        host.Main.Use(request => ValueTask.FromResult(request.GetAuth("token") is null ? new ConnectError("none") : null));
        var socket = await host.OpenAsync();

        await socket.SendAsync("""40{"token":"\ud800"}""");
        Assert.Equal("""44{"message":"none"}""", await socket.NextAsync());
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task Connect_UntilATime_IsClosedThen_AndToldBefore()
    {
        using var host = new SocketIoHost(new SocketIoOptions { ExpiredClosure = new LinkClosure(4005, "over", ByPeer: false) });
        host.Main.Use(request =>
        {
            request.Expires = host.Time.GetUtcNow().AddSeconds(20);
            return ValueTask.FromResult<ConnectError?>(null);
        });
        host.Main.Expired = socket => socket.Emit("over");
        var socket = await host.ConnectAsync();
        var polling = await host.OpenPollingAsync();
        await host.PostAsync(polling, "40");
        await host.PollAsync(polling);
        host.Advance(19_500);
        Assert.Equal(2, host.Main.Count);

        host.Advance(1_000);
        Assert.Equal("42[\"over\"]", await socket.NextAsync());
        Assert.Equal("42[\"over\"]\u001e1", (await host.PollAsync(polling)).Body);
        await Eventually.TrueAsync(() => host.Main.Count == 0);
        Assert.Equal([DisconnectReason.ForcedClose, DisconnectReason.ForcedClose], host.Gone);
    }
}
