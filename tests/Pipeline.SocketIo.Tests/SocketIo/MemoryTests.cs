using System.Buffers;
using Pipeline.Fanout;
using Pipeline.SocketIo.Tests.Wire;
using Pipeline.TestKit.Time;
using Xunit.Abstractions;

namespace Pipeline.SocketIo.Tests.SocketIo;

/// <summary>What a client costs beside the link that carries it.</summary>
[Collection(AloneCollection.Name)]
public sealed class MemoryTests(ITestOutputHelper output)
{
    private const int Clients = 1_000;
    private const int MaxBytes = 2_000;

    /// <summary>What other tests left behind may go meanwhile, pooled arrays above all: in one of the rounds at most.</summary>
    private const int Rounds = 3;

    [Fact]
    public async Task Client_InARoom_CostsLittleMoreThanItsLink()
    {
        var (bares, alls) = (new List<long>(), new List<long>());
        for (var i = 0; i < Rounds; i++)
        {
            bares.Add(await BareAsync());
            alls.Add(await InRoomsAsync());
        }

        var (bare, bytes) = (Median(bares), Median(alls));
        output.WriteLine($"bytes per client: {bytes}, {bare} of them the bare link and this test's own end of it");
        Assert.InRange(bytes - bare, 0, MaxBytes);
    }

    private static long Median(List<long> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task<long> InRoomsAsync()
    {
        using var host = new SocketIoHost();
        host.Main.On("join", said => said.Socket.Join(said.Arguments.GetString(0)!));
        await ConnectAsync(host, 0);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var sockets = new List<MemorySocket>();
        for (var i = 0; i < Clients; i++)
        {
            sockets.Add(await ConnectAsync(host, i % 50));
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / Clients;
        GC.KeepAlive(sockets);
        return bytes;
    }

    private static async Task<MemorySocket> ConnectAsync(SocketIoHost host, int room)
    {
        var socket = await host.ConnectAsync();
        await socket.SendAsync($"42[\"join\",\"r{room}\"]");
        await socket.SendAsync("42[\"echo\"]");
        await socket.NextAsync();
        return socket;
    }

    private static async Task<long> BareAsync()
    {
        var gate = new EchoGate();
        using var links = new LinkServer([gate], new TestTimeProvider());
        var sockets = new List<MemorySocket> { await OpenAsync(links, gate) };
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Clients; i++)
        {
            sockets.Add(await OpenAsync(links, gate));
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / Clients;
        GC.KeepAlive(sockets);
        return bytes;
    }

    private static async Task<MemorySocket> OpenAsync(LinkServer links, EchoGate gate)
    {
        var socket = MemorySocket.Open(links, gate, "/", "");
        for (var i = 0; i < 4; i++)
        {
            await socket.SendAsync("echo");
            await socket.NextAsync();
        }

        return socket;
    }

    private sealed class EchoGate : ILinkGate, ILinkHandler
    {
        public LinkDecision Decide(UpgradeRequest request) => new() { Handler = this };

        public void OnOpened(ClientLink link)
        {
        }

        public ValueTask OnMessageAsync(ClientLink link, ReadOnlySequence<byte> payload, bool isBinary)
        {
            link.Post(SharedMessage.Text(payload.ToArray()), Delivery.Required);
            return ValueTask.CompletedTask;
        }

        public void OnClosed(ClientLink link, LinkClosure closure)
        {
        }
    }
}
