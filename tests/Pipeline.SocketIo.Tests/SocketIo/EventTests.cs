using Pipeline.SocketIo.Packets;
using Pipeline.SocketIo.Tests.Wire;

namespace Pipeline.SocketIo.Tests.SocketIo;

public sealed class EventTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly SocketIoHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Event_WithBinary_StaysBinary()
    {
        var socket = await _host.ConnectAsync();

        await socket.SendAsync("452-[\"echo\",{\"_placeholder\":true,\"num\":0},\"x\",{\"_placeholder\":true,\"num\":1}]");
        await socket.SendAsync([1, 2, 3]);
        await socket.SendAsync([4]);

        Assert.Equal("452-[\"echoed\",{\"_placeholder\":true,\"num\":0},\"x\",{\"_placeholder\":true,\"num\":1}]", await socket.NextAsync());
        Assert.Equal(["b:010203", "b:04"], [await socket.NextAsync(), await socket.NextAsync()]);
    }

    [Fact]
    public async Task Event_WithBinaryOverPolling_StaysBinary()
    {
        var sid = await _host.OpenPollingAsync();
        await _host.PostAsync(sid, "40");
        await _host.PollAsync(sid);

        await _host.PostAsync(sid, "451-[\"echo\",{\"_placeholder\":true,\"num\":0}]\u001ebAQIDBA==");

        Assert.Equal("451-[\"echoed\",{\"_placeholder\":true,\"num\":0}]\u001ebAQIDBA==", (await _host.PollAsync(sid)).Body);
    }

    [Fact]
    public async Task Ack_ToClient_ComesOnceWithItsNumber()
    {
        _host.Main.On("ask", said =>
        {
            said.Ack("yes", 1);
            said.Ack("twice");
        });
        _host.Main.On("tell", said => Assert.False(said.WantsAck));
        var socket = await _host.ConnectAsync();

        await socket.SendAsync("42456[\"ask\"]");
        await socket.SendAsync("42[\"tell\"]");
        await socket.SendAsync("420[\"ask\"]");

        Assert.Equal(["43456[\"yes\",1]", "430[\"yes\",1]"], [await socket.NextAsync(), await socket.NextAsync()]);
        Assert.Empty(_host.Errors);
    }

    [Fact]
    public async Task Ack_OfClient_EndsTheWait()
    {
        var socket = await _host.ConnectAsync();
        var answer = _host.Sockets[0].EmitWithAckAsync("ask", IoArguments.Of("x"), Second);
        var second = _host.Sockets[0].EmitWithAckAsync("ask", IoArguments.None, Second);
        Assert.Equal(["420[\"ask\",\"x\"]", "421[\"ask\"]"], [await socket.NextAsync(), await socket.NextAsync()]);

        await socket.SendAsync("461-1[{\"_placeholder\":true,\"num\":0}]");
        await socket.SendAsync([7]);
        await socket.SendAsync("430[\"y\",2]");
        await socket.SendAsync("430[\"again\"]");

        Assert.Equal("y", (await answer).GetString(0));
        Assert.True((await second).TryGetBinary(0, out var bytes));
        Assert.Equal([7], bytes.ToArray());
    }

    [Fact]
    public async Task Ack_OfClientTooLate_IsATimeout()
    {
        var socket = await _host.ConnectAsync();
        var answer = _host.Sockets[0].EmitWithAckAsync("ask", IoArguments.None, Second);
        await socket.NextAsync();

        _host.Advance(900);
        Assert.False(answer.IsCompleted);
        _host.Advance(400);

        await Assert.ThrowsAsync<TimeoutException>(() => answer);
        await socket.SendAsync("430[]");
        await socket.SendAsync("42[\"echo\"]");
        Assert.Equal("42[\"echoed\"]", await socket.NextAsync());
    }

    [Fact]
    public async Task Ack_OfClientThatGoes_Fails()
    {
        var socket = await _host.ConnectAsync();
        var answer = _host.Sockets[0].EmitWithAckAsync("ask", IoArguments.None, Second);

        await socket.DropAsync();

        await Assert.ThrowsAsync<IoDisconnectedException>(() => answer);
        await Assert.ThrowsAsync<IoDisconnectedException>(() => _host.Sockets[0].EmitWithAckAsync("ask", IoArguments.None, Second));
    }

    [Theory]
    [InlineData("4abc")]
    [InlineData("42")]
    [InlineData("42{}")]
    [InlineData("42[]")]
    [InlineData("42abc[\"echo\"]")]
    [InlineData("42[\"disconnect\"]")]
    [InlineData("42[\"connect_error\",1]")]
    [InlineData("42/other,[\"echo\"]")]
    [InlineData("40")]
    [InlineData("41[]")]
    [InlineData("44{}")]
    [InlineData("43[]")]
    [InlineData("430{}")]
    [InlineData("450-[\"echo\"]")]
    [InlineData("4511-[\"echo\"]")]
    [InlineData("451-[\"echo\",{\"_placeholder\":true,\"num\":1}]|b")]
    [InlineData("451-[\"echo\"]|42[\"echo\"]")]
    [InlineData("b")]
    public async Task Packet_Malformed_EndsThatConnectionAlone(string packets)
    {
        var other = await _host.ConnectAsync();
        var socket = await _host.ConnectAsync();

        foreach (var packet in packets.Split('|'))
        {
            await (packet == "b" ? socket.SendAsync([1, 2]) : socket.SendAsync(packet));
        }

        await socket.ClosedAsync();
        await Eventually.TrueAsync(() => _host.Gone.Count == 1);
        Assert.Equal([DisconnectReason.ParseError], _host.Gone);
        await other.SendAsync("42[\"echo\",\"alive\"]");
        Assert.Equal("42[\"echoed\",\"alive\"]", await other.NextAsync());
        Assert.Empty(_host.Errors);
    }

    [Fact]
    public async Task Json_FiveThousandDeep_EndsThatConnectionAlone()
    {
        var other = await _host.ConnectAsync();
        var socket = await _host.ConnectAsync();

        await socket.SendAsync("42[\"echo\"," + new string('[', 5_000) + new string(']', 5_000) + "]");
        await socket.ClosedAsync();
        var auth = await _host.OpenAsync();
        await auth.SendAsync("40" + string.Concat(Enumerable.Repeat("{\"a\":", 5_000)) + "1" + new string('}', 5_000));
        await auth.ClosedAsync();

        await other.SendAsync("42[\"echo\"]");
        Assert.Equal("42[\"echoed\"]", await other.NextAsync());
    }

    [Fact]
    public async Task Attachments_TooLargeTogether_EndTheConnection()
    {
        using var host = new SocketIoHost(new SocketIoOptions { Packets = new PacketLimits { MaxAttachmentBytes = 10 } });
        var socket = await host.ConnectAsync();

        await socket.SendAsync("452-[\"echo\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]");
        await socket.SendAsync(new byte[6]);
        await socket.SendAsync(new byte[6]);

        await socket.ClosedAsync();
    }

    [Fact]
    public async Task Handler_Throwing_CostsNobodyTheConnection()
    {
        _host.Main.On("bad", (Action<IoEvent>)(_ => throw new InvalidOperationException("mine")));
        var socket = await _host.ConnectAsync();

        await socket.SendAsync("42[\"bad\"]");
        await socket.SendAsync("42[\"echo\"]");

        Assert.Equal("42[\"echoed\"]", await socket.NextAsync());
        Assert.Single(_host.Errors);
        Assert.Equal(1, _host.Server.Statistics.HandlerErrors);
    }

    [Fact]
    public async Task Handler_OfTheSocket_GoesBeforeTheNamespaces()
    {
        var unhandled = new List<string>();
        _host.Main.Unhandled = said =>
        {
            unhandled.Add(said.Name);
            return ValueTask.CompletedTask;
        };
        var socket = await _host.ConnectAsync();
        _host.Sockets[0].On("echo", said => said.Socket.Emit("own"));

        await socket.SendAsync("42[\"nobody knows\"]");
        await socket.SendAsync("42[\"echo\"]");

        Assert.Equal("42[\"own\"]", await socket.NextAsync());
        Assert.Equal(["nobody knows"], unhandled);
    }

    [Fact]
    public async Task Rate_Exceeded_DropsAndTells()
    {
        using var host = new SocketIoHost(new SocketIoOptions { EventsPerSecond = 2, EventBurst = 3 });
        var dropped = new List<string>();
        host.Main.RateLimited = (socket, name) =>
        {
            dropped.Add(name);
            socket.Emit("slow-down");
        };
        var socket = await host.ConnectAsync();
        for (var i = 0; i < 4; i++)
        {
            await socket.SendAsync($"42[\"echo\",{i}]");
        }

        // Joining took one.
        Assert.Equal(["42[\"echoed\",0]", "42[\"echoed\",1]", "42[\"slow-down\"]", "42[\"slow-down\"]"], [await socket.NextAsync(), await socket.NextAsync(), await socket.NextAsync(), await socket.NextAsync()]);
        host.Advance(500);
        await socket.SendAsync("42[\"echo\",9]");
        Assert.Equal("42[\"echoed\",9]", await socket.NextAsync());
        Assert.Equal(["echo", "echo"], dropped);
        Assert.Equal(2, host.Server.Statistics.RateLimited);
    }
}
