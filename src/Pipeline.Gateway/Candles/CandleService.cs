using System.Collections.Concurrent;
using Pipeline.Core.Candles;
using Pipeline.Core.Market;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Instruments;
using Pipeline.History;

namespace Pipeline.Gateway.Candles;

/// <summary>
/// Candles to clients of Socket.IO: history on subscribing and on request, updates from then on. Knows nothing of Socket.IO itself but
/// what <see cref="IKlineClient"/> and <see cref="IKlineOutlet"/> say.
/// </summary>
internal sealed class CandleService : IRecordTap
{
    public const long MicrosecondsPerSecond = 1_000_000;

    private readonly ConcurrentDictionary<KlineSession, byte> _sessions = new();
    private readonly CandleBoard _board = new();
    private readonly string _intervals = string.Join(',', CandleInterval.All.Select(interval => $"\"{interval.Name[^1]}{interval.Name[..^1]}\""));
    private ICandleHub? _hub;
    private CandleSymbols? _symbols;
    private long _published;
    private long _refused;
    private long _failed;

    /// <param name="store">Null where no history runs.</param>
    public CandleService(CandleServiceOptions options, CandleStore? store, IHistoryMarks? marks, IKlineOutlet outlet, TimeProvider time)
    {
        Options = options;
        Time = time;
        Rooms = new KlineRooms(outlet);
        History = new CandleHistory(store, marks, _board, time);
    }

    public CandleServiceOptions Options { get; }

    public TimeProvider Time { get; }

    public KlineRooms Rooms { get; }

    public CandleHistory History { get; }

    public ICandleHub Hub => _hub ?? throw new HubUnavailableException();

    public CandleSymbols Symbols => _symbols ?? throw new HubUnavailableException();

    /// <summary>Whether it has a hub.</summary>
    public bool IsAttached => _hub is not null;

    /// <summary>Clients connected.</summary>
    public int Connections => _sessions.Count(one => !one.Key.IsSuspended);

    /// <summary>Updates put into rooms.</summary>
    public long Published => Volatile.Read(ref _published);

    /// <summary>Events answered with an error of the client's.</summary>
    public long RefusedCount => Volatile.Read(ref _refused);

    /// <summary>Events that we failed to answer.</summary>
    public long FailedCount => Volatile.Read(ref _failed);

    /// <summary>The hub this is a tap of; it is made after its taps.</summary>
    /// <param name="defaultVenue">Where a symbol without venue is looked for first.</param>
    public void Attach(ICandleHub hub, IInstrumentFinder instruments, string? defaultVenue)
    {
        _symbols = new CandleSymbols(instruments, defaultVenue);
        _hub = hub;
    }

    /// <summary>A client has come: it is greeted, and has <see cref="CandleServiceOptions.ConnectionTimeout"/> to subscribe.</summary>
    /// <param name="strings">It wants numbers as strings.</param>
    public KlineSession Connect(IKlineClient client, bool strings)
    {
        var session = new KlineSession(this, client, strings);
        _sessions.TryAdd(session, 0);
        client.Emit(KlineEvents.Connected, new JsonBuffer(256)
            .Raw("{\"client_id\":"u8).Text(client.Id)
            .Raw(",\"server_time\":"u8).Integer(Time.GetUtcNow().ToUnixTimeMilliseconds())
            .Raw(",\"supported_intervals\":["u8).Raw(System.Text.Encoding.ASCII.GetBytes(_intervals)).Raw("]}"u8).ToArray());
        return session;
    }

    public void OnLog(LogBeginning log) => _board.Clear();

    public void OnRecord(in StreamRecord record)
    {
        if (record.Topic != TopicKind.Candles || record.Interval is null)
        {
            return;
        }

        _board.Add(record);
        if (record.Value.Length > 0)
        {
            Volatile.Write(ref _published, _published + Rooms.Publish(record));
        }
    }

    /// <summary>A client has gone.</summary>
    internal void Remove(KlineSession session)
    {
        if (_sessions.TryRemove(session, out _))
        {
            _hub?.Post(_ => Rooms.LeaveAll(session));
        }
    }

    internal void Refused(KlineError error)
    {
        if (error == KlineError.Internal)
        {
            Interlocked.Increment(ref _failed);
        }
        else
        {
            Interlocked.Increment(ref _refused);
        }
    }

    internal void Failed(Exception error) => LastFailure = error.Message;

    /// <summary>What the last failure said; null when there was none.</summary>
    public string? LastFailure { get; private set; }
}
