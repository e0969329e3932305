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
    /// <summary>About what an event costs besides its bytes.</summary>
    private const int Overhead = 128;

    private readonly Queue<KeptEvent> _events = new();
    private readonly Dictionary<string, KeptClient> _clients = new(StringComparer.Ordinal);
    private readonly Queue<KeptClient> _clientsByAge = new();
    private readonly Dictionary<string, IoSocket> _live = new(StringComparer.Ordinal);
    private readonly long _maxAge = (long)options.MaxDisconnection.TotalMilliseconds;
    private long _bytes;

    public object Gate { get; } = new();

    /// <summary>Number of the event that comes next.</summary>
    public long Next { get; private set; } = 1;

    /// <summary>Events that are kept.</summary>
    public int Count => _events.Count;

    /// <summary>Bytes that they take.</summary>
    public long Bytes => _bytes;

    /// <summary>Clients that are waited for.</summary>
    public int Waiting => _clients.Count;

    private long First => Next - _events.Count;

    /// <summary>Place of the next event, as clients are told.</summary>
    public string NextOffset() => Next.ToString(CultureInfo.InvariantCulture);

    public void Add(in KeptEvent kept)
    {
        _events.Enqueue(kept);
        _bytes += Cost(kept);
        Next++;
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

        if (from < First)
        {
            return null;
        }

        var rooms = client.Rooms.ToHashSet(StringComparer.Ordinal);
        return [.. _events.Skip((int)(from - First)).Where(kept => kept.Target.Means(client.Id, rooms))];
    }

    /// <summary>Lets go what is too old or too much.</summary>
    public void Trim(long now)
    {
        while (_events.TryPeek(out var oldest) && (now - oldest.At > _maxAge || _events.Count > options.MaxEvents || _bytes > options.MaxBytes))
        {
            _bytes -= Cost(_events.Dequeue());
        }

        while (_clientsByAge.TryPeek(out var client) && (now - client.At > _maxAge || _clients.Count > options.MaxClients || IsBack(client)))
        {
            _clientsByAge.Dequeue();
            if (!IsBack(client))
            {
                _clients.Remove(client.PrivateId);
            }
        }
    }

    private static long Cost(in KeptEvent kept) => (kept.Message.Parts?.Sum(part => (long)part.Payload.Length) ?? kept.Message.Payload.Length) + Overhead;

    private bool IsBack(KeptClient client) => _clients.GetValueOrDefault(client.PrivateId) != client;
}
