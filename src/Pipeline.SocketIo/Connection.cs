using System.Buffers;
using System.Text;
using System.Text.Json;
using Pipeline.Fanout;
using Pipeline.SocketIo.EngineIo;
using Pipeline.SocketIo.Packets;

namespace Pipeline.SocketIo;

/// <summary>One client's connection: takes packets apart, puts attachments to their event, and knows which namespaces it is in.</summary>
internal sealed class Connection
{
    private static readonly byte[] NoAuth = "{}"u8.ToArray();

    private readonly SocketIoServer _server;
    private readonly Lock _gate = new();
    private TokenBucket _bucket;
    private IoSocket[] _sockets = [];
    private bool _everJoined;

    /// <summary>Namespaces that the server had it leave: what it sent before it knew is no mistake of its.</summary>
    private HashSet<string>? _left;

    private PartialPacket? _partial;

    public Connection(SocketIoServer server, EngineSession session)
    {
        _server = server;
        Session = session;
    }

    public EngineSession Session { get; }

    public IoSocket? Find(IoNamespace space) => Array.Find(Volatile.Read(ref _sockets), socket => socket.Namespace == space);

    public ValueTask OnMessageAsync(ReadOnlyMemory<byte> payload, bool isBinary)
    {
        if (isBinary)
        {
            return OnBinaryAsync(payload);
        }

        var limits = _server.Options.Packets;
        if (_partial is not null || !PacketDecoder.TryDecode(payload, limits, out var packet))
        {
            return Break();
        }

        if (packet.Attachments == 0)
        {
            return DispatchAsync(packet, []);
        }

        // The text is lent, and its attachments are still to come.
        _partial = new PartialPacket(packet with { Namespace = packet.Namespace.ToArray(), Payload = packet.Payload.ToArray() });
        return ValueTask.CompletedTask;
    }

    public void OnUpgraded() => Array.ForEach(Volatile.Read(ref _sockets), socket => socket.OnUpgraded());

    public void OnClosed(EngineCloseReason reason)
    {
        IoSocket[] sockets;
        lock (_gate)
        {
            sockets = _sockets;
            _sockets = [];
        }

        _partial = null;
        Array.ForEach(sockets, socket => socket.Close(DisconnectReasons.Of(reason)));
    }

    public void OnSweep(long now)
    {
        var sockets = Volatile.Read(ref _sockets);
        if (!_everJoined && now - Session.OpenedAt >= _server.ConnectTimeout)
        {
            Session.Finish(EngineCloseReason.ForcedClose);
        }

        foreach (var socket in sockets)
        {
            socket.SweepAcks(now);
            if (socket.Expires is { } end && _server.Engine.UtcNow >= end)
            {
                Expire(socket);
                return;
            }
        }
    }

    /// <summary>The server had the client leave a namespace.</summary>
    public void OnLeft(IoSocket socket)
    {
        Forget(socket);
        lock (_gate)
        {
            (_left ??= new HashSet<string>(StringComparer.Ordinal)).Add(socket.Namespace.Name);
        }
    }

    /// <summary>The client is back on another connection: this one is dead, whatever it looks like.</summary>
    public void CloseReplaced() => EngineServer.FinishSoon(Session, EngineCloseReason.TransportClose);

    private void Expire(IoSocket socket)
    {
        _server.Guard(() => socket.Namespace.Expired?.Invoke(socket));
        var closure = _server.Options.ExpiredClosure;
        Session.Close(closure.Code, closure.Reason);
    }

    private ValueTask OnBinaryAsync(ReadOnlyMemory<byte> payload)
    {
        if (_partial is not { } partial || !partial.TryAdd(payload, _server.Options.Packets))
        {
            return Break();
        }

        if (!partial.IsComplete)
        {
            return ValueTask.CompletedTask;
        }

        _partial = null;
        return DispatchAsync(partial.Packet, partial.Attachments);
    }

