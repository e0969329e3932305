using System.Buffers;
using System.Text.Json;
using Pipeline.Fanout;
using Pipeline.SocketIo.Packets;
using Pipeline.SocketIo.Recovery;

namespace Pipeline.SocketIo;

public sealed partial class IoNamespace
{
    internal async ValueTask<ConnectError?> CheckAsync(ConnectRequest request)
    {
        foreach (var middleware in _middleware)
        {
            if (await middleware(request) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    /// <summary>Lets a client in: as the one it was, with what it missed, or as a new one.</summary>
    internal IoSocket Accept(Connection connection, ConnectRequest request)
    {
        if (Log is not { } log)
        {
            var socket = new IoSocket(this, connection, request, SessionId(), privateId: null);
            Join(socket);
            return socket;
        }

        var wanted = ReadPrivateId(request, out var offset);
        IoSocket? replaced;
        IoSocket accepted;
        lock (log.Gate)
        {
            accepted = Recover(log, connection, request, wanted, offset, out replaced)
                ?? JoinAnew(log, new IoSocket(this, connection, request, SessionId(), SessionId()));
            log.Connect(accepted);
        }

        replaced?.Connection.CloseReplaced();
        return accepted;
    }

    /// <summary>A client has gone.</summary>
    internal void Remove(IoSocket socket, DisconnectReason reason, IReadOnlyList<string> rooms)
    {
        if (Log is { } log)
        {
            lock (log.Gate)
            {
                Leave(socket);
                log.Disconnect(socket, reason.IsRecoverable() ? Keep(socket, rooms) : null);
            }
        }
        else
        {
            Leave(socket);
        }
    }

    internal void OnUpgraded(IoSocket socket) => _all.OnUpgraded(socket);

    internal Func<IoEvent, ValueTask>? HandlerOf(string name) => _handlers.GetValueOrDefault(name) ?? Unhandled;

    private static string SessionId() => EngineIo.SessionIds.Create();

    private static string? ReadPrivateId(ConnectRequest request, out string? offset)
    {
        offset = request.GetAuth("offset");
        return request.GetAuth("pid");
    }

    private IoSocket JoinAnew(RecoveryLog log, IoSocket socket)
    {
        socket.Since = log.Next;
        Join(socket);
        return socket;
    }

    private IoSocket? Recover(
        RecoveryLog log, Connection connection, ConnectRequest request, string? privateId, string? offset, out IoSocket? replaced)
    {
        replaced = null;
        if (privateId is null)
        {
            return null;
        }

        // Back before the server noticed that it was gone.
        replaced = log.FindLive(privateId);
        var rooms = replaced?.Detach();
        var client = replaced is not null ? Keep(replaced, rooms!) : log.Find(privateId, Server.Engine.Now);
        if (replaced is not null)
        {
            Leave(replaced);
        }

        if (client is null || log.Missed(client, offset) is not { } missed)
        {
            return null;
        }

        log.Forget(privateId);
        var socket = new IoSocket(this, connection, request, client.Id, privateId) { Data = client.Data, IsRecovered = true, Since = client.Since };
        Join(socket);
        foreach (var kept in missed)
        {
            socket.Send(kept.Message, kept.Delivery, kept.Key);
        }

        foreach (var room in client.Rooms)
        {
            socket.Join(room);
        }

        Server.Metrics.OnRecovered();
        return socket;
    }

    private KeptClient Keep(IoSocket socket, IReadOnlyList<string> rooms) =>
        new(socket.Id, socket.PrivateId!, rooms, socket.Data, socket.Since, Server.Engine.Now);

    /// <summary>From here on it gets what is emitted, and its connect packet comes before all that.</summary>
    private void Join(IoSocket socket)
    {
        socket.Send(ConnectPacket(socket), Delivery.Required, null);
        _sockets[socket.Id] = socket;
        _all.TryAdd(socket);
    }

    private void Leave(IoSocket socket)
    {
        if (_sockets.TryRemove(new KeyValuePair<string, IoSocket>(socket.Id, socket)))
        {
            _all.Remove(socket);
        }
    }

    private SharedMessage ConnectPacket(IoSocket socket)
    {
        var buffer = new ArrayBufferWriter<byte>(96);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("sid", socket.Id);
        if (socket.PrivateId is { } privateId)
        {
            json.WriteString("pid", privateId);
        }

        json.WriteEndObject();
        json.Flush();
        return PacketEncoder.Plain(PacketType.Connect, Prefix, buffer.WrittenSpan);
    }
}
