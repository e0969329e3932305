using System.Globalization;
using Pipeline.Fanout;

namespace Pipeline.SocketIo.Recovery;

/// <summary>
/// The last events of a namespace, and who may ask for them: bounded by number, bytes and time. Whoever emits holds <see cref="Gate"/>
/// until the event is in every outbox, and so does who comes back until it has what it missed: so nothing is left out and nothing comes
/// twice. A plain synchronous class; time comes in.
/// </summary>
internal sealed class RecoveryLog(RecoveryOptions options)
{
    private readonly EventQueue _events = new(options.MaxEvents, options.MaxBytes, options.MaxDisconnection);
    private readonly Dictionary<string, KeptClient> _clients = new(StringComparer.Ordinal);
    private readonly Queue<KeptClient> _clientsByAge = new();
    private readonly Dictionary<string, IoSocket> _live = new(StringComparer.Ordinal);
    private readonly long _maxAge = (long)options.MaxDisconnection.TotalMilliseconds;

    public object Gate { get; } = new();

    /// <summary>Number of the event that comes next.</summary>
    public long Next { get; private set; } = 1;

    /// <summary>Events that are kept.</summary>
    public int Count => _events.Count;

    /// <summary>Bytes that they take.</summary>
    public long Bytes => _events.Bytes;

    /// <summary>Clients that are waited for.</summary>
    public int Waiting => _clients.Count;

    /// <summary>Place of the next event, as clients are told.</summary>
    public string NextOffset() => Next.ToString(CultureInfo.InvariantCulture);

    /// <summary>Keeps an event that has the number <see cref="Next"/>.</summary>
    /// <param name="only">The one client that it is for: kept with that alone. Null = it is for several.</param>
    public void Add(in KeptEvent kept, IoSocket? only = null)
    {
        Next++;
        if (only is null)
        {
            _events.Add(kept);
        }
        else
        {
            (only.Own ??= new EventQueue(options.MaxClientEvents, options.MaxClientBytes, options.MaxDisconnection)).Add(kept);
        }

        Trim(kept.At);
    }

    public void Connect(IoSocket socket) => _live[socket.PrivateId!] = socket;

    /// <summary>A client broke off.</summary>
    public void Disconnect(IoSocket socket, KeptClient? client)
    {
        if (_live.TryGetValue(socket.PrivateId!, out var live) && live == socket)
        {
            _live.Remove(socket.PrivateId!);
        }

        if (client is not null)
        {
            _clients[client.PrivateId] = client;
            _clientsByAge.Enqueue(client);
            Trim(client.At);
        }
    }

    /// <summary>A client that is still taken for connected: its broken connection was not noticed yet.</summary>
    public IoSocket? FindLive(string privateId) => _live.GetValueOrDefault(privateId);

    /// <summary>A client that broke off.</summary>
    public KeptClient? Find(string privateId, long now)
    {
        Trim(now);
        return _clients.GetValueOrDefault(privateId);
    }

    /// <summary>It is back.</summary>
    public void Forget(string privateId) => _clients.Remove(privateId);

    /// <summary>What a client missed; null when not everything is there any more.</summary>
    /// <param name="offset">Of the last event that it got; null = it got none.</param>
    public List<KeptEvent>? Missed(KeptClient client, string? offset)
    {
        var from = client.Since;
        if (offset is not null)
        {
            if (!long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var last) || last >= Next)
            {
                return null;
            }

            from = last + 1;
        }

        if (!_events.HasAllFrom(from) || client.Own?.HasAllFrom(from) == false)
        {
            return null;
        }

        var rooms = client.Rooms.ToHashSet(StringComparer.Ordinal);
        List<KeptEvent> missed = [.. _events.From(from).Where(kept => kept.Target.Means(client.Id, rooms)), .. client.Own?.From(from) ?? []];
        missed.Sort(static (one, other) => one.Number.CompareTo(other.Number));
        return missed;
    }

    /// <summary>Lets go what is too old or too much.</summary>
    public void Trim(long now)
    {
        _events.Trim(now);
        while (_clientsByAge.TryPeek(out var client) && (now - client.At > _maxAge || _clients.Count > options.MaxClients || IsBack(client)))
        {
            _clientsByAge.Dequeue();
            if (!IsBack(client))
            {
                _clients.Remove(client.PrivateId);
            }
        }
    }

    private bool IsBack(KeptClient client) => _clients.GetValueOrDefault(client.PrivateId) != client;
}
