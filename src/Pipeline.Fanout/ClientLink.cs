using System.Net;
using Pipeline.Fanout.Frames;
using Pipeline.Fanout.Outboxes;
using Pipeline.Fanout.Sockets;

namespace Pipeline.Fanout;

/// <summary>
/// One client's open WebSocket with its outbox. Posting is for any thread, never blocks and never waits; what waits together leaves in one
/// write. No task, timer or channel wakes per client and message.
/// </summary>
public sealed partial class ClientLink
{
    private readonly LinkServer _server;
    private readonly LinkTransport _transport;
    private readonly ILinkHandler _handler;
    private readonly LinkOptions _options;
    private readonly bool _compress;

    /// <summary>Guards everything below, and is the lock of all that happens to this link.</summary>
    private readonly Outbox _outbox;

    private LinkState _state;

    /// <summary>In the pump's queue, or in the hands of a pump thread.</summary>
    private bool _queued;

    /// <summary>The transport has bytes that the client does not take.</summary>
    private bool _blocked;

    /// <summary>The transport was done before the pump thread noted that it was not.</summary>
    private bool _unblockedEarly;

    private long _messagesSent;
    private long _bytesSent;

    /// <param name="answer">To the handshake, where it is not given yet: it leaves before all else.</param>
    internal ClientLink(LinkServer server, long id, IPAddress address, LinkTransport transport, LinkDecision decision, bool compress, byte[]? answer)
    {
        _server = server;
        _transport = transport;
        _handler = decision.Handler!;
        _options = decision.Options;
        _compress = compress;
        _answer = answer;
        _outbox = new Outbox(_options);
        _frames = new FrameReader(_options.MaxMessageBytes, compress);
        _lastSeen = server.Tick;
        _nextPing = server.Tick + server.TicksIn(_options.PingInterval) - (int)(id & 7);
        Id = id;
        Address = address;
        ConnectedAt = server.TimeProvider.GetUtcNow();
        transport.Writable = OnWritable;
    }

    /// <summary>Unique in this process.</summary>
    public long Id { get; }

    public IPAddress Address { get; }

    /// <summary>When the handshake was answered.</summary>
    public DateTimeOffset ConnectedAt { get; }

    /// <summary>Whatever the owner of this link wants to find again; not used here.</summary>
    public object? Tag { get; set; }

    /// <summary>Messages that wait, with those held back by the maximum rate.</summary>
    public int Waiting => _outbox.Count + (_blocked ? 1 : 0);

    /// <summary>Bytes that wait, with those held back by the maximum rate.</summary>
    public long WaitingBytes => _outbox.Bytes + _transport.PendingBytes;

    /// <summary>Whether a message can still be posted.</summary>
    public bool IsOpen => _state == LinkState.Open;

    internal Pump Pump => _server.Pump;

    internal bool IsOfWarmUp => _handler is WarmUp;

    /// <summary>Queues a message.</summary>
    /// <param name="key">
    /// What a newer message replaces: best the stream. Null = never replaced. A required message of a key removes the waiting conflatable one.
    /// </param>
    /// <returns>False when the link is closed, or was cut because of this message. True for a volatile one that was dropped.</returns>
    public bool Post(SharedMessage message, Delivery delivery, object? key = null)
    {
        var taken = TryPost(message, delivery, key, out var mustWake);
        if (mustWake)
        {
            Pump.Enqueue(this);
        }

        return taken;
    }

    /// <summary>Writes what waits as far as the socket takes it, then the close frame.</summary>
    /// <param name="reason">At most 123 bytes of UTF-8; longer ones are cut off.</param>
    public void Close(int code, string reason) => Close(new LinkClosure(code, reason, ByPeer: false), clear: false);

    /// <summary>Closes without what still waits: the client would not read it anyway.</summary>
    public void Cut(LinkClosure closure) => Close(closure, clear: true);

    /// <summary>Limits the conflatable messages to a number per second; those beyond are held back and conflated. Zero = no limit.</summary>
    public void SetMaximumRate(double messagesPerSecond)
    {
        lock (_outbox)
        {
            _outbox.SetRate(messagesPerSecond, _server.Tick);
        }

        WakeIfNeeded();
    }

    /// <summary>Lets everything go that is held back. What waits for the socket cannot be hurried.</summary>
    /// <returns>Messages and bytes that waited.</returns>
    public (int Messages, long Bytes) Flush()
    {
        (int Messages, long Bytes) waiting;
        lock (_outbox)
        {
            waiting = (_outbox.Count, _outbox.Bytes);
            _outbox.Release(_server.Tick, 0, all: true);
        }

        WakeIfNeeded();
        return waiting;
    }

    /// <summary>Figures of this link, all of one moment.</summary>
    public LinkStatistics Statistics()
    {
        lock (_outbox)
        {
            return new LinkStatistics
            {
                MessagesSent = _messagesSent,
                BytesSent = _bytesSent,
                MessagesReceived = Volatile.Read(ref _messagesReceived),
                BytesReceived = Volatile.Read(ref _bytesReceived),
                Conflated = _outbox.Conflated,
                Dropped = _outbox.Dropped,
                Waiting = Waiting,
                WaitingBytes = WaitingBytes,
                HeldBack = _outbox.HeldBack,
                SilentFor = _server.TimeOf(_server.Tick - Volatile.Read(ref _lastSeen)),
            };
        }
    }

    internal bool TryPost(SharedMessage message, Delivery delivery, object? key, out bool mustWake)
    {
        lock (_outbox)
        {
            if (_state != LinkState.Open)
            {
                mustWake = false;
                return false;
            }

            var taken = true;
            if (_outbox.Post(message, delivery, key, _server.Tick, _blocked) == PostResult.TooMuch)
            {
                taken = false;
                StartClosing(_options.SlowClosure, clear: true);
            }

            mustWake = MustWake();
            return taken;
        }
    }

    /// <summary>Whether the link has to be put in the pump's queue now; under the lock.</summary>
    private bool MustWake()
    {
        if (_queued || _blocked || _broken || !HasWork())
        {
            return false;
        }

        _queued = true;
        return true;
    }

    private bool HasWork() => _outbox.HasNext || _answer is not null || _pong is not null || _pingDue || (_closeFrame is not null && !_closeTaken);

    private void WakeIfNeeded()
    {
        bool mustWake;
        lock (_outbox)
        {
            mustWake = MustWake();
        }

        if (mustWake)
        {
            Pump.Enqueue(this);
        }
    }
}