    private ValueTask DispatchAsync(in Packet packet, IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        var space = _server.Find(packet.Namespace.Span);
        var socket = space is null ? null : Find(space);
        switch (packet.Type)
        {
            case PacketType.Connect when socket is null:
                return ConnectAsync(packet, space);
            case PacketType.Disconnect when socket is not null && packet.Payload.IsEmpty:
                Forget(socket);
                socket.Close(DisconnectReason.ClientLeft);
                return ValueTask.CompletedTask;
            case PacketType.Event or PacketType.BinaryEvent when socket is not null:
                return OnEventAsync(socket, packet, attachments);
            case PacketType.Ack or PacketType.BinaryAck when socket is not null:
                return OnAck(socket, packet, attachments);
            case PacketType.Disconnect or PacketType.Event or PacketType.BinaryEvent or PacketType.Ack or PacketType.BinaryAck when HasLeft(space):
                return ValueTask.CompletedTask;
            default:
                return Break();
        }
    }

    private ValueTask OnEventAsync(IoSocket socket, in Packet packet, IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        if (!PayloadReader.TryReadEvent(packet.Payload, packet.Attachments, _server.Options.Packets, out var name, out var values))
        {
            return Break();
        }

        if (!TryTake())
        {
            _server.OnRateLimited(socket, name);
            return ValueTask.CompletedTask;
        }

        return socket.HandlerOf(name) is { } handler
            ? _server.RunAsync(handler, new IoEvent(socket, name, IoArguments.Received(packet.Payload, values, attachments), packet.Id))
            : ValueTask.CompletedTask;
    }

    private ValueTask OnAck(IoSocket socket, in Packet packet, IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        var limits = _server.Options.Packets;
        if (packet.Id == Packet.NoId
            || !PayloadReader.TryReadArray(packet.Payload, packet.Attachments, limits, limits.MaxArguments, out var values))
        {
            return Break();
        }

        socket.OnAck(packet.Id, IoArguments.Received(packet.Payload, values, attachments));
        return ValueTask.CompletedTask;
    }

    private async ValueTask ConnectAsync(Packet packet, IoNamespace? space)
    {
        var limits = _server.Options.Packets;
        if (packet.Payload.Length > limits.MaxAuthBytes)
        {
            await Break();
            return;
        }

        var auth = packet.Payload.IsEmpty ? NoAuth : packet.Payload.ToArray();
        if (packet.Id != Packet.NoId || !PayloadReader.IsObject(auth, limits) || !TryTake())
        {
            await Break();
            return;
        }

        if (space is null)
        {
            Refuse(packet.Namespace, new ConnectError("Invalid namespace"));
            return;
        }

        if (_sockets.Length >= _server.Options.MaxNamespaces)
        {
            Refuse(packet.Namespace, new ConnectError("Too many namespaces"));
            return;
        }

        var request = new ConnectRequest(space, Session.Handshake, auth);
        if (await _server.CheckAsync(request) is { } error)
        {
            Refuse(packet.Namespace, error);
        }
        else if (Session.IsOpen)
        {
            await EnterAsync(space, request);
        }
    }

    private ValueTask EnterAsync(IoNamespace space, ConnectRequest request)
    {
        var socket = space.Accept(this, request);
        _everJoined = true;
        lock (_gate)
        {
            _left?.Remove(space.Name);
            _sockets = [.. _sockets, socket];
        }

        return space.Connected is { } connected ? _server.RunAsync(connected, socket) : ValueTask.CompletedTask;
    }

    private void Refuse(ReadOnlyMemory<byte> name, ConnectError error)
    {
        var prefix = name.Span.SequenceEqual("/"u8) ? [] : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(name.Span) + ",");
        var buffer = new ArrayBufferWriter<byte>(96);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("message", error.Message);
        if (!error.DataJson.IsEmpty)
        {
            json.WritePropertyName("data");
            json.WriteRawValue(error.DataJson.Span);
        }

        json.WriteEndObject();
        json.Flush();
        Session.Send(PacketEncoder.Plain(PacketType.ConnectError, prefix, buffer.WrittenSpan));
    }

    private void Forget(IoSocket socket)
    {
        lock (_gate)
        {
            _sockets = [.. _sockets.Where(known => known != socket)];
        }
    }

    private bool HasLeft(IoNamespace? space)
    {
        lock (_gate)
        {
            return space is not null && _left?.Contains(space.Name) == true;
        }
    }

    private ValueTask Break()
    {
        Session.Finish(EngineCloseReason.ParseError);
        return ValueTask.CompletedTask;
    }

    private bool TryTake() =>
        _bucket.TryTake(_server.Options.EventsPerSecond, _server.Options.EventBurst, TimeSpan.FromMilliseconds(_server.Engine.Now));
}
