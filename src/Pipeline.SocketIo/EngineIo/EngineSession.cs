using Pipeline.Fanout;

namespace Pipeline.SocketIo.EngineIo;

/// <summary>
/// One client, whatever carries it at the moment. Sending is for any thread and never waits. The state machine is here; what belongs to
/// polling, to upgrading and to receiving stands in the other parts.
/// </summary>
public sealed partial class EngineSession
{
    private readonly Lock _gate = new();
    private readonly EngineServer _server;

    /// <summary>Set once and for all when the session is on a WebSocket: from then on sending takes no lock.</summary>
    private volatile ClientLink? _link;

    private PollingChannel? _polling;

    /// <summary>Of the time before it went over to its WebSocket; null = it began there, or polls.</summary>
    private LinkStatistics? _polled;
    private Phase _phase;
    private bool _receiving;
    private bool _notified;
    private EngineCloseReason _reason;

    /// <summary>When the next ping is due.</summary>
    private long _pingAt;

    /// <summary>When the ping was sent that has no pong yet; 0 = none is out.</summary>
    private long _pingSentAt;

    private bool _pingExtended;
    private long _lingerUntil;

    internal EngineSession(EngineServer server, EngineHandshake handshake, ClientLink? link)
    {
        _server = server;
        _link = link;
        _polling = link is null ? new PollingChannel(server.LinkOptions) : null;
        _pingAt = server.Now + server.PingInterval;
        Handshake = handshake;
        OpenedAt = server.Now;
    }

    private enum Phase
    {
        Open,

        /// <summary>Closed by the server; what waits, and the farewell, are kept for one more poll.</summary>
        Lingering,

        Closed,
    }

    /// <summary>Names the session in its requests. Who knows it can speak for the client: keep it out of logs.</summary>
    public string Id { get; } = SessionIds.Create();

    public EngineHandshake Handshake { get; }

    /// <summary>What carries it now.</summary>
    public EngineTransports Transport => _link is null ? EngineTransports.Polling : EngineTransports.WebSocket;

    /// <summary>Free for who handles the session.</summary>
    public object? State { get; set; }

    /// <summary>Milliseconds of <see cref="EngineServer.Now"/>.</summary>
    public long OpenedAt { get; }

    /// <summary>Null while it polls.</summary>
    internal ClientLink? Link => _link;

    public bool IsOpen => _phase == Phase.Open;

    /// <summary>Messages that wait.</summary>
    public int Waiting
    {
        get
        {
            if (_link is { } link)
            {
                return link.Waiting;
            }

            lock (_gate)
            {
                return _polling?.Outbox.Count ?? 0;
            }
        }
    }

    /// <summary>
    /// What it was sent, polled messages and those of its WebSocket together, and what waits for it. What was received is told for a WebSocket alone.
    /// </summary>
    public LinkStatistics Statistics()
    {
        lock (_gate)
        {
            var ofLink = _link?.Statistics() ?? new LinkStatistics();
            return _polling?.Statistics() ?? (_polled is not { } polled ? ofLink : ofLink with
            {
                MessagesSent = ofLink.MessagesSent + polled.MessagesSent,
                BytesSent = ofLink.BytesSent + polled.BytesSent,
                Conflated = ofLink.Conflated + polled.Conflated,
                Dropped = ofLink.Dropped + polled.Dropped,
            });
        }
    }

    /// <summary>Bytes that wait for it between polls; 0 on a WebSocket.</summary>
    internal long PollingBytes
    {
        get
        {
            lock (_gate)
            {
                return _polling?.Outbox.Bytes ?? 0;
            }
        }
    }

    /// <summary>Queues a message packet, encoded as it stands on a WebSocket: text with its leading <c>4</c>, binary as it is.</summary>
    /// <returns>False when the session is closed, or was cut because of this message.</returns>
    public bool Send(SharedMessage message, Delivery delivery = Delivery.Required, object? key = null) =>
        _link is { } link ? link.Post(message, delivery, key) : SendPolling(message, delivery, key);

