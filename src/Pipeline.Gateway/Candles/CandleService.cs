using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Core.Candles;
using Pipeline.Core.Market;
using Pipeline.Gateway.History;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Instruments;
using Pipeline.Gateway.Security;
using Pipeline.Gateway.WebSockets;
using Pipeline.History;

namespace Pipeline.Gateway.Candles;

/// <summary>
/// Candles to clients of Socket.IO: history on subscribing and on request, updates from then on. Knows nothing of Socket.IO itself but
/// what <see cref="IKlineClient"/> and <see cref="IKlineOutlet"/> say.
/// </summary>
internal sealed partial class CandleService : IRecordTap
{
    public const long MicrosecondsPerSecond = 1_000_000;

    private readonly ConcurrentDictionary<KlineSession, byte> _sessions = new();
    private readonly CandleBoard _board = new();
    private readonly string _intervals = string.Join(',', CandleInterval.All.Select(interval => $"\"{interval.Name[^1]}{interval.Name[..^1]}\""));
    private ICandleHub? _hub;
    private AddressLimiter? _addresses;
    private readonly ConcurrentDictionary<string, long> _errors = new(StringComparer.Ordinal);
    private readonly ILogger _logger;
    private IInstrumentFinder? _instruments;
    private string? _defaultVenue;
    private long _published;
    private long _sent;
    private long _refused;
    private long _failed;
    private long _failedUntold;
    private long _nextTelling;

    /// <param name="store">Null where no history runs.</param>
    /// <param name="suspended">With bounds of its own; null = the usual ones.</param>
    public CandleService(
        CandleServiceOptions options, CandleStore? store, IHistoryMarks? marks, IKlineOutlet outlet, TimeProvider time,
        ILogger<CandleService>? logger = null, SuspendedSessions? suspended = null)
    {
        _logger = logger ?? NullLogger<CandleService>.Instance;
        Suspended = suspended ?? new SuspendedSessions();
        Options = options;
        Time = time;
        Rooms = new KlineRooms(outlet);
        History = new CandleHistory(store, marks, _board, time);
    }

    public CandleServiceOptions Options { get; }

    public TimeProvider Time { get; }

    public KlineRooms Rooms { get; }

    /// <summary>Clients whose connection broke.</summary>
    public SuspendedSessions Suspended { get; }

    public CandleHistory History { get; }

    public ICandleHub Hub => _hub ?? throw new HubUnavailableException();

    /// <summary>Whether it has a hub.</summary>
    public bool IsAttached => _hub is not null;

    /// <summary>Clients connected.</summary>
    public int Connections => _sessions.Count(one => !one.Key.IsSuspended);

    /// <summary>Figures of every client that is connected. For any thread.</summary>
    public IReadOnlyList<SessionRow> Sessions => [.. _sessions.Keys.Where(static one => !one.IsSuspended).Select(static one => one.Describe())];

    /// <summary>Updates put into rooms.</summary>
    public long Published => Volatile.Read(ref _published);

    /// <summary>Updates put into outboxes, one for each client.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Errors told to clients, by code.</summary>
    public IReadOnlyDictionary<string, long> Errors => _errors;

    /// <summary>Events answered with an error of the client's.</summary>
    public long RefusedCount => Volatile.Read(ref _refused);

    /// <summary>Events that we failed to answer.</summary>
    public long FailedCount => Volatile.Read(ref _failed);

    /// <summary>The hub this is a tap of; it is made after its taps.</summary>
    /// <param name="addresses">What clients of an address may do together.</param>
    /// <param name="defaultVenue">Where a symbol without venue is looked for first.</param>
    public void Attach(ICandleHub hub, IInstrumentFinder instruments, AddressLimiter addresses, string? defaultVenue)
    {
        _instruments = instruments;
        _addresses = addresses;
        _defaultVenue = defaultVenue;
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
            var (updates, deliveries) = Rooms.Publish(record);
            Volatile.Write(ref _published, _published + updates);
            Volatile.Write(ref _sent, _sent + deliveries);
        }
    }

    /// <exception cref="HubUnavailableException">It has no hub yet.</exception>
    public OneInstrument Find(string symbol) => SymbolResolver.FindOne(_instruments ?? throw new HubUnavailableException(), _defaultVenue, symbol);

    /// <summary>Disconnects the client of an id; false when there is none. For any thread.</summary>
    public bool Disconnect(string id)
    {
        var client = _sessions.Keys.FirstOrDefault(one => !one.IsSuspended && one.Client.Id == id)?.Client;
        client?.Disconnect(CloseCodes.Disconnected.Closure);
        return client is not null;
    }

    /// <summary>What a client shares with others, held for it.</summary>
    /// <exception cref="HubUnavailableException">It has no hub yet.</exception>
    internal AddressQuota QuotaOf(IKlineClient client) => (_addresses ?? throw new HubUnavailableException()).QuotaOf(client.Address);

    /// <summary>A client has gone.</summary>
    internal void Remove(KlineSession session)
    {
        if (!_sessions.TryRemove(session, out _))
        {
            return;
        }

        // Must not be left out: its rooms would never empty.
        _hub?.Post(
            _ =>
            {
                Rooms.LeaveAll(session);
                session.LeaveAddress();
            },
            force: true);
    }

    /// <summary>A client came back on another connection, which may be of another address.</summary>
    internal void Resumed(KlineSession session)
    {
        var quota = QuotaOf(session.Client);
        _hub?.Post(
            _ =>
            {
                session.MoveTo(quota);
                KlineRooms.Rejoin(session);
            },
            force: true);
    }

    internal void Refused(KlineError error)
    {
        Interlocked.Increment(ref error == KlineError.Internal ? ref _failed : ref _refused);
        _errors.AddOrUpdate(error.Code, 1, static (_, count) => count + 1);
    }

    /// <summary>Told at most once a second: a store that cannot be read fails everybody.</summary>
    internal void Failed(Exception error)
    {
        Interlocked.Increment(ref _failedUntold);
        var (now, next) = (Time.GetUtcNow().Ticks, Interlocked.Read(ref _nextTelling));
        if (now >= next && Interlocked.CompareExchange(ref _nextTelling, now + TimeSpan.TicksPerSecond, next) == next)
        {
            LogFailed(Interlocked.Exchange(ref _failedUntold, 0), error);
        }
    }

    [LoggerMessage(4220, LogLevel.Error, "{Count} requests of clients of the candle service could not be answered", EventName = "CandleRequestsFailed")]
    private partial void LogFailed(long count, Exception error);
}
