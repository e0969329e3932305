using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Pipeline.Fanout;
using Pipeline.SocketIo.Diagnostics;

namespace Pipeline.SocketIo.EngineIo;

/// <summary>
/// An Engine.IO 4 server: sessions over HTTP long-polling and WebSocket, upgrade and heartbeat. Usable without Socket.IO: what is done
/// with messages is the handler's.
/// <para>
/// HTTP requests come to <see cref="HandleAsync"/>; WebSockets come through <see cref="Decide"/> to a server of Pipeline.Fanout. One sweep
/// looks after the time of all sessions.
/// </para>
/// </summary>
public sealed partial class EngineServer : ILinkGate, IDisposable
{
    /// <summary>The sweep comes so many times per ping timeout, within the limits below.</summary>
    private const int SweepsPerTimeout = 16;

    private const int ShortestTick = 10;
    private const int LongestTick = 250;

    /// <summary>Policy violation, as a slow client sees it.</summary>
    private static readonly LinkClosure SlowClosure = new(1008, "slow", ByPeer: false);

    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ConcurrentDictionary<string, EngineSession> _sessions = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly Action<Exception>? _onError;
    private readonly Sweeper _sweeper;
    private int _count;
    private volatile bool _closed;

    /// <param name="onError">Told of every exception that a handler throws; it costs that session its life and no other.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    public EngineServer(
        IEngineHandler handler, EngineOptions options, TimeProvider? time = null, SocketIoMetrics? metrics = null, Action<Exception>? onError = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Handler = handler;
        _options = options;
        _time = time ?? TimeProvider.System;
        _start = _time.GetTimestamp();
        _path = options.Path.TrimEnd('/');
        _onError = onError;
        Metrics = metrics ?? new SocketIoMetrics();
        PingInterval = Milliseconds(options.PingInterval);
        PingTimeout = Milliseconds(options.PingTimeout);
        UpgradeTimeout = Milliseconds(options.UpgradeTimeout);
        TickMilliseconds = (int)Math.Clamp(Math.Min(PingInterval, PingTimeout) / SweepsPerTimeout, ShortestTick, LongestTick);
        MaxAgeTicks = (int)Math.Max(1, Milliseconds(options.MaxAge) / TickMilliseconds);
        LinkOptions = new LinkOptions
        {
            MaxMessageBytes = options.MaxPayload,
            OutboxBytes = options.OutboxBytes,
            ConflateFrom = options.ConflateFrom,
            MaxAge = options.MaxAge,
            PingInterval = TimeSpan.Zero,
            IdleTimeout = TimeSpan.Zero,
            Compression = options.Compression,
            SlowClosure = SlowClosure,
        };
        _sweeper = new Sweeper(_time, TickMilliseconds, Sweep);
    }

    /// <summary>Open sessions.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Where requests come to, without a slash at its end.</summary>
    public string Path => _path;

    public SocketIoMetrics Metrics { get; }

    /// <summary>Milliseconds since the server was made.</summary>
    public long Now => (long)_time.GetElapsedTime(_start).TotalMilliseconds;

    internal DateTimeOffset UtcNow => _time.GetUtcNow();

    internal IEngineHandler Handler { get; }

    internal LinkOptions LinkOptions { get; }

    internal long PingInterval { get; }

    internal long PingTimeout { get; }

    internal long UpgradeTimeout { get; }

    internal int TickMilliseconds { get; }

    internal int MaxAgeTicks { get; }

    /// <summary>Time in ticks, as outboxes want it.</summary>
    internal int Tick => (int)(Now / TickMilliseconds);

    /// <summary>
    /// Takes no new sessions, and lets those go that poll: each with what waits for it. Those on WebSockets go with the server that carries
    /// them. <see cref="Count"/> tells who is still there.
    /// </summary>
    public void Drain()
    {
        _closed = true;
        foreach (var (_, session) in _sessions)
        {
            if (session.Transport == EngineTransports.Polling)
            {
                session.Finish(EngineCloseReason.ServerShutdown, linger: true);
            }
        }
    }

    /// <summary>Bytes that wait for those that poll; what waits for a WebSocket is known to the server that carries it.</summary>
    public long PollingBytes => _sessions.Sum(static pair => pair.Value.PollingBytes);

    /// <summary>For a memory guard: ends those that poll, for whom most waits first, until no more than so many bytes wait for them in all.</summary>
    /// <returns>Sessions ended.</returns>
    public int CutSlowestPolling(long bytes)
    {
        var slowest = _sessions.Select(static pair => (Session: pair.Value, Bytes: pair.Value.PollingBytes))
            .Where(static entry => entry.Bytes > 0).OrderByDescending(static entry => entry.Bytes).ToList();
        var waiting = slowest.Sum(static entry => entry.Bytes);
        var cut = 0;
        foreach (var entry in slowest.TakeWhile(_ => waiting > bytes))
        {
            entry.Session.Finish(EngineCloseReason.SlowClient);
            waiting -= entry.Bytes;
            cut++;
        }

        return cut;
    }

    /// <summary>Ends every session and takes no new ones.</summary>
    public void Dispose()
    {
        _closed = true;
        _sweeper.Dispose();
        foreach (var (_, session) in _sessions)
        {
            session.Finish(EngineCloseReason.ServerShutdown);
        }
    }

    internal static EngineCloseReason ReasonOf(LinkClosure closure) => closure switch
    {
        { ByPeer: true } => EngineCloseReason.TransportClose,
        _ when closure == SlowClosure => EngineCloseReason.SlowClient,
        _ => EngineCloseReason.TransportError,
    };

    /// <summary>A session that begins on a WebSocket; null when the server is closed meanwhile.</summary>
    internal EngineSession? OpenOnLink(EngineHandshake handshake, ClientLink link)
    {
        if (!TryEnter())
        {
            link.Close(1013, "try again later");
            return null;
        }

        var session = new EngineSession(this, handshake, link);
        link.Tag = session;
        _sessions[session.Id] = session;
        link.Post(OpenPacket(session, upgrades: false), Delivery.Required);
        Start(session);
        return session;
    }

    /// <summary>A polling session that nobody polls.</summary>
    internal EngineSession OpenInMemory(EngineHandshake handshake)
    {
        Interlocked.Increment(ref _count);
        var session = new EngineSession(this, handshake, link: null);
        _sessions[session.Id] = session;
        Start(session);
        OpenPacket(session, upgrades: true);
        return session;
    }

    internal void Remove(EngineSession session)
    {
        if (_sessions.TryRemove(session.Id, out _))
        {
            Interlocked.Decrement(ref _count);
            if (session.Transport == EngineTransports.Polling)
            {
                OnPollingEnded(session);
            }
        }
    }

    internal void OnPollingEnded(EngineSession session) => _options.PollingEnded?.Invoke(session.Handshake);

    internal void Notify(EngineSession session, EngineCloseReason reason)
    {
        Metrics.OnClosed(reason.ToString());
        try
        {
            Handler.OnClosed(session, reason);
        }
        catch (Exception error)
        {
            OnHandlerError(error);
        }
    }

    internal void OnHandlerError(Exception error)
    {
        Metrics.OnHandlerError();
        _onError?.Invoke(error);
    }

    internal static void FinishSoon(EngineSession session, EngineCloseReason reason) =>
        ThreadPool.UnsafeQueueUserWorkItem(static work => work.session.Finish(work.reason), (session, reason), preferLocal: false);

    internal void SweepWithin(int milliseconds) => _sweeper.Hurry(milliseconds);

    private static long Milliseconds(TimeSpan time) => (long)Math.Ceiling(time.TotalMilliseconds);

    private bool TryEnter()
    {
        if (_closed)
        {
            return false;
        }

        if (Interlocked.Increment(ref _count) <= _options.MaxConnections)
        {
            return true;
        }

        Interlocked.Decrement(ref _count);
        return false;
    }

    private void Start(EngineSession session)
    {
        Metrics.OnOpened();
        session.Open();
        if (_closed)
        {
            session.Finish(EngineCloseReason.ServerShutdown, linger: true);
        }
    }

    /// <summary>The id needs no escapes, nor does the rest.</summary>
    private SharedMessage OpenPacket(EngineSession session, bool upgrades)
    {
        var offered = upgrades ? "\"websocket\"" : "";
        var who = $$"""0{"sid":"{{session.Id}}","upgrades":[{{offered}}],""";
        var times = string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            "pingInterval":{{PingInterval}},"pingTimeout":{{PingTimeout}},"maxPayload":{{_options.MaxPayload}}}
            """);
        return SharedMessage.Text(Encoding.ASCII.GetBytes(who + times));
    }

    private void Sweep()
    {
        var now = Now;
        foreach (var (_, session) in _sessions)
        {
            session.Sweep(now);
            if (session.IsOpen)
            {
                Handler.OnSweep(session, now);
            }
        }
    }
}
