using Pipeline.Fanout;
using Pipeline.SocketIo.Tests.Wire;

namespace Pipeline.SocketIo.Tests.SocketIo;

public sealed class RoomTests : IDisposable
{
    private readonly SocketIoHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Emit_ToRoom_ReachesItsClientsOnce()
    {
        var (a, b, c) = (await _host.ConnectAsync(), await _host.ConnectAsync(), await _host.ConnectAsync());
        _host.Sockets[0].Join("r1");
        _host.Sockets[1].Join("r1");
        _host.Sockets[1].Join("r2");
        _host.Sockets[2].Join("r2");

        Assert.Equal(2, _host.Main.To("r1").Emit("one"));
        Assert.Equal(3, _host.Main.To("r1").To("r2").Emit("both"));
        Assert.Equal(1, _host.Main.To("r2").Except("r1").Emit("rest"));
        Assert.Equal(1, _host.Sockets[0].To("r1").Emit("others"));
        Assert.Equal(2, _host.Sockets[0].Broadcast().Emit("but me"));
        Assert.Equal(1, _host.Main.To(_host.Sockets[0].Id).Emit("id"));
        Assert.Equal(0, _host.Main.To("nowhere").Emit("nobody"));
        _host.Main.Emit("all");

        Assert.Equal(["42[\"one\"]", "42[\"both\"]", "42[\"id\"]", "42[\"all\"]"], await TakeAsync(a, 4));
        Assert.Equal(["42[\"one\"]", "42[\"both\"]", "42[\"others\"]", "42[\"but me\"]", "42[\"all\"]"], await TakeAsync(b, 5));
        Assert.Equal(["42[\"both\"]", "42[\"rest\"]", "42[\"but me\"]", "42[\"all\"]"], await TakeAsync(c, 4));
    }

    [Fact]
    public async Task Emit_ToRoom_IsEncodedOnce()
    {
        var links = new List<MemorySocket>();
        for (var i = 0; i < 20; i++)
        {
            links.Add(await _host.ConnectAsync());
            _host.Sockets[i].Join("room");
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var arguments = IoArguments.FromJson(new byte[100_000].AsSpan().ToArray());
        var own = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(20, _host.Main.To("room").Emit("big", arguments, Delivery.Required));
        var spent = GC.GetAllocatedBytesForCurrentThread() - before - own;

        Assert.InRange(spent, 100_000, 200_000);
    }

    [Fact]
    public async Task Rooms_AreLeftWithTheClient()
    {
        var socket = await _host.ConnectAsync();
        Assert.True(_host.Sockets[0].Join("r"));
        Assert.True(_host.Sockets[0].Join("r"));
        Assert.Equal(["r"], _host.Sockets[0].Rooms);

        await socket.DropAsync();

        await Eventually.TrueAsync(() => _host.Gone.Count == 1);
        Assert.Equal(0, _host.Main.RoomCount);
        Assert.Equal(0, _host.Main.Count);
        Assert.False(_host.Sockets[0].Join("r"));
        Assert.Equal(0, _host.Main.RoomCount);
    }

    [Fact]
    public async Task Rooms_AboveTheLimit_CannotBeJoined()
    {
        using var host = new SocketIoHost(new SocketIoOptions { MaxRooms = 2 });
        await host.ConnectAsync();

        Assert.Equal([true, true, false], [host.Sockets[0].Join("a"), host.Sockets[0].Join("b"), host.Sockets[0].Join("c")]);
        host.Sockets[0].Leave("a");
        Assert.True(host.Sockets[0].Join("c"));
    }

    [Fact]
    public async Task Rooms_JoinedLeftAndEmittedToAtOnce_StayInOrder()
    {
        var sockets = new List<MemorySocket>();
        for (var i = 0; i < 8; i++)
        {
            sockets.Add(await _host.ConnectAsync());
        }

        _host.Sockets.ForEach(socket => socket.Join("steady"));
        Parallel.For(0, 9, new ParallelOptions { MaxDegreeOfParallelism = 9 }, worker =>
        {
            for (var i = 0; i < 500; i++)
            {
                if (worker == 8)
                {
                    _host.Main.To("steady").Emit("n", i);
                    _host.Main.To("shaky").Emit("s", i);
                }
                else
                {
                    _host.Sockets[worker].Join("shaky");
                    _host.Sockets[worker].Leave("shaky");
                }
            }
        });

        Assert.Equal(1, _host.Main.RoomCount);
        foreach (var socket in sockets)
        {
            var steady = new List<string>();
            while (steady.Count < 500)
            {
                var message = await socket.NextAsync();
                if (message.Contains("\"n\"", StringComparison.Ordinal))
                {
                    steady.Add(message);
                }
            }

            Assert.Equal(Enumerable.Range(0, 500).Select(i => $"42[\"n\",{i}]"), steady);
        }
    }

    private static async Task<List<string>> TakeAsync(MemorySocket socket, int count)
    {
        var taken = new List<string>();
        while (taken.Count < count)
        {
            taken.Add(await socket.NextAsync());
        }

        Assert.True(socket.IsQuiet);
        return taken;
    }
}
