using System.Text.Json;
using Pipeline.Fanout;
using Pipeline.SocketIo.Tests.Wire;

namespace Pipeline.SocketIo.Tests.SocketIo;

public sealed class RecoveryTests : IDisposable
{
    private readonly SocketIoHost _host = new(SocketIoHost.WithRecovery());

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Events_WithRecovery_CarryTheirOffsetLast()
    {
        var (socket, _, privateId) = await _host.ConnectWithIdsAsync();

        _host.Main.Emit("a", 1);
        _host.Sockets[0].Emit("b");
        _host.Main.Emit("c", IoArguments.None, Delivery.Volatile);

        Assert.Equal(20, privateId!.Length);
        Assert.Equal(["42[\"a\",1,\"1\"]", "42[\"b\",\"2\"]", "42[\"c\"]"], [await socket.NextAsync(), await socket.NextAsync(), await socket.NextAsync()]);
    }

    [Fact]
    public async Task Reconnect_WithOffset_GetsWhatItMissedAndItsRooms()
    {
        var (socket, id, privateId) = await _host.ConnectWithIdsAsync();
        _host.Sockets[0].Join("r");
        _host.Sockets[0].Data = "mine";
        _host.Main.To("r").Emit("seen");
        var offset = OffsetOf(await socket.NextAsync());
        _host.Main.To("r").Emit("on its way");
        await socket.DropAsync();
        await Eventually.TrueAsync(() => _host.Gone.Count == 1);
        _host.Main.To("r").Emit("missed", 1);
        _host.Main.To("other").Emit("not mine");
        _host.Main.To(id).Emit("missed", 2);
        _host.Main.Emit("missed", IoArguments.Of(new byte[] { 5 }));
        _host.Main.Emit("gone", IoArguments.None, Delivery.Volatile);
        _host.Main.Except("r").Emit("not mine");

        var (again, sameId, samePrivateId) = await _host.ConnectWithIdsAsync(Auth(privateId, offset));

        Assert.Equal((id, privateId), (sameId, samePrivateId));
        Assert.Equal("42[\"on its way\",\"2\"]", await again.NextAsync());
        Assert.Equal("42[\"missed\",1,\"3\"]", await again.NextAsync());
        Assert.Equal("42[\"missed\",2,\"5\"]", await again.NextAsync());
        Assert.Equal("451-[\"missed\",{\"_placeholder\":true,\"num\":0},\"6\"]", await again.NextAsync());
        Assert.Equal("b:05", await again.NextAsync());
        var back = _host.Sockets[1];
        Assert.True(back.IsRecovered);
        Assert.Equal("mine", back.Data);
        Assert.Equal(["r"], back.Rooms);
        Assert.Equal(1, _host.Main.To("r").Emit("live"));
        Assert.Equal("42[\"live\",\"8\"]", await again.NextAsync());
        Assert.Equal(1, _host.Server.Statistics.Recovered);
    }

    [Fact]
    public async Task Reconnect_BeforeAnyEvent_GetsEverything()
    {
        var (socket, id, privateId) = await _host.ConnectWithIdsAsync();
        await socket.DropAsync();
        await Eventually.TrueAsync(() => _host.Gone.Count == 1);
        _host.Main.Emit("missed");

        var (again, sameId, _) = await _host.ConnectWithIdsAsync($$"""{"pid":"{{privateId}}"}""");

        Assert.Equal(id, sameId);
        Assert.Equal("42[\"missed\",\"1\"]", await again.NextAsync());
    }

    [Fact]
    public async Task Reconnect_BeforeTheServerNoticed_TakesOver()
    {
        var (socket, id, privateId) = await _host.ConnectWithIdsAsync();
        _host.Sockets[0].Join("r");
        _host.Main.Emit("seen");
        var offset = OffsetOf(await socket.NextAsync());
        _host.Main.To("r").Emit("lost on the way");

        var (again, sameId, _) = await _host.ConnectWithIdsAsync(Auth(privateId, offset));

        Assert.Equal(id, sameId);
        Assert.Equal("42[\"lost on the way\",\"2\"]", await again.NextAsync());
        await socket.ClosedAsync();
        Assert.Equal(1, _host.Main.To("r").Emit("live"));
        Assert.Equal("42[\"live\",\"3\"]", await again.NextAsync());
        Assert.Equal(1, _host.Main.Count);
        await again.DropAsync();
        await Eventually.TrueAsync(() => _host.Gone.Count == 2);
        Assert.True((await _host.ConnectWithIdsAsync(Auth(privateId, "3"))).Id == id);
    }

