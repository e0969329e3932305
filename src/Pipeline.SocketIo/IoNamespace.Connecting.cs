using System.Text;
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

    /// <summary>A client has gone, if nobody has taken its place.</summary>
    internal void Remove(IoSocket socket, DisconnectReason reason)
    {
        if (Log is not { } log)
        {
            socket.Detach();
            Leave(socket);
            return;
        }

        // In one step: who comes back meanwhile finds it here, or finds it kept.
        lock (log.Gate)
        {
            var rooms = socket.Detach();
            Leave(socket);
            log.Disconnect(socket, rooms is not null && reason.IsRecoverable() ? Keep(socket, rooms) : null);
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
        KeptClient? client;
        replaced = log.FindLive(privateId);
        if (replaced is not null)
        {
            client = Keep(replaced, replaced.Detach() ?? []);
            Leave(replaced);
        }
        else
        {
            client = log.Find(privateId, Server.Engine.Now);
        }

        if (client is null || log.Missed(client, offset) is not { } missed || !MayRecover(client.Data))
        {
            return null;
        }

        log.Forget(privateId);
        var socket = new IoSocket(this, connection, request, client.Id, privateId)
        {
            Data = client.Data,
            IsRecovered = true,
            Since = client.Since,
            Own = client.Own,
        };
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

    private bool MayRecover(object? data)
    {
        var mayRecover = Recovering is null;
        Server.Guard(() => mayRecover = Recovering?.Invoke(data) ?? true);
        return mayRecover;
    }

    private KeptClient Keep(IoSocket socket, IReadOnlyList<string> rooms) =>
        new(socket.Id, socket.PrivateId!, rooms, socket.Data, socket.Since, Server.Engine.Now, socket.Own);

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

    /// <summary>Ids need no escapes.</summary>
    private SharedMessage ConnectPacket(IoSocket socket)
    {
        var json = socket.PrivateId is { } privateId
            ? $$"""{"sid":"{{socket.Id}}","pid":"{{privateId}}"}"""
            : $$"""{"sid":"{{socket.Id}}"}""";
        return PacketEncoder.Plain(PacketType.Connect, Prefix, Encoding.ASCII.GetBytes(json));
    }
}
