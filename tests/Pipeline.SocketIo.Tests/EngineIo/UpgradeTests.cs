using Pipeline.SocketIo.EngineIo;

namespace Pipeline.SocketIo.Tests.EngineIo;

public sealed class UpgradeTests : IDisposable
{
    private readonly EngineHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Upgrade_WithProbe_LetsThePollGoAndKeepsOrder()
    {
        var sid = await _host.OpenPollingAsync();
        var poll = _host.PollAsync(sid);
        var socket = _host.OpenSocket(sid);
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.NextAsync());
        _host.Advance(60);
        Assert.Equal("6", (await poll).Body);
        var session = _host.Opened[0];
        for (var i = 0; i < 5; i++)
        {
            session.Send(EngineHost.Text("m" + i));
        }

        await socket.SendAsync("5");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("4m" + i, await socket.NextAsync());
        }

        Assert.Equal(EngineTransports.WebSocket, session.Transport);
        await socket.SendAsync("4over");
        Assert.Equal("4over", await socket.NextAsync());
        Assert.Equal(400, (await _host.PollAsync(sid)).Status);
        Assert.Equal(1, _host.Server.Metrics.Snapshot().Upgraded);
    }

    [Fact]
    public async Task Upgrade_PollDuringProbe_GetsItsNoop()
    {
        var sid = await _host.OpenPollingAsync();
        var socket = _host.OpenSocket(sid);
        await socket.SendAsync("2probe");
        await socket.NextAsync();

        var poll = _host.PollAsync(sid);
        Assert.False(poll.IsCompleted);
        _host.Advance(60);

        Assert.Equal("6", (await poll).Body);
    }

    [Fact]
    public async Task Upgrade_PollAcrossIt_IsRefused()
    {
        var sid = await _host.OpenPollingAsync();
        var poll = _host.PollAsync(sid);
        var socket = _host.OpenSocket(sid);
        await socket.SendAsync("2probe");
        await socket.SendAsync("5");

        Assert.Equal(400, (await poll).Status);
        await socket.SendAsync("4on");
        Assert.Equal(["3probe", "4on"], [await socket.NextAsync(), await socket.NextAsync()]);
    }

    [Fact]
    public async Task Upgrade_SecondSocket_IsClosedAndHarmsNobody()
    {
        var sid = await _host.OpenPollingAsync();
        var first = _host.OpenSocket(sid);
        await first.SendAsync("2probe");
        await first.NextAsync();

        var during = _host.OpenSocket(sid);
        await during.ClosedAsync();
        await first.SendAsync("5");
        await first.SendAsync("4on");
        Assert.Equal("4on", await first.NextAsync());
        var after = _host.OpenSocket(sid);
        await after.ClosedAsync();

        await first.SendAsync("4still");
        Assert.Equal("4still", await first.NextAsync());
        Assert.Empty(_host.Closed);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("4hello")]
    [InlineData("2")]
    [InlineData("3probe")]
    public async Task Upgrade_WithoutProbe_LeavesTheSessionPolling(string first)
    {
        var sid = await _host.OpenPollingAsync();
        var socket = _host.OpenSocket(sid);

        await socket.SendAsync(first);

        await socket.ClosedAsync();
        await _host.PostAsync(sid, "4polling");
        Assert.Equal("4polling", (await _host.PollAsync(sid)).Body);
        Assert.Empty(_host.Closed);
    }

    [Fact]
    public async Task Upgrade_NeverCompleted_IsGivenUp()
    {
        using var host = new EngineHost(_host.Options with { PingInterval = TimeSpan.FromSeconds(25) });
        var sid = await host.OpenPollingAsync();
        var socket = host.OpenSocket(sid);
        await socket.SendAsync("2probe");
        await socket.NextAsync();

        host.Advance(1_020);

        await socket.ClosedAsync();
        await host.PostAsync(sid, "4polling");
        Assert.Equal("4polling", (await host.PollAsync(sid)).Body);
        var again = host.OpenSocket(sid);
        await again.SendAsync("2probe");
        Assert.Equal("3probe", await again.NextAsync());
    }

    [Fact]
    public async Task Upgrade_SocketLost_LeavesTheSessionPolling()
    {
        var sid = await _host.OpenPollingAsync();
        var socket = _host.OpenSocket(sid);
        await socket.SendAsync("2probe");
        await socket.NextAsync();

        await socket.DropAsync();

        await _host.PostAsync(sid, "4polling");
        Assert.Equal("4polling", (await _host.PollAsync(sid)).Body);
    }

    [Fact]
    public async Task Upgrade_NotAllowed_IsNeitherOfferedNorDone()
    {
        using var host = new EngineHost(_host.Options with { AllowUpgrades = false });
        var open = await host.RequestAsync("GET", "?EIO=4&transport=polling");
        var socket = host.OpenSocket(host.Opened[0].Id);

        Assert.Contains("\"upgrades\":[]", open.Body, StringComparison.Ordinal);
        await socket.ClosedAsync();
    }

    [Fact]
    public async Task Upgrade_WhileEverybodySends_LosesNothing()
    {
        using var host = new EngineHost(_host.Options with { PingInterval = TimeSpan.FromMinutes(1) });
        var sid = await host.OpenPollingAsync();
        var session = host.Opened[0];
        var sender = new Thread(() =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                session.Send(EngineHost.Text(i.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            }
        });
        sender.Start();
        var seen = new List<string>((await host.PollAsync(sid)).Body.Split('\u001e'));
        var socket = host.OpenSocket(sid);
        await socket.SendAsync("2probe");
        await socket.NextAsync();
        await socket.SendAsync("5");
        while (seen.Count < 5_000)
        {
            seen.Add(await socket.NextAsync());
        }

        sender.Join();
        Assert.Equal(Enumerable.Range(0, 5_000).Select(i => "4" + i), seen);
    }
}