    /// <summary>Sends what waits as far as the client takes it, says goodbye and ends.</summary>
    public void Close() => Finish(EngineCloseReason.ForcedClose, linger: true);

    /// <summary>The same, with what a WebSocket's close frame says; polling has no place for it.</summary>
    public void Close(int code, string reason) => Finish(EngineCloseReason.ForcedClose, linger: true, closing: new LinkClosure(code, reason, ByPeer: false));

    internal void Finish(EngineCloseReason reason, bool linger = false, SharedMessage? farewell = null, LinkClosure? closing = null)
    {
        PendingPoll? poll;
        ClientLink? probe;
        List<SharedMessage>? packets = null;
        bool notify;
        lock (_gate)
        {
            if (_phase != Phase.Open)
            {
                return;
            }

            poll = TakePoll();
            probe = _probe;
            _probe = null;
            _reason = reason;
            if (poll is not null)
            {
                packets = linger ? _polling!.Take() : [];
                packets.Add(farewell ?? EnginePackets.ClosePacket);
            }

            var lingers = linger && _polling is not null && poll is null;
            _phase = lingers ? Phase.Lingering : Phase.Closed;
            _lingerUntil = _server.Now + _server.PingTimeout;
            notify = !_receiving;
            _notified |= notify;
            if (!lingers)
            {
                _server.Remove(this);
                _polling?.Outbox.Clear();
            }
        }

        poll?.Complete(new PollAnswer(packets));
        probe?.Close(CloseNormally, "");
        _link?.Close(closing?.Code ?? CloseNormally, closing?.Reason ?? "");
        if (notify)
        {
            _server.Notify(this, reason);
        }
    }

    /// <summary>Pings, and ends what is overdue. Also called before a request is served, so that no limit depends on when the sweep came by.</summary>
    internal void Sweep(long now)
    {
        EngineCloseReason? end = null;
        PendingPoll? poll = null;
        ClientLink? ping = null;
        ClientLink? probe = null;
        List<SharedMessage>? packets = null;
        lock (_gate)
        {
            if (_phase != Phase.Open)
            {
                SweepLingering(now);
                return;
            }

            if (_pingSentAt != 0)
            {
                end = now >= _pingSentAt + _server.PingTimeout ? EngineCloseReason.PingTimeout : null;
            }
            else if (now >= _pingAt)
            {
                // The limit counts from when the ping was due, unless the sweep itself was late.
                _pingSentAt = now - _pingAt <= 2 * _server.TickMilliseconds ? _pingAt : now;
                _pingExtended = false;
                ping = _link;
                _polling?.PingWaits = true;
            }

            end ??= SweepPolling(now, out poll, out packets);
            if (_probe is not null && now >= _probeUntil)
            {
                probe = _probe;
                _probe = null;
                _probed = false;
            }
        }

        poll?.Complete(new PollAnswer(packets));
        ping?.Post(EnginePackets.PingPacket, Delivery.Required);
        probe?.Close(CloseNormally, "");
        if (end is { } reason)
        {
            Finish(reason);
        }
    }

    private void SweepLingering(long now)
    {
        if (_phase == Phase.Lingering && now >= _lingerUntil)
        {
            _phase = Phase.Closed;
            _polling?.Outbox.Clear();
            _server.Remove(this);
        }
    }

    private void OnPong()
    {
        lock (_gate)
        {
            if (_pingSentAt != 0)
            {
                _pingSentAt = 0;
                _pingAt = _server.Now + _server.PingInterval;
            }
        }
    }

    /// <summary>A client that sends something else while its pong is due lives: once per ping that gives it time anew.</summary>
    private void OnSignOfLife()
    {
        if (_pingSentAt == 0 || _pingExtended)
        {
            return;
        }

        lock (_gate)
        {
            if (_pingSentAt != 0 && !_pingExtended)
            {
                _pingSentAt = _server.Now;
                _pingExtended = true;
            }
        }
    }
}
