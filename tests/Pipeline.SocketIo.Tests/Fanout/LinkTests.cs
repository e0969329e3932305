using System.Net.WebSockets;
using System.Text;
using Pipeline.Fanout;
using Pipeline.Fanout.Frames;

namespace Pipeline.SocketIo.Tests.Fanout;

public sealed class LinkTests
{
    public static TheoryData<bool, bool, bool> Ways => new()
    {
        { true, false, false },
        { true, false, true },
        { true, true, false },
        { true, true, true },
        { false, false, true },
        { false, true, false },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Messages_OfAllLengths_ComeBackOnEveryWay(bool belowHttp, bool tls, bool deflate)
    {
        await using var host = await LinkHost.StartAsync(new LinkOptions { Compression = true }, belowHttp, tls);
        using var client = await host.ConnectAsync(deflate);
        foreach (var length in new[] { 0, 1, 125, 126, 5_000, 60_000 })
        {
            var text = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i * i % 26))));
            await LinkHost.SendAsync(client, text);
            Assert.Equal(text, await LinkHost.ReceiveAsync(client));
        }

        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None);
        await LinkHost.UntilAsync(() => host.Closed.Count == 1, "the handler hears of the end");
        Assert.Equal(new LinkClosure(1000, "done", ByPeer: true), host.Closed.Single().Closure);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.CloseStatus);
        Assert.Empty(host.Links.Links);
        Assert.Equal((6, 6), (host.Links.Totals().MessagesSent, host.Links.Totals().MessagesReceived));
    }

    [Fact]
    public async Task Close_ByTheServer_FollowsWhatWaits()
    {
        await using var host = await LinkHost.StartAsync();
        using var client = await host.ConnectAsync();
        var link = Assert.Single(host.Links.Links);
        link.Post(SharedMessage.Text("last words"u8.ToArray()), Delivery.Required);
        link.Close(4001, "reconnect elsewhere");

        Assert.False(link.Post(SharedMessage.Text("too late"u8.ToArray()), Delivery.Required));
        Assert.Equal("last words", await LinkHost.ReceiveAsync(client));
        Assert.Equal("closed 4001 reconnect elsewhere", await LinkHost.ReceiveAsync(client));
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        await LinkHost.UntilAsync(() => host.Closed.Count == 1, "the handler hears of the end");
        Assert.Equal(new LinkClosure(4001, "reconnect elsewhere", ByPeer: false), host.Closed.Single().Closure);
        Assert.Equal(1, host.Links.Closures[4001]);
    }

    [Fact]
    public async Task Close_ThatTheClientDoesNotAnswer_IsBrokenOff()
    {
        await using var host = await LinkHost.StartAsync();
        await using var stream = await host.UpgradeAsync();
        Assert.Single(host.Links.Links).Close(4002, "bye");
        var frame = await LinkHost.FrameAsync(stream);
        Assert.Equal((0x88, 4002), (frame.First, (frame.Payload[0] << 8) | frame.Payload[1]));
        Assert.Empty(host.Closed);
        host.Advance(6);

        await LinkHost.UntilAsync(() => host.Closed.Count == 1, "the link ends without the client");
        Assert.Equal(4002, host.Closed.Single().Closure.Code);
    }

    [Fact]
    public async Task Reason_LongerThanTheWireTakes_IsCutBetweenCharacters()
    {
        await using var host = await LinkHost.StartAsync();
        await using var stream = await host.UpgradeAsync();
        Assert.Single(host.Links.Links).Close(4003, new string('€', 100));
        var frame = await LinkHost.FrameAsync(stream);

        Assert.Equal(new string('€', 41), Encoding.UTF8.GetString(frame.Payload.AsSpan(2)));
    }

    [Fact]
    public async Task Ping_OfTheClient_IsAnsweredWithItsPayload()
    {
        await using var host = await LinkHost.StartAsync();
        await using var stream = await host.UpgradeAsync();
        await stream.WriteAsync(ClientFrames.Frame(Opcode.Ping, [1, 2, 3]));
        var frame = await LinkHost.FrameAsync(stream);

        Assert.Equal(0x8A, frame.First);
        Assert.Equal([1, 2, 3], frame.Payload);
    }

    [Fact]
    public async Task Ping_BehindTheCloseFrame_IsNotAnswered()
    {
        await using var host = await LinkHost.StartAsync();
        await using var stream = await host.UpgradeAsync();
        var link = Assert.Single(host.Links.Links);
        link.Close(4002, "bye");
        Assert.Equal(0x88, (await LinkHost.FrameAsync(stream)).First);
        await stream.WriteAsync(ClientFrames.Frame(Opcode.Ping, [1]));
        await stream.WriteAsync(ClientFrames.Frame(Opcode.Close, [0x0F, 0xA2]));

        // Whatever comes before the end would be that answer.
        Assert.Equal(0, await stream.ReadAsync(new byte[1]));
    }

    [Fact]
    public async Task Reason_OfWhatTheLinkDecides_IsTheOneOfItsOptions()
    {
        var options = new LinkOptions { MaxMessageBytes = 1000, Reasons = new Dictionary<int, string> { [1009] = "TOO_LARGE" } };
        await using var host = await LinkHost.StartAsync(options);
        await using var stream = await host.UpgradeAsync();
        await stream.WriteAsync(ClientFrames.Frame(Opcode.Text, new byte[1001]).AsMemory(..20));

        Assert.Equal("TOO_LARGE", Encoding.ASCII.GetString((await LinkHost.FrameAsync(stream)).Payload.AsSpan(2)));
    }

    [Fact]
    public async Task Silence_IsPingedThenClosed()
    {
        await using var host = await LinkHost.StartAsync();
        await using var stream = await host.UpgradeAsync();
        host.Advance(25);
        Assert.Equal(0x89, (await LinkHost.FrameAsync(stream)).First);
        await stream.WriteAsync(ClientFrames.Frame(Opcode.Pong, []));
        var link = Assert.Single(host.Links.Links);
        await LinkHost.UntilAsync(() => link.Statistics().SilentFor == TimeSpan.Zero, "the pong came");
        host.Advance(59);
        Assert.True(link.IsOpen);
        host.Advance(2);

        var last = await LinkHost.FrameAsync(stream);
        while (last.First == 0x89)
        {
            last = await LinkHost.FrameAsync(stream);
        }

        Assert.Equal("idle", Encoding.ASCII.GetString(last.Payload.AsSpan(2)));
    }

    [Theory]
    [InlineData("not UTF-8", 1007)]
    [InlineData("too big", 1009)]
    [InlineData("not masked", 1002)]
    public async Task Fault_OfTheClient_EndsTheLinkWithItsCode(string what, int code)
    {
        await using var host = await LinkHost.StartAsync(new LinkOptions { MaxMessageBytes = 1000 });
        await using var stream = await host.UpgradeAsync();
        await stream.WriteAsync(what switch
        {
            "not UTF-8" => ClientFrames.Frame(Opcode.Text, [0xFF]),
            "too big" => ClientFrames.Frame(Opcode.Text, new byte[1001])[..20],
            _ => ClientFrames.Frame(Opcode.Text, [65], masked: false),
        });
        var frame = await LinkHost.FrameAsync(stream);

        Assert.Equal((0x88, code), (frame.First, (frame.Payload[0] << 8) | frame.Payload[1]));
        Assert.Equal(0, await stream.ReadAsync(new byte[1]));
        await LinkHost.UntilAsync(() => host.Closed.Count == 1, "the handler hears of the end");
        Assert.Equal((code, false), (host.Closed.Single().Closure.Code, host.Closed.Single().Closure.ByPeer));
        Assert.Equal(1, host.Links.ProtocolFaults);
    }

    [Fact]
    public async Task Handler_ThatThrows_EndsItsLinkAlone()
    {
        await using var host = await LinkHost.StartAsync();
        using var other = await host.ConnectAsync();
        using var client = await host.ConnectAsync();
        await LinkHost.SendAsync(client, "throw");

        Assert.StartsWith("closed 1011", await LinkHost.ReceiveAsync(client), StringComparison.Ordinal);
        await LinkHost.SendAsync(other, "still there");
        Assert.Equal("still there", await LinkHost.ReceiveAsync(other));
        Assert.Equal(1, host.Links.HandlerFailures);
    }

    [Fact]
    public async Task Client_ThatVanishes_IsGone()
    {
        await using var host = await LinkHost.StartAsync();
        var stream = await host.UpgradeAsync();
        Assert.Single(host.Links.Links);
        await stream.DisposeAsync();

        await LinkHost.UntilAsync(() => host.Closed.Count == 1, "the link ends");
        Assert.Equal(1006, host.Closed.Single().Closure.Code);
        Assert.Empty(host.Links.Links);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_ThatDoesNotRead_IsCutByBytesWithTheCode(bool belowHttp)
    {
        var options = new LinkOptions { OutboxBytes = 300_000, SlowClosure = new LinkClosure(4008, "slow; reconnect in 5 s", false) };
        await using var host = await LinkHost.StartAsync(options, belowHttp, serverOptions: new LinkServerOptions { SocketSendBufferBytes = 32 * 1024 });
        using var other = await host.ConnectAsync();
        await LinkHost.SendAsync(other, "room");
        await LinkHost.ReceiveAsync(other);
        await using var stalled = await host.UpgradeAsync(receiveBuffer: 8 * 1024);
        await stalled.WriteAsync(ClientFrames.Text("room"));
        await LinkHost.UntilAsync(() => host.Room.Count == 2, "both are in the room");

        // Both get the same; one of them reads.
        var message = SharedMessage.Text(Encoding.ASCII.GetBytes(new string('m', 5_000)));
        for (var i = 0; i < 500; i++)
        {
            host.Room.Publish(message, Delivery.Required);
            Assert.Equal(5_000, (await LinkHost.ReceiveAsync(other)).Length);
        }

        Assert.Equal(1, host.Links.Links.Count(link => link.IsOpen));

        // Reading at last, it finds what was on its way, whole, and the reason.
        var frame = await LinkHost.FrameAsync(stalled);
        for (; frame.First == 0x81; frame = await LinkHost.FrameAsync(stalled))
        {
        }

        Assert.Equal((0x88, "slow; reconnect in 5 s"), (frame.First, Encoding.ASCII.GetString(frame.Payload.AsSpan(2))));
        await LinkHost.UntilAsync(() => host.Links.Totals().Dropped > 0, "what waited is counted as dropped");
    }

    [Fact]
    public async Task Client_ThatDoesNotRead_IsCutByAge()
    {
        await using var host = await LinkHost.StartAsync(serverOptions: new LinkServerOptions { SocketSendBufferBytes = 16 * 1024 });
        await using var stalled = await host.UpgradeAsync(receiveBuffer: 8 * 1024);
        var link = Assert.Single(host.Links.Links);
        await stalled.WriteAsync(ClientFrames.Text("publish 20 50000"));
        await LinkHost.UntilAsync(() => link.WaitingBytes > 500_000, "the outbox fills");
        host.Advance(4.5);
        Assert.True(link.IsOpen);
        host.Advance(1);
        Assert.False(link.IsOpen);
        host.Advance(6);

        await LinkHost.UntilAsync(() => host.Closed.Count == 1, "the link ends although nobody reads");
        Assert.Equal(new LinkClosure(1008, "slow", ByPeer: false), host.Closed.Single().Closure);
    }

    [Fact]
    public async Task Conflatable_ForAClientThatDoesNotRead_IsConflatedAndTheClientStays()
    {
        await using var host = await LinkHost.StartAsync(serverOptions: new LinkServerOptions { SocketSendBufferBytes = 16 * 1024 });
        await using var stalled = await host.UpgradeAsync(receiveBuffer: 8 * 1024);
        var link = Assert.Single(host.Links.Links);
        for (var i = 1; i <= 20_000; i++)
        {
            var text = $$"""{"conflated":0,"seq":{{i}},"pad":"{{new string('p', 500)}}"}""";
            Assert.True(link.Post(SharedMessage.Text(Encoding.ASCII.GetBytes(text), 13), Delivery.Conflatable, "quote"));
        }

        Assert.InRange(link.Waiting, 1, 101);
        host.Advance(10);
        Assert.True(link.IsOpen);
        var (arrived, conflated, last) = (0, 0, 0);
        while (last < 20_000)
        {
            var frame = await LinkHost.FrameAsync(stalled);
            using var json = System.Text.Json.JsonDocument.Parse(frame.Payload);
            var seq = json.RootElement.GetProperty("seq").GetInt32();
            Assert.True(seq > last);
            last = seq;
            arrived++;
            conflated += json.RootElement.GetProperty("conflated").GetInt32();
        }

        Assert.Equal(20_000, arrived + conflated);
        Assert.True(conflated > 10_000, $"{conflated} conflated");
    }

    [Fact]
    public async Task Rate_OfTheClient_HoldsBackUntilTheSweepOrAFlush()
    {
        await using var host = await LinkHost.StartAsync();
        using var client = await host.ConnectAsync();
        var link = Assert.Single(host.Links.Links);
        link.SetMaximumRate(1);
        foreach (var key in new[] { "a", "b", "c" })
        {
            link.Post(SharedMessage.Text(Encoding.ASCII.GetBytes(key)), Delivery.Conflatable, key);
        }

        Assert.Equal("a", await LinkHost.ReceiveAsync(client));
        Assert.Equal(2, link.Statistics().HeldBack);
        host.Advance(1);
        Assert.Equal("b", await LinkHost.ReceiveAsync(client));
        Assert.Equal((1, 1, 3), host.Links.Flush());
        Assert.Equal("c", await LinkHost.ReceiveAsync(client));
    }

    [Fact]
    public async Task Slowest_AreCutFirst()
    {
        await using var host = await LinkHost.StartAsync(serverOptions: new LinkServerOptions { SocketSendBufferBytes = 16 * 1024 });
        await using var slow = await host.UpgradeAsync(receiveBuffer: 8 * 1024);
        await using var slower = await host.UpgradeAsync(receiveBuffer: 8 * 1024);
        await slow.WriteAsync(ClientFrames.Text("publish 20 50000"));
        await slower.WriteAsync(ClientFrames.Text("publish 40 50000"));
        await LinkHost.UntilAsync(() => host.Links.WaitingBytes > 2_500_000, "both wait");

        Assert.Equal(1, host.Links.CutSlowest(1_100_000, new LinkClosure(1013, "memory", false)));
        var left = Assert.Single(host.Links.Links, link => link.IsOpen);
        Assert.InRange(left.WaitingBytes, 500_000, 1_000_020);
    }

    [Fact]
    public async Task Clients_OfARoom_GetEveryMessageOfTheirRoomInOrder()
    {
        const int Clients = 200;
        const int Messages = 200;
        await using var host = await LinkHost.StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            var client = await host.ConnectAsync();
            await LinkHost.SendAsync(client, "room");
            await LinkHost.ReceiveAsync(client);
            return client;
        }));
        var readers = clients.Select(async client =>
        {
            for (var i = 0; i < Messages; i++)
            {
                Assert.Equal($"message {i}", await LinkHost.ReceiveAsync(client));
            }
        }).ToList();
        for (var i = 0; i < Messages; i++)
        {
            Assert.Equal(Clients, host.Room.Publish(SharedMessage.Text(Encoding.ASCII.GetBytes($"message {i}")), Delivery.Required));
        }

        await Task.WhenAll(readers);
        foreach (var client in clients)
        {
            client.Dispose();
        }

        await LinkHost.UntilAsync(() => host.Room.Count == 0 && host.Links.Count == 0, "all are gone");
    }
}
