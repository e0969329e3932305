using Pipeline.Fanout;
using Pipeline.SocketIo;

namespace Pipeline.Gateway.Candles;

/// <summary>
/// The candle service on a Socket.IO server's main namespace. A client whose connection breaks keeps its rooms for as long as it may come
/// back; what is published meanwhile is kept by the server for it.
/// </summary>
internal sealed class CandleSocket : IKlineOutlet
{
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
    }

    /// <summary>The options that the topology means.</summary>
    public static SocketIoOptions OptionsOf(Core.Candles.CandleServiceOptions options, SocketIoOptions basis) => basis with
    {
        Engine = basis.Engine with { Path = "/socket.io", PingInterval = options.PingInterval, PingTimeout = options.PingTimeout },
        Recovery = basis.Recovery ?? new RecoveryOptions(),
        MaxRooms = options.MaxSubscriptionsPerClient + 1,
    };

    /// <summary>The service is made after its outlet.</summary>
    public void Attach(CandleService service) => _service = service;

    public void Publish(string room, string name, ReadOnlyMemory<byte> json, object? candle) =>
        _namespace.To(room).Emit(name, IoArguments.FromJson(json), candle is null ? Delivery.Required : Delivery.Conflatable, candle);

    private ValueTask OnConnected(IoSocket socket)
    {
        if (socket is { IsRecovered: true, Data: KlineSession known } && known.TryResume(new SocketClient(socket)))
        {
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
        // Where another connection has taken its place already, this one says nothing of the client.
        if (socket.Data is not KlineSession session || (session.Client as SocketClient)?.Socket != socket)
        {
            return;
        }

        var mayComeBack = _grace > TimeSpan.Zero
            && reason is not (DisconnectReason.ClientLeft or DisconnectReason.ServerDisconnected or DisconnectReason.ParseError or DisconnectReason.ServerShutdown);
        if (mayComeBack)
        {
            session.Suspend(_grace);
        }
        else
        {
            session.Dispose();
        }
    }

    private static async ValueTask OnEvent(IoEvent said)
    {
        if (said.Socket.Data is KlineSession session)
        {
            var answer = await session.HandleAsync(said.Name, said.Arguments.Count == 0 ? null : said.Arguments.GetJson(0));
            said.Ack(IoArguments.FromJson(answer));
        }
    }

    private sealed class SocketClient(IoSocket socket) : IKlineClient
    {
        public string Id => socket.Id;

        public IoSocket Socket => socket;

        public void Emit(string name, ReadOnlyMemory<byte> json) => socket.Emit(name, IoArguments.FromJson(json));

        public void Join(string room) => socket.Join(room);

        public void Leave(string room) => socket.Leave(room);

        public void Disconnect() => socket.Disconnect(closeConnection: true);
    }
}