    [Theory]
    [InlineData("{\"pid\":\"nobody\",\"offset\":\"1\"}")]
    [InlineData("{\"pid\":7,\"offset\":\"1\"}")]
    [InlineData("{\"pid\":\"PID\",\"offset\":\"99\"}")]
    [InlineData("{\"pid\":\"PID\",\"offset\":\"abc\"}")]
    [InlineData("{\"offset\":\"1\"}")]
    public async Task Reconnect_WithNonsense_IsANewClient(string auth)
    {
        var (socket, id, privateId) = await _host.ConnectWithIdsAsync();
        _host.Main.Emit("seen");
        await socket.DropAsync();
        await Eventually.TrueAsync(() => _host.Gone.Count == 1);

        var (_, newId, newPrivateId) = await _host.ConnectWithIdsAsync(auth.Replace("PID", privateId, StringComparison.Ordinal));

        Assert.NotEqual(id, newId);
        Assert.NotEqual(privateId, newPrivateId);
        Assert.False(_host.Sockets[1].IsRecovered);
    }

    [Fact]
    public async Task Reconnect_TooLate_IsANewClient()
    {
        var (socket, id, privateId) = await _host.ConnectWithIdsAsync();
        _host.Main.Emit("seen");
        await socket.DropAsync();
        await Eventually.TrueAsync(() => _host.Gone.Count == 1);

        _host.Advance(120_001);

        Assert.NotEqual(id, (await _host.ConnectWithIdsAsync(Auth(privateId, "1"))).Id);
        Assert.Equal((0, 0L, 0), (_host.Main.Log!.Count, _host.Main.Log.Bytes, _host.Main.Log.Waiting));
    }

    [Theory]
    [InlineData("41")]
    [InlineData("4abc")]
    public async Task Reconnect_AfterALeaveOnPurposeOrAMistake_IsANewClient(string last)
    {
        var (socket, id, privateId) = await _host.ConnectWithIdsAsync();
        _host.Main.Emit("seen");
        await socket.SendAsync(last);
        await Eventually.TrueAsync(() => _host.Gone.Count == 1);

        Assert.NotEqual(id, (await _host.ConnectWithIdsAsync(Auth(privateId, "1"))).Id);
    }

    [Fact]
    public async Task Log_BeyondItsLimits_ForgetsTheOldestAndTheClientStartsAnew()
    {
        using var host = new SocketIoHost(SocketIoHost.WithRecovery(new RecoveryOptions { MaxEvents = 10, MaxBytes = 100_000, MaxClients = 2 }));
        var (socket, id, privateId) = await host.ConnectWithIdsAsync();
        await socket.DropAsync();
        await Eventually.TrueAsync(() => host.Gone.Count == 1);
        for (var i = 0; i < 50; i++)
        {
            host.Main.Emit("n", new string('x', 1_000));
        }

        Assert.Equal(10, host.Main.Log!.Count);
        Assert.InRange(host.Main.Log.Bytes, 10_000, 20_000);
        host.Main.Emit("big", new string('x', 98_000));
        Assert.InRange(host.Main.Log.Bytes, 98_000, 100_000);
        Assert.NotEqual(id, (await host.ConnectWithIdsAsync(Auth(privateId, "1"))).Id);
        for (var i = 0; i < 5; i++)
        {
            await (await host.ConnectWithIdsAsync()).Socket.DropAsync();
        }

        await Eventually.TrueAsync(() => host.Gone.Count == 6);
        Assert.Equal(2, host.Main.Log.Waiting);
    }

