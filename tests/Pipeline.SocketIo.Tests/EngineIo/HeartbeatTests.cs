using Pipeline.SocketIo.EngineIo;

namespace Pipeline.SocketIo.Tests.EngineIo;

public sealed class HeartbeatTests : IDisposable
{
    private readonly EngineHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Polling_PingAndPong_GoOn()
    {
        var sid = await _host.OpenPollingAsync();
        for (var i = 0; i < 5; i++)
        {
            var poll = _host.PollAsync(sid);
            _host.Advance(320);

            Assert.Equal("2", (await poll).Body);
            Assert.Equal(200, (await _host.PostAsync(sid, "3")).Status);
        }
    }

    [Fact]
    public async Task Polling_Silent_EndsAfterIntervalAndTimeout()
    {
        var sid = await _host.OpenPollingAsync();
        _host.Advance(499);
        Assert.Equal(1, _host.Server.Count);

        // Not a sweep: the request itself finds it.
        _host.Advance(1);

        Assert.Equal(400, (await _host.PollAsync(sid)).Status);
        Assert.Equal([EngineCloseReason.PingTimeout], _host.Closed);
    }

    [Fact]
    public async Task WebSocket_PingAndPong_GoOn()
    {
        var socket = await _host.OpenSessionAsync();
        for (var i = 0; i < 5; i++)
        {
            _host.Advance(320);

            Assert.Equal("2", await socket.NextAsync());
            await socket.SendAsync("3");
            await socket.SendAsync("4taken");
            Assert.Equal("4taken", await socket.NextAsync());
        }
    }

    [Fact]
    public async Task WebSocket_Silent_EndsAloneWhileOthersLive()
    {
        var silent = await _host.OpenSessionAsync();
        var alive = await _host.OpenSessionAsync();
        _host.Advance(320);
        Assert.Equal("2", await alive.NextAsync());
        await alive.SendAsync("3");
        await alive.SendAsync("4");
        Assert.Equal("4", await alive.NextAsync());

        _host.Advance(200);

        await silent.ClosedAsync();
        Assert.Equal([EngineCloseReason.PingTimeout], _host.Closed);
        Assert.Equal(1, _host.Server.Count);
    }

    [Fact]
    public async Task Pong_LateButDataFlows_IsGivenTimeOnce()
    {
        var socket = await _host.OpenSessionAsync();
        _host.Advance(450);
        await socket.SendAsync("4upload");
        Assert.Equal(["2", "4upload"], [await socket.NextAsync(), await socket.NextAsync()]);

        _host.Advance(150);
        await socket.SendAsync("4upload");
        Assert.Equal("4upload", await socket.NextAsync());
        _host.Advance(60);

        await socket.ClosedAsync();
        Assert.Equal([EngineCloseReason.PingTimeout], _host.Closed);
    }

    [Fact]
    public async Task Pongs_NotAskedFor_PutNothingOff()
    {
        var socket = await _host.OpenSessionAsync();
        _host.Advance(250);
        await socket.SendAsync("3");
        await socket.SendAsync("4x");
        Assert.Equal("4x", await socket.NextAsync());

        _host.Advance(70);

        Assert.Equal("2", await socket.NextAsync());
    }

    [Fact]
    public async Task Sweep_OneTimer_ForAllSessions()
    {
        var before = _host.Time.PendingTimers;
        for (var i = 0; i < 50; i++)
        {
            await _host.OpenPollingAsync();
            await _host.OpenSessionAsync();
        }

        Assert.Equal(before, _host.Time.PendingTimers);
    }
}
