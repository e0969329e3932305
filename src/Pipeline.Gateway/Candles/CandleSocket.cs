using System.Net;
using Pipeline.Fanout;
using Pipeline.SocketIo;

namespace Pipeline.Gateway.Candles;

/// <summary>
/// The candle service on a Socket.IO server's main namespace. A client whose connection breaks keeps its rooms for as long as it may come
/// back; what is published meanwhile is kept by the server for it.
/// </summary>
internal sealed class CandleSocket : IKlineOutlet
{
    // Of answers a client is kept so much for when its connection breaks: confirmations and errors. Who misses more begins anew.
    private const int OwnBytes = 4 * 1024;

    // A token of the greatest length in JSON, and what the protocol adds.
    private const int AuthBytes = 8 * 1024;

    private readonly IoNamespace _namespace;
    private readonly TimeSpan _grace;
    private CandleService? _service;

    /// <param name="server">Options as <see cref="OptionsOf"/> makes them.</param>
    public CandleSocket(SocketIoServer server)
    {
        _namespace = server.Of("/");
        _grace = server.Options.Recovery?.MaxDisconnection ?? TimeSpan.Zero;
        _namespace.Connected = OnConnected;
        _namespace.Disconnected = OnDisconnected;
        _namespace.Unhandled = OnEvent;
        _namespace.Recovering = static data => data is KlineSession session && session.TryClaim();
        _namespace.Expired = static socket => socket.Emit(KlineEvents.Error, IoArguments.FromJson(KlineError.Expired.ToJson()));
    }

    /// <summary>The options that the topology means.</summary>
    public static SocketIoOptions OptionsOf(Core.Candles.CandleServiceOptions options, SocketIoOptions basis) => basis with
    {
        Engine = basis.Engine with { Path = "/socket.io", PingInterval = options.PingInterval, PingTimeout = options.PingTimeout },
        Recovery = basis.Recovery ?? new RecoveryOptions { MaxClients = SuspendedSessions.MaxSessions, MaxClientBytes = OwnBytes },
        MaxRooms = options.MaxSubscriptionsPerClient + 1,
        Packets = basis.Packets with { MaxAttachments = 0, MaxAuthBytes = AuthBytes },
        EventsPerSecond = 2 * KlineSession.EventsPerSecond,
        EventBurst = 2 * KlineSession.EventBurst,
    };

    /// <summary>The service is made after its outlet.</summary>
    public void Attach(CandleService service) => _service = service;

    public int Publish(string room, string name, ReadOnlyMemory<byte> json, Delivery delivery, object candle) =>
        _namespace.To(room).Emit(name, IoArguments.FromJson(json), delivery, candle);

    private ValueTask OnConnected(IoSocket socket)
    {
        if (socket is { IsRecovered: true, Data: KlineSession known })
        {
            // It was claimed a moment ago; where it has ended since, the client begins anew with its next connection.
            var client = new SocketClient(socket);
            if (!known.TryResume(client))
            {
                socket.Disconnect(closeConnection: true);
            }
            else if (!socket.IsConnected)
            {
                // It went before this was known: then it is waited for once more.
                known.Suspend(client, _grace);
            }

            return ValueTask.CompletedTask;
        }

        if (_service is not { } service)
        {
            socket.Disconnect(closeConnection: true);
            return ValueTask.CompletedTask;
        }

        socket.Data = service.Connect(new SocketClient(socket), socket.Handshake.GetQuery("strings") is "1" or "true");
        return ValueTask.CompletedTask;
    }

    private void OnDisconnected(IoSocket socket, DisconnectReason reason)
    {
        // Where another connection has taken its place already, the session hears nothing of this one.
        if (socket.Data is not KlineSession session)
        {
            return;
        }

        var mayComeBack = _grace > TimeSpan.Zero
            && reason is not (DisconnectReason.ClientLeft or DisconnectReason.ServerDisconnected or DisconnectReason.ParseError or DisconnectReason.ServerShutdown);
        if (mayComeBack)
        {
            session.Suspend(new SocketClient(socket), _grace);
        }
        else
        {
            session.End(new SocketClient(socket));
        }
    }

    private static async ValueTask OnEvent(IoEvent said)
    {
        if (said.Socket.Data is KlineSession session)
        {
            var answer = await session.HandleAsync(new SocketClient(said.Socket), said.Name, said.Arguments.Count == 0 ? null : said.Arguments.GetJson(0));
            said.Ack(IoArguments.FromJson(answer));
        }
    }

    private sealed record SocketClient(IoSocket Socket) : IKlineClient
    {
        public string Id => Socket.Id;

        public IPAddress Address => Socket.Handshake.Address;

        public string? Subject => Socket.Subject;

        public LinkStatistics Statistics() => Socket.Statistics();

        public void Emit(string name, ReadOnlyMemory<byte> json) => Socket.Emit(name, IoArguments.FromJson(json));

        public void Join(string room) => Socket.Join(room);

        public void Leave(string room) => Socket.Leave(room);

        public void Disconnect() => Socket.Disconnect(closeConnection: true);

        public void Disconnect(LinkClosure closure) => Socket.Disconnect(closure);
    }
}
