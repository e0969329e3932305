using System.Collections.Concurrent;
using System.Text;
using Pipeline.Fanout;
using Pipeline.SocketIo.Packets;
using Pipeline.SocketIo.Recovery;
using Pipeline.SocketIo.Rooms;

namespace Pipeline.SocketIo;

/// <summary>
/// Clients that share events and rooms; one connection may be in several. Handlers are best set before the first client comes. Emitting is
/// for any thread and never waits; events emitted to one room come to all its clients in one order.
/// </summary>
public sealed partial class IoNamespace
{
    private readonly ConcurrentDictionary<string, IoSocket> _sockets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IoRoom> _rooms = new(StringComparer.Ordinal);
    private readonly IoRoom _all = new("", stays: true);
    private readonly Dictionary<string, Func<IoEvent, ValueTask>> _handlers = new(StringComparer.Ordinal);
    private readonly List<Func<ConnectRequest, ValueTask<ConnectError?>>> _middleware = [];

    internal IoNamespace(SocketIoServer server, string name)
    {
        Server = server;
        Name = name;
        Prefix = name == "/" ? [] : Encoding.UTF8.GetBytes(name + ",");
        Log = server.Options.Recovery is { } recovery ? new RecoveryLog(recovery) : null;
    }

    /// <summary>With its leading slash.</summary>
    public string Name { get; }

    /// <summary>Clients connected.</summary>
    public int Count => _sockets.Count;

    /// <summary>Rooms with somebody in them.</summary>
    public int RoomCount => _rooms.Count;

    /// <summary>Clients connected, at this moment.</summary>
    public IEnumerable<IoSocket> Sockets => _sockets.Select(pair => pair.Value);

    /// <summary>A client is connected; its own handlers are set here, before its first event.</summary>
    public Func<IoSocket, ValueTask>? Connected { get; set; }

    /// <summary>A client has gone, and is in no room any more.</summary>
    public Action<IoSocket, DisconnectReason>? Disconnected { get; set; }

    /// <summary>What let a client in has ended (<see cref="ConnectRequest.Expires"/>): the last that can be said to it before it is closed.</summary>
    public Action<IoSocket>? Expired { get; set; }

    /// <summary>
    /// Last word on whether a client goes on where its connection broke, with the <see cref="IoSocket.Data"/> of then; false = it starts
    /// anew. Asked when all else is in order; quick, because emitting waits meanwhile.
    /// </summary>
    public Func<object?, bool>? Recovering { get; set; }

    /// <summary>An event that has no handler.</summary>
    public Func<IoEvent, ValueTask>? Unhandled { get; set; }

    /// <summary>An event was dropped because its client sends too many; the arguments are the client and the event's name.</summary>
    public Action<IoSocket, string>? RateLimited { get; set; }

    internal SocketIoServer Server { get; }

    /// <summary>In packets: empty for the main namespace, else its name and a comma.</summary>
    internal byte[] Prefix { get; }

    internal RecoveryLog? Log { get; }

    /// <summary>Decides on who may join; several are asked in turn, and the first refusal counts. Also asked when a connection is recovered.</summary>
    public void Use(Func<ConnectRequest, ValueTask<ConnectError?>> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        _middleware.Add(middleware);
    }

    /// <summary>Handles an event of any client. Nothing more is taken from that client until the handler is done.</summary>
    public void On(string name, Func<IoEvent, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _handlers[name] = handler;
    }

    /// <summary>Handles an event of any client.</summary>
    public void On(string name, Action<IoEvent> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _handlers[name] = said =>
        {
            handler(said);
            return ValueTask.CompletedTask;
        };
    }

    /// <summary>Those in a room, or the client of this id.</summary>
    public IoTarget To(string room) => new IoTarget(this).To(room);

    /// <summary>All but those in a room.</summary>
    public IoTarget Except(string room) => new IoTarget(this).Except(room);

    /// <summary>Emits an event to all, encoded once.</summary>
    /// <returns>Clients that took it into their outbox.</returns>
    public int Emit(string name, params ReadOnlySpan<IoValue> values) => new IoTarget(this).Emit(name, values);

    /// <summary>Emits an event to all, encoded once.</summary>
    /// <returns>Clients that took it into their outbox.</returns>
    public int Emit(string name, IoArguments arguments, Delivery delivery = Delivery.Required, object? key = null) =>
        new IoTarget(this).Emit(name, arguments, delivery, key);

    /// <summary>Clients in a room.</summary>
    public int CountIn(string room) => _rooms.TryGetValue(room, out var known) ? known.Count : 0;