    [Fact]
    public async Task Answers_ToOneClient_CostNoOtherItsRecovery()
    {
        using var host = new SocketIoHost(SocketIoHost.WithRecovery(new RecoveryOptions { MaxEvents = 10, MaxBytes = 100_000 }));
        var (greedy, greedyId, greedyPrivateId) = await host.ConnectWithIdsAsync();
        var (socket, id, privateId) = await host.ConnectWithIdsAsync();
        host.Main.Emit("seen");
        var offset = OffsetOf(await socket.NextAsync());
        await socket.DropAsync();
        await Eventually.TrueAsync(() => host.Gone.Count == 1);
        for (var i = 0; i < 50; i++)
        {
            host.Sockets[0].Emit("answer", new string('x', 10_000));
        }

        host.Main.Emit("missed");
        Assert.Equal((2, 1), (host.Main.Log!.Count, host.Sockets[0].Own!.Count));
        Assert.InRange(host.Sockets[0].Own!.Bytes, 1, 16 * 1024);

        var (again, sameId, _) = await host.ConnectWithIdsAsync(Auth(privateId, offset));
        Assert.Equal(id, sameId);
        Assert.Equal("42[\"missed\",\"52\"]", await again.NextAsync());

        // Not even its own answers are there any more: it begins anew.
        await greedy.DropAsync();
        await Eventually.TrueAsync(() => host.Gone.Count == 2);
        Assert.NotEqual(greedyId, (await host.ConnectWithIdsAsync(Auth(greedyPrivateId, offset))).Id);
    }

    [Fact]
    public async Task Answers_ThatWereMissed_ComeInTheirPlaceAmongTheOthers()
    {
        var (socket, id, privateId) = await _host.ConnectWithIdsAsync();
        _host.Main.Emit("seen");
        var offset = OffsetOf(await socket.NextAsync());
        _host.Sockets[0].Emit("own", 2);
        _host.Main.Emit("all", 3);
        _host.Sockets[0].Emit("own", 4);
        await socket.DropAsync();
        await Eventually.TrueAsync(() => _host.Gone.Count == 1);

        var (again, sameId, _) = await _host.ConnectWithIdsAsync(Auth(privateId, offset));
        Assert.Equal(id, sameId);
        Assert.Equal(
            ["42[\"own\",2,\"2\"]", "42[\"all\",3,\"3\"]", "42[\"own\",4,\"4\"]"], [await again.NextAsync(), await again.NextAsync(), await again.NextAsync()]);
        await again.DropAsync();
        await Eventually.TrueAsync(() => _host.Gone.Count == 2);
        Assert.Equal(id, (await _host.ConnectWithIdsAsync(Auth(privateId, "3"))).Id);
    }

    [Fact]
    public async Task Reconnect_ThatTheApplicationDoesNotWant_IsANewClient()
    {
        var (socket, id, privateId) = await _host.ConnectWithIdsAsync();
        _host.Sockets[0].Data = "old";
        _host.Main.Emit("seen");
        await socket.DropAsync();
        await Eventually.TrueAsync(() => _host.Gone.Count == 1);
        _host.Main.Recovering = data => data is not "old";

        Assert.NotEqual(id, (await _host.ConnectWithIdsAsync(Auth(privateId, "1"))).Id);
        Assert.False(_host.Sockets[1].IsRecovered);
    }

    [Fact]
    public async Task Reconnects_DuringABurst_MissNothingAndGetNothingTwice()
    {
        var (socket, _, privateId) = await _host.ConnectWithIdsAsync();
        _host.Sockets[0].Join("r");
        _host.Main.To("r").Emit("n", 0);
        const int Events = 4_000;
        var sender = new Thread(() =>
        {
            for (var i = 1; i < Events; i++)
            {
                _host.Main.To("r").Emit("n", i);
            }
        });
        sender.Start();
        var seen = new List<int>();
        var offset = "";
        var reconnects = 0;
        while (seen.Count < Events)
        {
            var message = await socket.NextAsync();
            var array = JsonDocument.Parse(message[2..]).RootElement;
            seen.Add(array[1].GetInt32());
            offset = array[2].GetString()!;
            if (seen.Count % 400 == 0 && seen.Count < Events)
            {
                reconnects++;
                await socket.DropAsync();
                (socket, _, _) = await _host.ConnectWithIdsAsync(Auth(privateId, offset));
            }
        }

        sender.Join();
        Assert.Equal(Enumerable.Range(0, Events), seen);
        Assert.Equal(reconnects, _host.Server.Statistics.Recovered);
    }

    private static string OffsetOf(string packet) => JsonDocument.Parse(packet[2..]).RootElement.EnumerateArray().Last().GetString()!;

    private static string Auth(string? privateId, string offset) => $$"""{"pid":"{{privateId}}","offset":"{{offset}}"}""";
}
