using Pipeline.Simulator.Replay;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Bybit;

/// <summary>One client of the Bybit spot dialect.</summary>
internal sealed partial class BybitSession : IVenueSession, IPublishedSession
{
    private readonly BybitDirectory _directory;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, BybitTopic> _topics = new(StringComparer.Ordinal);
    private long _activeAt;
    private bool _ended;

    public BybitSession(SimulatorConnection connection, BybitDialect dialect, BybitDirectory directory, TimeProvider clock)
    {
        Connection = connection;
        Dialect = dialect;
        _directory = directory;
        _clock = clock;
        var random = new SeededRandom((ulong)connection.Id);
        Number = $"{random.Next():x16}-{connection.Id}";
        _activeAt = clock.GetTimestamp();
    }

    public SimulatorConnection Connection { get; }

    public IVenueDialect Dialect { get; }

    public string Number { get; }

    public bool HasUnsent { get; set; }

    public IReadOnlyList<string> Streams
    {
        get
        {
            lock (_gate)
            {
                return [.. _topics.Keys];
            }
        }
    }

    /// <summary>The venue does not ping.</summary>
    public long PingsSent => 0;

    public long PongsReceived { get; private set; }

    public ReplayProgress? Replay => null;

    public bool IsSubscribed(string stream)
    {
        lock (_gate)
        {
            return _topics.ContainsKey(stream);
        }
    }

    public void Open()
    {
    }

    public void NotePush() => Volatile.Write(ref _activeAt, _clock.GetTimestamp());

    /// <summary>Cuts a connection on which nothing was said for too long; the venue sends no close frame then.</summary>
    public void OnClock()
    {
        if (_clock.GetElapsedTime(Volatile.Read(ref _activeAt)) >= BybitLimits.IdleTimeout)
        {
            Connection.Abort("no ping or data for 10 min");
        }
    }

    /// <summary>Takes the session out of every topic; nothing is sent to it any more.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            foreach (var topic in _topics.Values)
            {
                topic.Subscribers.Remove(this);
            }
        }
    }

    public void OnMessage(ReadOnlySpan<byte> message, long length)
    {
        NotePush();
        if (length > message.Length || BybitRequest.From(message) is not { } request)
        {
            Connection.Send(Opcode.Text, BybitReply.Result(false, "Failed to decode incoming data", "", null, Number));
            return;
        }

        Answer(request);
    }

    public void OnPing(ReadOnlySpan<byte> payload)
    {
        NotePush();
        Connection.Send(Opcode.Pong, payload);
    }

    public void OnPong(ReadOnlySpan<byte> payload) => PongsReceived++;
}
