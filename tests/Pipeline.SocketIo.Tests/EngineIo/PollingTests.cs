using System.Text;
using Pipeline.Fanout;
using Pipeline.SocketIo.EngineIo;
using Pipeline.SocketIo.Tests.Wire;

namespace Pipeline.SocketIo.Tests.EngineIo;

public sealed class PollingTests : IDisposable
{
    private readonly EngineHost _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("4hello")]
    [InlineData("4one\u001e4two\u001e4€")]
    [InlineData("4hello\u001ebAQIDBA==")]
    [InlineData("4")]
    public async Task Payload_SentBack_IsTheSame(string payload)
    {
        var sid = await _host.OpenPollingAsync();

        var post = await _host.PostAsync(sid, payload);
        var poll = await _host.PollAsync(sid);

        Assert.Equal((200, "ok"), (post.Status, post.Body));
        Assert.Equal((200, payload), (poll.Status, poll.Body));
    }

    [Fact]
    public async Task Poll_ThatWaits_EndsWithTheFirstMessage()
    {
        var sid = await _host.OpenPollingAsync();
        var poll = _host.PollAsync(sid);
        Assert.False(poll.IsCompleted);

        _host.Opened[0].Send(EngineHost.Text("news"));

        Assert.Equal("4news", (await poll).Body);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("4a\u001e")]
    [InlineData("b!!!")]
    [InlineData("0")]
    [InlineData("2")]
    [InlineData("5")]
    [InlineData("7")]
    [InlineData("11")]
    public async Task Payload_Malformed_EndsThatSessionAlone(string payload)
    {
        var sid = await _host.OpenPollingAsync();
        var other = await _host.OpenPollingAsync();

        var post = await _host.PostAsync(sid, payload);

        Assert.Equal(400, post.Status);
        Assert.Equal(400, (await _host.PollAsync(sid)).Status);
        Assert.Equal([EngineCloseReason.ParseError], _host.Closed);
        await _host.PostAsync(other, "4alive");
        Assert.Equal("4alive", (await _host.PollAsync(other)).Body);
    }

    [Fact]
    public async Task Payload_NotUtf8_EndsTheSession()
    {
        var sid = await _host.OpenPollingAsync();
        var session = _host.Opened[0];

        Assert.Equal(PostOutcome.Broken, await session.OnPayloadAsync(new byte[] { (byte)'4', 0xff }));
        Assert.Equal(400, (await _host.PollAsync(sid)).Status);
    }

    [Fact]
    public async Task Payload_TooLarge_EndsTheSession()
    {
        var sid = await _host.OpenPollingAsync();

        Assert.Equal(200, (await _host.PostAsync(sid, "4" + new string('x', 999))).Status);
        Assert.Equal(413, (await _host.PostAsync(sid, "4" + new string('x', 1000))).Status);
        Assert.Equal([EngineCloseReason.TransportError], _host.Closed);
    }

    [Fact]
    public async Task Polls_Overlapping_EndTheSession()
    {
        var sid = await _host.OpenPollingAsync();
        var first = _host.PollAsync(sid);

        var second = await _host.PollAsync(sid);

        Assert.Equal((200, "1"), ((await first).Status, (await first).Body));
        Assert.Equal(400, second.Status);
        Assert.Equal(400, (await _host.PollAsync(sid)).Status);
    }

    [Fact]
    public async Task Posts_Overlapping_EndTheSession()
    {
        var sid = await _host.OpenPollingAsync();
        var slow = new TaskCompletionSource();
        _host.OnText = _ => new ValueTask(slow.Task);
        var first = _host.PostAsync(sid, "4slow");

        var second = await _host.PostAsync(sid, "4fast");
        Assert.Empty(_host.Closed);
        slow.SetResult();

        Assert.Equal(400, second.Status);
        Assert.Equal(400, (await first).Status);
        Assert.Equal([EngineCloseReason.TransportError], _host.Closed);
    }

    [Fact]
    public async Task Poll_Aborted_EndsTheSession()
    {
        var sid = await _host.OpenPollingAsync();
        using var abort = new CancellationTokenSource();
        var poll = _host.PollAsync(sid, abort.Token);

        await abort.CancelAsync();

        await poll;
        Assert.Equal([EngineCloseReason.TransportError], _host.Closed);
        Assert.Equal(400, (await _host.PollAsync(sid)).Status);
    }

    [Fact]
    public async Task Close_ByClient_LetsThePollGo()
    {
        var sid = await _host.OpenPollingAsync();
        var poll = _host.PollAsync(sid);

        var post = await _host.PostAsync(sid, "1");

        Assert.Equal("6", (await poll).Body);
        Assert.Equal(200, post.Status);
        Assert.Equal(400, (await _host.PollAsync(sid)).Status);
        Assert.Equal([EngineCloseReason.TransportClose], _host.Closed);
    }

    [Fact]
    public async Task Close_ByClientBeforeItsPollCame_LetsThatGoToo()
    {
        var sid = await _host.OpenPollingAsync();
        var post = _host.PostAsync(sid, "1");

        var poll = await _host.PollAsync(sid);
        _host.Advance(50);

        Assert.Equal("6", poll.Body);
        Assert.Equal(200, (await post).Status);
        Assert.Equal([EngineCloseReason.TransportClose], _host.Closed);
    }

    [Fact]
    public async Task Close_ByClientWithoutPoll_EndsSoon()
    {
        var sid = await _host.OpenPollingAsync();
        var post = _host.PostAsync(sid, "1");

        _host.Advance(50);
        await post;

        Assert.Equal(0, _host.Server.Count);
        Assert.Equal(400, (await _host.PollAsync(sid)).Status);
    }

    [Fact]
    public async Task Close_ByServer_KeepsWhatWaitsForOnePoll()
    {
        var sid = await _host.OpenPollingAsync();
        _host.Opened[0].Send(EngineHost.Text("last words"));

        _host.Opened[0].Close();

        Assert.Equal([EngineCloseReason.ForcedClose], _host.Closed);
        Assert.Equal("4last words\u001e1", (await _host.PollAsync(sid)).Body);
        Assert.Equal(400, (await _host.PollAsync(sid)).Status);
        Assert.Equal(0, _host.Server.Count);
    }

    [Fact]
    public async Task Close_ByServerNeverPolled_IsForgotten()
    {
        var sid = await _host.OpenPollingAsync();
        _host.Opened[0].Close();

        _host.Advance(300);

        Assert.Equal(0, _host.Server.Count);
        Assert.Equal(400, (await _host.PollAsync(sid)).Status);
    }

    [Fact]
    public async Task Outbox_TooManyBytes_CutsTheClient()
    {
        using var host = new EngineHost(_host.Options with { OutboxBytes = 1000 });
        await host.OpenPollingAsync();
        var session = host.Opened[0];

        Assert.True(session.Send(EngineHost.Text(new string('x', 900))));
        Assert.False(session.Send(EngineHost.Text(new string('x', 200))));

        await Eventually.TrueAsync(() => host.Closed.Count == 1);
        Assert.Equal([EngineCloseReason.SlowClient], host.Closed);
    }

    [Fact]
    public async Task Outbox_RequiredTooOld_CutsTheClient()
    {
        using var host = new EngineHost(_host.Options with { PingInterval = TimeSpan.FromSeconds(25), PingTimeout = TimeSpan.FromSeconds(20) });
        await host.OpenPollingAsync();
        host.Opened[0].Send(EngineHost.Text("old"));

        host.Advance(5_000);
        Assert.Empty(host.Closed);
        host.Advance(1_000);

        Assert.Equal([EngineCloseReason.SlowClient], host.Closed);
    }

    [Fact]
    public async Task Outbox_ConflatableBeyondTheLimit_KeepsTheNewestOfAKey()
    {
        using var host = new EngineHost(_host.Options with { ConflateFrom = 3 });
        var sid = await host.OpenPollingAsync();
        for (var i = 0; i < 10; i++)
        {
            host.Opened[0].Send(EngineHost.Text("q" + i), Delivery.Conflatable, "quote");
            host.Opened[0].Send(EngineHost.Text("t" + i));
        }

        var body = (await host.PollAsync(sid)).Body.Split('\u001e');

        Assert.Equal(Enumerable.Range(0, 10).Select(i => "4t" + i), body.Where(packet => packet[1] == 't'));
        Assert.Single(body, packet => packet == "4q9");
        Assert.InRange(body.Count(packet => packet[1] == 'q'), 1, 3);
    }

    [Fact]
    public async Task Outbox_Volatile_GoesOnlyToAPollThatWaits()
    {
        var sid = await _host.OpenPollingAsync();
        _host.Opened[0].Send(EngineHost.Text("nobody listens"), Delivery.Volatile);
        var poll = _host.PollAsync(sid);

        Assert.False(poll.IsCompleted);
        _host.Opened[0].Send(EngineHost.Text("now"), Delivery.Volatile);

        Assert.Equal("4now", (await poll).Body);
    }

    [Fact]
    public async Task Joined_Messages_StayTogether()
    {
        var sid = await _host.OpenPollingAsync();
        _host.Opened[0].Send(SharedMessage.Join(EngineHost.Text("head"), SharedMessage.Binary(new byte[] { 1, 2, 3, 4 })));

        Assert.Equal("4head\u001ebAQIDBA==", (await _host.PollAsync(sid)).Body);
    }

    [Fact]
    public async Task Handler_Throwing_CostsItsSessionAlone()
    {
        var sid = await _host.OpenPollingAsync();
        var other = await _host.OpenPollingAsync();
        _host.OnText = text => text == "bad" ? throw new InvalidOperationException("mine") : ValueTask.CompletedTask;

        await _host.PostAsync(sid, "4bad");

        Assert.Equal([EngineCloseReason.ForcedClose], _host.Closed);
        Assert.Single(_host.Errors);
        Assert.Equal(200, (await _host.PostAsync(other, "4good")).Status);
    }

    [Fact]
    public void Payload_Measured_IsWhatIsWritten()
    {
        List<SharedMessage> packets = [EngineHost.Text("€"), SharedMessage.Binary(new byte[] { 1, 2 }), SharedMessage.Binary(Array.Empty<byte>())];
        var writer = new System.Buffers.ArrayBufferWriter<byte>();

        PollingPayload.Write(packets, writer);

        Assert.Equal("4€\u001ebAQI=\u001eb", Encoding.UTF8.GetString(writer.WrittenSpan));
        Assert.Equal(writer.WrittenCount, PollingPayload.Measure(packets));
    }

    [Fact]
    public async Task Drain_WhilePolling_HandsOutWhatWaitsAndEnds()
    {
        using var host = new EngineHost();
        var (waiting, idle) = (await host.OpenPollingAsync(), await host.OpenPollingAsync());
        var poll = host.PollAsync(waiting);
        host.Opened[1].Send(EngineHost.Text("last"));

        host.Server.Drain();
        Assert.Equal("1", (await poll).Body);
        Assert.Equal(1, host.Server.Count);
        Assert.Equal("4last\u001e1", (await host.PollAsync(idle)).Body);
        Assert.Equal(0, host.Server.Count);
        Assert.Equal(503, (await host.RequestAsync("GET", "?EIO=4&transport=polling")).Status);
        Assert.Equal([EngineCloseReason.ServerShutdown, EngineCloseReason.ServerShutdown], host.Closed);
    }

    [Theory]
    [InlineData("closes")]
    [InlineData("silent")]
    [InlineData("nonsense")]
    [InlineData("server")]
    public async Task PollingEnded_IsToldOnce_HoweverItEnds(string how)
    {
        var ended = 0;
        var options = new EngineOptions
        {
            PingInterval = TimeSpan.FromMilliseconds(300),
            PingTimeout = TimeSpan.FromMilliseconds(200),
            PollingEnded = _ => Interlocked.Increment(ref ended),
        };
        using var host = new EngineHost(options);
        var sid = await host.OpenPollingAsync();
        var poll = host.PollAsync(sid);
        Assert.Equal(0, ended);
        switch (how)
        {
            case "closes":
                await host.PostAsync(sid, "1");
                break;
            case "nonsense":
                await host.PostAsync(sid, "x");
                break;
            case "server":
                host.Opened[0].Close();
                break;
            default:
                host.Advance(600);
                host.Advance(600);
                break;
        }

        await poll;
        Assert.Equal((1, 0), (ended, host.Server.Count));
        host.Advance(1000);
        Assert.Equal(1, ended);
    }

    [Fact]
    public async Task PollingEnded_IsTold_WhenTheClientGoesOver()
    {
        var ended = 0;
        using var host = new EngineHost(new EngineOptions { PollingEnded = _ => Interlocked.Increment(ref ended) });
        var sid = await host.OpenPollingAsync();
        var socket = host.OpenSocket(sid);
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.NextAsync());
        Assert.Equal(0, ended);
        await socket.SendAsync("5");
        await Eventually.TrueAsync(() => Volatile.Read(ref ended) == 1);
        await socket.DropAsync();
        await Eventually.TrueAsync(() => host.Server.Count == 0);
        Assert.Equal(1, ended);
    }

    [Fact]
    public async Task CutSlowestPolling_EndsThoseForWhomMostWaits()
    {
        using var host = new EngineHost();
        for (var i = 0; i < 3; i++)
        {
            await host.OpenPollingAsync();
            host.Opened[i].Send(EngineHost.Text(new string('x', (i + 1) * 1000)));
        }

        Assert.InRange(host.Server.PollingBytes, 6000, 7000);
        Assert.Equal(1, host.Server.CutSlowestPolling(4000));
        Assert.Equal([true, true, false], host.Opened.Select(session => session.IsOpen));
        Assert.InRange(host.Server.PollingBytes, 3000, 4000);
        Assert.Equal(2, host.Server.CutSlowestPolling(0));
        Assert.Equal((0L, 0), (host.Server.PollingBytes, host.Server.Count));
    }
}
