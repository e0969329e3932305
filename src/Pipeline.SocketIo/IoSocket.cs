using Pipeline.Fanout;
using Pipeline.SocketIo.EngineIo;
using Pipeline.SocketIo.Packets;
using Pipeline.SocketIo.Recovery;
using Pipeline.SocketIo.Rooms;

namespace Pipeline.SocketIo;

/// <summary>A client in a namespace. Emitting and joining are for any thread and never wait.</summary>
public sealed partial class IoSocket
{
    private readonly Lock _gate = new();
    private Dictionary<string, Func<IoEvent, ValueTask>>? _handlers;
    private List<IoRoom>? _rooms;
    private bool _gone;
    private int _closed;

    internal IoSocket(IoNamespace space, Connection connection, ConnectRequest request, string id, string? privateId)
    {
        Namespace = space;
        Connection = connection;
        AuthJson = request.AuthJson;
        Expires = request.Expires;
        Subject = request.Subject;
        Id = id;
        PrivateId = privateId;
    }

    /// <summary>Public name of the client in this namespace; kept when its connection is recovered.</summary>
    public string Id { get; }

    public IoNamespace Namespace { get; }

    /// <summary>Query, headers and address of its connection.</summary>
    public EngineHandshake Handshake => Connection.Session.Handshake;

    /// <summary>UTF-8 JSON object that it sent along when it joined; <c>{}</c> when it sent none.</summary>
    public ReadOnlyMemory<byte> AuthJson { get; }

    /// <summary>When what let it in ends; null = never.</summary>
    public DateTimeOffset? Expires { get; }

    /// <summary>Who it is, as far as who let it in knew; null = nobody said.</summary>
    public string? Subject { get; }

    /// <summary>What carries it now.</summary>
    public EngineTransports Transport => Connection.Session.Transport;

    /// <summary>Went on where its connection broke: rooms and <see cref="Data"/> are there, what it missed is on its way.</summary>
    public bool IsRecovered { get; internal init; }

    public bool IsConnected => !_gone && Connection.Session.IsOpen;

    /// <summary>Free for the application; kept when the connection is recovered.</summary>
    public object? Data { get; set; }

    /// <summary>It has gone, and is in no room any more.</summary>
    public Action<DisconnectReason>? Disconnected { get; set; }

    /// <summary>Messages that wait for it.</summary>
    public int Waiting => Connection.Session.Waiting;

    /// <summary>Rooms that it is in, at this moment.</summary>
    public IReadOnlyList<string> Rooms
    {
        get
        {
            lock (_gate)
            {
                return _rooms is null ? [] : _rooms.ConvertAll(room => room.Name);
            }
        }
    }

    internal Connection Connection { get; }

    internal ClientLink? Link => Connection.Session.Link;

    /// <summary>Only this client knows it: with it, it is known again.</summary>
    internal string? PrivateId { get; }

    /// <summary>Place in the log of its namespace when it joined.</summary>
    internal long Since { get; set; }

    /// <summary>What was emitted to it alone, for its recovery; null = nothing was.</summary>
    internal EventQueue? Own { get; set; }

    /// <summary>Handles an event of this client; goes before the namespace's handler of that event.</summary>
    public void On(string name, Func<IoEvent, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        lock (_gate)
        {
            (_handlers ??= new Dictionary<string, Func<IoEvent, ValueTask>>(StringComparer.Ordinal))[name] = handler;
        }
    }

