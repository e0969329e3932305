using Pipeline.Fanout;

namespace Pipeline.SocketIo.Rooms;

/// <summary>
/// Clients of a namespace that get the same events. Those on WebSockets stand in a room of Pipeline.Fanout, which writes to them in one
/// pass; the others beside it. Everything emitted to it, and every change of it, is in one order for all. For any thread.
/// </summary>
/// <param name="stays">Whether it goes on when nobody is left.</param>
internal sealed class IoRoom(string name, bool stays = false)
{
    private readonly Lock _gate = new();
    private Room? _links;
    private HashSet<IoSocket>? _others;
    private bool _gone;

    public string Name => name;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return Size;
            }
        }
    }

    private int Size => (_links?.Count ?? 0) + (_others?.Count ?? 0);

    /// <returns>False when the room was given up meanwhile: a new one of its name must be taken.</returns>
    public bool TryAdd(IoSocket socket)
    {
        lock (_gate)
        {
            if (_gone)
            {
                return false;
            }

            if (socket.Link is { } link)
            {
                (_links ??= new Room()).Add(link);
            }
            else
            {
                (_others ??= []).Add(socket);
            }

            return true;
        }
    }

    /// <returns>Whether nobody is left, and nobody comes any more.</returns>
    public bool Remove(IoSocket socket)
    {
        lock (_gate)
        {
            if (_others?.Remove(socket) != true && socket.Link is { } link)
            {
                _links?.Remove(link);
            }

            _gone |= !stays && Size == 0;
            return _gone;
        }
    }

    /// <summary>A client goes on over a WebSocket: faster, no different.</summary>
    public void OnUpgraded(IoSocket socket)
    {
        lock (_gate)
        {
            if (socket.Link is { } link && _others?.Remove(socket) == true)
            {
                (_links ??= new Room()).Add(link);
            }
        }
    }

    /// <returns>Clients that took it.</returns>
    public int Publish(SharedMessage message, Delivery delivery, object? key, IoSocket? except)
    {
        lock (_gate)
        {
            var taken = _links?.Publish(message, delivery, key, except?.Link) ?? 0;
            if (_others is { Count: > 0 } others)
            {
                foreach (var socket in others)
                {
                    taken += socket != except && socket.Send(message, delivery, key) ? 1 : 0;
                }
            }

            return taken;
        }
    }

    public void AddTo(HashSet<IoSocket> sockets, IoNamespace space)
    {
        lock (_gate)
        {
            foreach (var link in _links?.ToArray() ?? [])
            {
                if (IoSocket.Find(link, space) is { } socket)
                {
                    sockets.Add(socket);
                }
            }

            sockets.UnionWith(_others ?? []);
        }
    }
}
