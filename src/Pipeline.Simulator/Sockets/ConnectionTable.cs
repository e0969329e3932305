using System.Collections.Concurrent;

namespace Pipeline.Simulator.Sockets;

/// <summary>
/// All connections of the simulator, of whatever dialect, and what those that ended have sent. Its sessions stand for those of the
/// dialects and are never to be cast: what others need to know of a session is part of <see cref="IVenueSession"/>.
/// </summary>
internal sealed class ConnectionTable
{
    private readonly ConcurrentDictionary<int, IVenueSession> _open = new();
    private readonly ConcurrentDictionary<string, long> _ends = new(StringComparer.Ordinal);
    private int _lastId;
    private int _handshakes;
    private volatile bool _isStopping;
    private long _endedFrames;
    private long _attempts;
    private long _endedBytes;

    /// <summary>Open connections by id.</summary>
    public IReadOnlyList<IVenueSession> Open => [.. _open.Values.OrderBy(session => session.Connection.Id)];

    public int OpenCount => _open.Count;

    /// <summary>True when nobody is connected or about to be.</summary>
    public bool IsIdle => IsSettled && _open.IsEmpty;

    /// <summary>Set when the simulator ends: who has shaken hands before is told goodbye at once.</summary>
    public bool IsStopping
    {
        get => _isStopping;
        set => _isStopping = value;
    }

    /// <summary>Handshakes that were asked for, refused ones too; who finds no port open is not seen here.</summary>
    public long Attempts => Interlocked.Read(ref _attempts);

    public long Opened => Volatile.Read(ref _lastId);

    /// <summary>Connections ended by the simulator, by reason.</summary>
    public IReadOnlyDictionary<string, long> Ends => new SortedDictionary<string, long>(_ends, StringComparer.Ordinal);

    public long FramesSent => Interlocked.Read(ref _endedFrames) + _open.Values.Sum(session => session.Connection.FramesSent);

    public long BytesSent => Interlocked.Read(ref _endedBytes) + _open.Values.Sum(session => session.Connection.BytesSent);

    public long UnsentBytes => _open.Values.Sum(session => session.Connection.UnsentBytes);

    public void CountAttempt() => Interlocked.Increment(ref _attempts);

    public int NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>True when every client that was told so is in the table, with its session open.</summary>
    public bool IsSettled => Volatile.Read(ref _handshakes) == 0;

    /// <summary>To be called before a client is told that it is connected: from then on it counts, though it is not in the table yet.</summary>
    public void BeginHandshake() => Interlocked.Increment(ref _handshakes);

    public void EndHandshake() => Interlocked.Decrement(ref _handshakes);

    public void Add(IVenueSession session) => _open[session.Connection.Id] = session;

    public void Remove(IVenueSession session)
    {
        var connection = session.Connection;
        if (_open.TryRemove(connection.Id, out _))
        {
            Interlocked.Add(ref _endedFrames, connection.FramesSent);
            Interlocked.Add(ref _endedBytes, connection.BytesSent);
            if (connection.EndReason is { } reason)
            {
                _ends.AddOrUpdate(reason, 1, static (_, count) => count + 1);
            }
        }
    }

    public IVenueSession? Find(int id) => _open.GetValueOrDefault(id);
}