    /// <summary>Handles an event of this client.</summary>
    public void On(string name, Action<IoEvent> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        On(name, said =>
        {
            handler(said);
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>Emits an event to this client.</summary>
    /// <returns>False when it has gone, or was cut because of this event.</returns>
    public bool Emit(string name, params ReadOnlySpan<IoValue> values) => Emit(name, IoArguments.Of(values));

    /// <summary>Emits an event to this client.</summary>
    /// <param name="key">What a newer event replaces while it waits; null = nothing.</param>
    /// <returns>False when it has gone, or was cut because of this event.</returns>
    public bool Emit(string name, IoArguments arguments, Delivery delivery = Delivery.Required, object? key = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(arguments);
        return Namespace.EmitTo(this, name, arguments, delivery, key);
    }

    /// <summary>Those in a room, but this client.</summary>
    public IoTarget To(string room) => new IoTarget(Namespace, this).To(room);

    /// <summary>Everyone but this client.</summary>
    public IoTarget Broadcast() => new(Namespace, this);

    /// <returns>False when it has gone, or is in too many rooms.</returns>
    public bool Join(string room)
    {
        ArgumentException.ThrowIfNullOrEmpty(room);
        lock (_gate)
        {
            if (_gone)
            {
                return false;
            }

            _rooms ??= [];
            if (_rooms.Exists(known => known.Name == room))
            {
                return true;
            }

            if (_rooms.Count >= Namespace.Server.Options.MaxRooms)
            {
                return false;
            }

            _rooms.Add(Namespace.Enter(room, this));
            return true;
        }
    }

    /// <returns>False when it was not in it.</returns>
    public bool Leave(string room)
    {
        lock (_gate)
        {
            var at = _rooms?.FindIndex(known => known.Name == room) ?? -1;
            if (at < 0)
            {
                return false;
            }

            Namespace.Exit(_rooms![at], this);
            _rooms.RemoveAt(at);
            return true;
        }
    }

    /// <summary>Has the client leave the namespace; with <paramref name="closeConnection"/> every namespace.</summary>
    public void Disconnect(bool closeConnection = false)
    {
        if (closeConnection)
        {
            Connection.Session.Close();
        }
        else if (!_gone)
        {
            Send(PacketEncoder.Plain(PacketType.Disconnect, Namespace.Prefix, default), Delivery.Required, null);
            Connection.OnLeft(this);
            Close(DisconnectReason.ServerDisconnected);
        }
    }

    /// <summary>
    /// Has the client leave the namespace, and then closes its connection. It is told that it was the server's will: official clients do not
    /// come back by themselves then, as they do when a connection merely ends.
    /// </summary>
    /// <param name="closure">What a WebSocket's close frame says; polling has no place for it.</param>
    public void Disconnect(LinkClosure closure)
    {
        Disconnect();
        Connection.Session.Close(closure.Code, closure.Reason);
    }

    /// <summary>What its connection was sent, and what waits for it, whatever carries it.</summary>
    public LinkStatistics Statistics() => Connection.Session.Statistics();

    internal static IoSocket? Find(ClientLink link, IoNamespace space) => ((link.Tag as EngineSession)?.State as Connection)?.Find(space);

    internal bool Send(SharedMessage message, Delivery delivery, object? key) => !_gone && Connection.Session.Send(message, delivery, key);

    internal Func<IoEvent, ValueTask>? HandlerOf(string name)
    {
        if (_handlers is not null)
        {
            lock (_gate)
            {
                if (_handlers.TryGetValue(name, out var handler))
                {
                    return handler;
                }
            }
        }

        return Namespace.HandlerOf(name);
    }

    internal void OnUpgraded()
    {
        Namespace.OnUpgraded(this);
        lock (_gate)
        {
            _rooms?.ForEach(room => room.OnUpgraded(this));
        }
    }

    /// <summary>Leaves every room and can join none any more; null when it had gone before.</summary>
    internal IReadOnlyList<string>? Detach()
    {
        lock (_gate)
        {
            if (_gone)
            {
                return null;
            }

            _gone = true;
            var names = _rooms?.ConvertAll(room => room.Name) ?? [];
            _rooms?.ForEach(room => Namespace.Exit(room, this));
            _rooms = null;
            return names;
        }
    }

    /// <summary>Once, whoever comes first; also when another connection has taken its place before.</summary>
    internal void Close(DisconnectReason reason)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        Namespace.Remove(this, reason);
        FailAcks();
        Namespace.Server.Guard(() =>
        {
            Disconnected?.Invoke(reason);
            Namespace.Disconnected?.Invoke(this, reason);
        });
    }
}