    /// <summary>The client of an id; null when it is not here.</summary>
    public IoSocket? Find(string id) => _sockets.GetValueOrDefault(id);

    internal int Emit(in IoTarget target, string name, IoArguments arguments, Delivery delivery, object? key)
    {
        var taken = Log is { } log && delivery != Delivery.Volatile
            ? EmitKept(log, target, name, arguments, delivery, key)
            : EmitNow(target, name, arguments, delivery, key);
        Server.Metrics.OnEmitted(taken);
        return taken;
    }

    /// <summary>Sends an event to one client; with recovery it is kept with that client.</summary>
    internal bool EmitTo(IoSocket socket, string name, IoArguments arguments, Delivery delivery, object? key)
    {
        bool taken;
        if (Log is not { } log || delivery == Delivery.Volatile)
        {
            taken = socket.Send(PacketEncoder.Event(Prefix, name, arguments), delivery, key);
        }
        else
        {
            lock (log.Gate)
            {
                taken = socket.Send(Keep(log, To(socket.Id), name, arguments, delivery, key, only: socket), delivery, key);
            }
        }

        Server.Metrics.OnEmitted(taken ? 1 : 0);
        return taken;
    }

    internal IoRoom Enter(string name, IoSocket socket)
    {
        while (true)
        {
            var room = _rooms.GetOrAdd(name, static name => new IoRoom(name));
            if (room.TryAdd(socket))
            {
                return room;
            }

            // Given up a moment ago, and about to leave the list.
            Discard(room);
        }
    }

    internal void Exit(IoRoom room, IoSocket socket)
    {
        if (room.Remove(socket))
        {
            Discard(room);
        }
    }

    private void Discard(IoRoom room) => _rooms.TryRemove(new KeyValuePair<string, IoRoom>(room.Name, room));

    private int EmitNow(in IoTarget target, string name, IoArguments arguments, Delivery delivery, object? key) =>
        HasNobody(target) ? 0 : Publish(target, PacketEncoder.Event(Prefix, name, arguments), delivery, key);

    private int EmitKept(RecoveryLog log, in IoTarget target, string name, IoArguments arguments, Delivery delivery, object? key)
    {
        lock (log.Gate)
        {
            return Publish(target, Keep(log, target, name, arguments, delivery, key), delivery, key);
        }
    }

    private SharedMessage Keep(RecoveryLog log, in IoTarget target, string name, IoArguments arguments, Delivery delivery, object? key, IoSocket? only = null)
    {
        var message = PacketEncoder.Event(Prefix, name, arguments, offset: log.NextOffset());
        log.Add(new KeptEvent(log.Next, target, message, delivery, key, Server.Engine.Now), only);
        return message;
    }

    private bool HasNobody(in IoTarget target) =>
        target.Room is { } room && target.MoreRooms is null && !_rooms.ContainsKey(room) && !_sockets.ContainsKey(room);

    private int Publish(in IoTarget target, SharedMessage message, Delivery delivery, object? key)
    {
        if (target.MoreRooms is not null || target.Excepted is not null)
        {
            return PublishToEach(target, message, delivery, key);
        }

        if (target.Room is not { } name)
        {
            return _all.Publish(message, delivery, key, target.Sender);
        }

        if (_rooms.TryGetValue(name, out var room))
        {
            return room.Publish(message, delivery, key, target.Sender);
        }

        return _sockets.TryGetValue(name, out var socket) && socket != target.Sender && socket.Send(message, delivery, key) ? 1 : 0;
    }

    private int PublishToEach(in IoTarget target, SharedMessage message, Delivery delivery, object? key)
    {
        var sockets = new HashSet<IoSocket>();
        if (target.Room is { } first)
        {
            AddTo(sockets, first);
        }
        else
        {
            _all.AddTo(sockets, this);
        }

        foreach (var room in target.MoreRooms ?? [])
        {
            AddTo(sockets, room);
        }

        var without = new HashSet<IoSocket>();
        foreach (var room in target.Excepted ?? [])
        {
            AddTo(without, room);
        }

        var taken = 0;
        foreach (var socket in sockets)
        {
            taken += socket != target.Sender && !without.Contains(socket) && socket.Send(message, delivery, key) ? 1 : 0;
        }

        return taken;
    }

    private void AddTo(HashSet<IoSocket> sockets, string room)
    {
        if (_rooms.TryGetValue(room, out var known))
        {
            known.AddTo(sockets, this);
        }
        else if (_sockets.TryGetValue(room, out var socket))
        {
            sockets.Add(socket);
        }
    }
}
