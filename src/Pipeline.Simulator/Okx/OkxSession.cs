using System.Globalization;
using Pipeline.Simulator.Replay;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Okx;

/// <summary>One client of the OKX dialect: its subscriptions, its budget and its idle time.</summary>
internal sealed partial class OkxSession : IVenueSession, IPublishedSession
{
    private readonly OkxEndpoint _endpoint;
    private readonly OkxDirectory _directory;
    private readonly TimeProvider _clock;
    private readonly MessageBudget _budget;
    private readonly SeededRandom _random;
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<OkxArg, OkxChannel> _channels = [];
    private readonly long _connectedAt;
    private long _pushedAt;
    private volatile bool _hasSubscribed;
    private bool _ended;

    public OkxSession(SimulatorConnection connection, OkxEndpoint endpoint, OkxDialect dialect, OkxDirectory directory, TimeProvider clock)
    {
        Connection = connection;
        Connection.OverflowReason = OkxLimits.SlowReason;
        Dialect = dialect;
        _endpoint = endpoint;
        _directory = directory;
        _clock = clock;
        _budget = new MessageBudget(clock, OkxLimits.RequestsPerWindow, OkxLimits.RequestWindow);
        _random = new SeededRandom((ulong)connection.Id);
        Number = ((uint)_random.Next()).ToString("x8", CultureInfo.InvariantCulture);
        _connectedAt = _pushedAt = clock.GetTimestamp();
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
                return [.. _channels.Keys.Select(arg => arg.Name)];
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
            return _channels.Keys.Any(arg => arg.Name == stream);
        }
    }

    public void Open()
    {
    }

    public void NotePush() => Volatile.Write(ref _pushedAt, _clock.GetTimestamp());

    /// <summary>Ends a connection that has subscribed nothing, or that was sent nothing, for too long.</summary>
    public void OnClock()
    {
        var unused = !_hasSubscribed && _clock.GetElapsedTime(_connectedAt) >= OkxLimits.IdleTimeout;
        if (unused || _clock.GetElapsedTime(Volatile.Read(ref _pushedAt)) >= OkxLimits.IdleTimeout)
        {
            Connection.Close(OkxLimits.IdleCode, OkxLimits.IdleReason);
        }
    }

    /// <summary>Takes the session out of every channel; nothing is sent to it any more.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            foreach (var channel in _channels.Values)
            {
                channel.Subscribers.Remove(this);
            }
        }
    }

    public void OnMessage(ReadOnlySpan<byte> message, long length)
    {
        if (length > OkxLimits.RequestBytes)
        {
            Connection.Close(CloseCode.TooBig, OkxLimits.OversizeReason);
        }
        else if (message.SequenceEqual("ping"u8))
        {
            Send(Opcode.Text, "pong"u8);
        }
        else if (!OkxRequest.TryParse(message, out var request, out var error))
        {
            Send(Opcode.Text, OkxReply.Error(error!, request.Id, Number));
        }
        else
        {
            Answer(request);
        }
    }

    public void OnPing(ReadOnlySpan<byte> payload) => Send(Opcode.Pong, payload);

    public void OnPong(ReadOnlySpan<byte> payload) => PongsReceived++;

    private void Send(byte opcode, ReadOnlySpan<byte> payload)
    {
        NotePush();
        Connection.Send(opcode, payload);
    }
}
