using System.Globalization;
using System.Text;
using Pipeline.Simulator.Faults;
using Pipeline.Simulator.Replay;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance;

/// <summary>One client of a Binance dialect: its subscriptions, its budget and its pings.</summary>
internal sealed partial class BinanceSession : IVenueSession, IPublishedSession
{
    private readonly IReadOnlyList<string> _firstStreams;
    private readonly StreamDirectory _directory;
    private readonly BinanceLimits _limits;
    private readonly Func<string, bool>? _delivers;
    private readonly MessageBudget _budget;
    private readonly PingWatch _pings;
    private readonly ReplaySession? _replay;
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, MarketStream?> _streams = new(StringComparer.Ordinal);
    private volatile bool _combined;
    private long _pingsSent;
    private long _pongsReceived;
    private bool _ended;

    public BinanceSession(SimulatorConnection connection, ConnectTarget target, BinanceSessionSetup setup)
    {
        Connection = connection;
        Dialect = setup.Dialect;
        _firstStreams = target.Streams;
        Microseconds = target.Microseconds;
        _combined = target.Combined;
        _directory = setup.Directory;
        _limits = setup.Limits;
        _delivers = target.Delivers;
        _budget = new MessageBudget(setup.Clock, setup.Limits.Messages, setup.Limits.MessageWindow);
        _pings = new PingWatch(setup.Clock, setup.Limits);
        _replay = setup.Recording is { } recording
            ? new ReplaySession(this, recording, setup.ReplaySpeed, setup.Clock, setup.Log)
            : null;
    }

    public SimulatorConnection Connection { get; }

    public IVenueDialect Dialect { get; }

    /// <summary>Unit of time fields, chosen in the address.</summary>
    public bool Microseconds { get; }

    /// <summary>Whether data comes in the combined envelope.</summary>
    public bool Combined => _combined;

    public bool HasUnsent { get; set; }

    public IReadOnlyList<string> Streams
    {
        get
        {
            lock (_gate)
            {
                return [.. _streams.Keys];
            }
        }
    }

    public long PingsSent => Interlocked.Read(ref _pingsSent);

    public long PongsReceived => Interlocked.Read(ref _pongsReceived);

    public ReplayProgress? Replay => _replay?.Progress;

    public bool IsSubscribed(string stream)
    {
        lock (_gate)
        {
            return _streams.ContainsKey(stream);
        }
    }

    /// <summary>The venue pings by the clock, whatever else is sent.</summary>
    public void NotePush()
    {
    }

    /// <summary>Subscribes what the address named, as if asked for without an answer.</summary>
    public void Open()
    {
        var streams = _firstStreams;
        if (streams.Count == 0)
        {
            return;
        }

        if (Check(streams) is { } error)
        {
            Refuse(error, default);
            return;
        }

        Subscribe(streams);
        _replay?.OnRequest(subscribed: true);
    }

    public void OnMessage(ReadOnlySpan<byte> message, long length)
    {
        if (!TakeMessage() || length > _limits.RequestBytes)
        {
            return;
        }

        _replay?.OnRequest(subscribed: false);
        if (BinanceRequest.TryParse(message, out var request, out var error))
        {
            error = Answer(request);
        }

        if (error is not null)
        {
            Refuse(error, request.Id);
        }
    }

    public void OnPing(ReadOnlySpan<byte> payload)
    {
        if (TakeMessage())
        {
            Connection.Send(Opcode.Pong, payload);
        }
    }

    public void OnPong(ReadOnlySpan<byte> payload)
    {
        Interlocked.Increment(ref _pongsReceived);
        if (TakeMessage())
        {
            _pings.Accept(payload);
        }
    }

    /// <summary>Pings, and ends what did not answer or is too old.</summary>
    public void OnClock()
    {
        switch (_pings.Check(out var payload))
        {
            case PingVerdict.SendPing:
                Interlocked.Increment(ref _pingsSent);
                Connection.Send(Opcode.Ping, Encoding.ASCII.GetBytes(payload.ToString(CultureInfo.InvariantCulture)));
                break;
            case PingVerdict.TimedOut:
                Connection.Close(CloseCode.PolicyViolation, "Pong timeout");
                break;
            case PingVerdict.LifeIsOver:
                Connection.Close(CloseCode.GoingAway, "24 hours are over");
                break;
        }
    }

    /// <summary>Takes the session out of every stream; nothing is sent to it any more.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            foreach (var stream in _streams.Values)
            {
                stream?.Remove(this);
            }
        }
    }

    private bool TakeMessage()
    {
        // With another limit in force it is not the session that judges.
        var taken = _budget.TryTake() || Connection.Faults.Find(FaultId.F04) is not null;
        if (!taken)
        {
            Connection.Close(CloseCode.PolicyViolation, "Too many requests");
        }

        return taken;
    }

    private void Refuse(RequestError error, ReadOnlySpan<byte> id)
    {
        Connection.Send(Opcode.Text, BinanceReply.Error(error, id));
        if (error.Closes)
        {
            Connection.Close(CloseCode.PolicyViolation, "Invalid request");
        }
    }
}
