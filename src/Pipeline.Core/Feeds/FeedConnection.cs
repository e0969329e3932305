using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Transport;
using Pipeline.Core.Market;
using Pipeline.Core.Time;

namespace Pipeline.Core.Feeds;

/// <summary>
/// Station 1: one connection to a venue, kept open for ever. One socket life is a cold observable; <c>RetryWithBackoff</c> makes it
/// endless and <c>Publish().RefCount()</c> shares it.
/// <para>
/// Observers subscribe first, then <see cref="Start"/> opens the socket. All are called synchronously on the receive loop; see
/// <see cref="FrameBatch"/> for what they may do. One that throws is counted and disturbs nobody.
/// </para>
/// </summary>
public sealed class FeedConnection : IAsyncDisposable
{
    /// <summary>Highest limit a frame may be given, in bytes: every connection may need twice as much memory.</summary>
    public const int LargestMaxFrame = 256 * 1024 * 1024;

    private readonly FeedSource _source;
    private readonly Uri _address;
    private readonly IFeedTransport _transport;
    private readonly WebSocketOptions _options;
    private readonly TimeProvider _marketClock;
    private readonly TimeProvider _time;
    private readonly PipelineMetrics _metrics;

    private readonly KeepAlive? _keepAlive;
    private readonly IConnectGate? _gate;
    private readonly ReconnectionInfo _opening;
    private readonly Func<ReadOnlySpan<byte>, bool>? _isShutdownNotice;
    private readonly ConnectionTraffic _traffic;

    private readonly FrameBatchPool _pool = new();
    private readonly AsyncSubject<Unit> _start = new();
    private readonly AsyncSubject<Unit> _stop = new();
    private readonly Subject<ReconnectionInfo> _reconnections = new();
    private readonly Subject<DisconnectionInfo> _disconnections = new();
    private readonly Subject<RetryInfo> _retries = new();
    private readonly Subject<ShutdownNotice> _announcements = new();
    private readonly IObservable<FrameBatch> _shared;

    private volatile ConnectionLife? _life;
    private volatile bool _isLast;
    private IDisposable? _keeper;
    private long _disconnectedAt;
    private DisconnectionReason? _lastEnd;
    private string? _advised;
    private long _frames;
    private long _lastMessageAt;
    private int _connects;

    /// <summary>Whether the batch being pushed has passed the stop; of the receive loop alone.</summary>
    private bool _isTaken;

    /// <param name="source">Names the connection and tells how its frames are read.</param>
    /// <param name="marketClock">Stamps arrival: the clock of the data.</param>
    /// <param name="time">Runs deadlines and back-off: the clock of this machine.</param>
    /// <param name="isData">Whether a batch carries market data and not answers alone; only data starts the back-off afresh.</param>
    /// <param name="random">Jitter of the back-off.</param>
    /// <param name="keepAlive">What keeps the connection alive; null = nothing need be sent.</param>
    /// <param name="gate">What every attempt to connect waits for; null = nothing.</param>
    /// <param name="opening">How the first opening is told; null = <see cref="ReconnectionReason.Initial"/>.</param>
    /// <param name="traffic">The venue's, to which this connection's is added; null = nobody adds up.</param>
    /// <param name="isShutdownNotice">Whether a frame says that the venue is about to end the connection; null = none does.</param>
    public FeedConnection(
        FeedSource source,
        Uri address,
        IFeedTransport transport,
        WebSocketOptions options,
        TimeProvider marketClock,
        TimeProvider time,
        PipelineMetrics metrics,
        Func<FrameBatch, bool>? isData = null,
        Random? random = null,
        KeepAlive? keepAlive = null,
        IConnectGate? gate = null,
        ReconnectionInfo? opening = null,
        VenueTraffic? traffic = null,
        Func<ReadOnlySpan<byte>, bool>? isShutdownNotice = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(marketClock);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxFrameBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxFrameBytes, LargestMaxFrame);
        _source = source;
        _address = address;
        _transport = transport;
        _options = options;
        _marketClock = marketClock;
        _time = time;
        _metrics = metrics;
        _keepAlive = keepAlive;
        _gate = gate;
        _opening = opening ?? new ReconnectionInfo(ReconnectionReason.Initial, TimeSpan.Zero);
        _isShutdownNotice = isShutdownNotice;
        _traffic = new ConnectionTraffic(source.Venue, traffic, time, metrics);
        CreatedAt = MarketTime.Now(marketClock);

        var life = Observable.Create<FrameBatch>(LiveAsync);
        var endless = options.AutoReconnect
            ? life.RetryWithBackoff(
                ReconnectPolicy.From(options, random ?? Random.Shared), new TimeProviderScheduler(time), isData, _retries.OnNext)
            : life;
        _shared = _start.SelectMany(endless).TakeUntil(_stop).Do(Taken).Publish().RefCount();
        MessageReceived = Guard(_shared);
        ReconnectionHappened = Guard(_reconnections);
        DisconnectionHappened = Guard(_disconnections);
        ReconnectScheduled = Guard(_retries);
        ShutdownAnnounced = Guard(_announcements);
    }

    /// <summary>Name of the connection, such as <c>binance-1</c>.</summary>
    public string Name => _source.Connection;

    /// <summary>Whether the socket is open now.</summary>
    public bool IsRunning => _life is { IsConnected: true };

    /// <summary>Number of the newest socket, as in <see cref="FrameOrigin.Socket"/>; 0 before the first is open.</summary>
    public long Socket => _life?.Socket ?? 0;

    /// <summary>Whether the present socket is the last one: when it ends, the connection completes and none is opened after it.</summary>
    internal bool IsLast
    {
        get => _isLast;
        set => _isLast = value;
    }

    /// <summary>Market-clock time of creation, microseconds since the Unix epoch.</summary>
    public long CreatedAt { get; }

    /// <summary>Arrival of the newest frame, microseconds since the Unix epoch; 0 before the first.</summary>
    public long LastMessageAt => Interlocked.Read(ref _lastMessageAt);

    /// <summary>Frames received since creation and passed on.</summary>
    public long Frames => Interlocked.Read(ref _frames);

    /// <summary>Bytes of frames received since creation, headers included, before inflation.</summary>
    public long WireBytes => _traffic.WireBytes;

    /// <summary>Bytes of messages received since creation, after inflation.</summary>
    public long PayloadBytes => _traffic.PayloadBytes;

    /// <summary>On the wire, mean of the last ten seconds.</summary>
    public long BytesPerSecond => _traffic.BytesPerSecond;

    /// <summary>Whether the open socket's compression was negotiated.</summary>
    public bool IsCompressed => _traffic.IsCompressed;

    /// <summary>Connections opened after the first one.</summary>
    public int Reconnections => Math.Max(0, Volatile.Read(ref _connects) - 1);

    /// <summary>
    /// The frames, hot, in order. Completes when the connection is disposed; fails with <see cref="ReconnectLimitException"/> when it
    /// is given up, or with the attempt's own error when it is not to be reconnected.
    /// </summary>
    public IObservable<FrameBatch> MessageReceived { get; }

    /// <summary>Told when a socket is open and takes messages, the first time too, before its first frame is read.</summary>
    public IObservable<ReconnectionInfo> ReconnectionHappened { get; }

    /// <summary>Told when a socket ended or an attempt failed.</summary>
    public IObservable<DisconnectionInfo> DisconnectionHappened { get; }

    /// <summary>Told when the wait before the next attempt begins.</summary>
    public IObservable<RetryInfo> ReconnectScheduled { get; }

    /// <summary>
    /// Called on the receive loop when an observer holds it back, with the task that lets it go on; short holds are ordinary and many.
    /// </summary>
    internal Action<Task>? Holding { get; set; }

    /// <summary>Told once per socket, when the venue says that it is about to end it. Called on the receive loop, behind the frame.</summary>
    public IObservable<ShutdownNotice> ShutdownAnnounced { get; }

    /// <summary>Opens the connection, in the background, and keeps it until it is disposed.</summary>
    public void Start()
    {
        if (_start.IsCompleted)
        {
            return;
        }

        // The keeper watches nothing: errors and the end are for the observers of MessageReceived.
        _keeper = MessageReceived.Subscribe(static _ => { }, static _ => { });
        _start.OnNext(Unit.Default);
        _start.OnCompleted();
    }

    /// <summary>Closes the socket, if one is open, so that a new one is opened at once; completes when the old one is gone.</summary>
    public Task ReconnectAsync()
    {
        if (_life is not { IsConnected: true } life)
        {
            return Task.CompletedTask;
        }

        life.End(DisconnectionReason.Requested);
        return life.Ended;
    }

    /// <summary>Closes the open socket, if there is one, and says why. Returns at once; what follows is as after any other end.</summary>
    internal void End(DisconnectionReason reason) => _life?.EndOpen(reason);

    /// <summary>
    /// Closes the connection for good and says why; frames that arrive until the socket is gone are still passed on, unlike with
    /// <see cref="DisposeAsync"/>.
    /// </summary>
    internal async Task CloseAsync(DisconnectionReason reason)
    {
        IsLast = true;
        if (_life is { IsConnected: true } life)
        {
            life.End(reason);
            await life.Ended;
        }

        await DisposeAsync();
    }

    /// <summary>Sends one text message after those before it; false when there is no connection to send it on.</summary>
    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation = default) =>
        _life is { } life ? life.SendAsync(message, cancellation) : ValueTask.FromResult(false);

    /// <summary>Closes the connection for good; completes when its receive loop has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Stop();
        if (_life is { } life)
        {
            await life.Ended;
        }

        _reconnections.OnCompleted();
        _disconnections.OnCompleted();
        _retries.OnCompleted();
        _announcements.OnCompleted();
    }

    private void Stop()
    {
        _stop.OnNext(Unit.Default);
        _stop.OnCompleted();
        _keeper?.Dispose();
    }

    /// <summary>One socket life. Completes when the connection ends after it was open, throws when it never was.</summary>
    private async Task LiveAsync(IObserver<FrameBatch> observer, CancellationToken stop)
    {
        using var life = new ConnectionLife(_time);
        _life = life;
        await using var stopping = stop.UnsafeRegister(static life => ((ConnectionLife)life!).End(DisconnectionReason.Stopped), life);
        try
        {
            await life.ConnectAsync(_transport, _address, _options, _gate);
        }
        catch (Exception error)
        {
            Refused(error as FeedConnectException, life.DescribeFailure(error));
            throw;
        }

        _traffic.Opened(life.Wire!);
        Connected();
        using var watch = _keepAlive is null ? null : new KeepAliveWatch(_keepAlive, life, _time);
        var watched = new StopObserver(this, observer, watch);
        Lost(await life.ReceiveAsync(_source, watched, _pool, _marketClock, _metrics, _options.MaxFrameBytes));
        if (IsLast)
        {
            await stopping.DisposeAsync();
            Stop();
        }
    }

    private void Connected()
    {
        var reason = _lastEnd switch
        {
            _ when _connects == 0 => _opening.Reason,
            DisconnectionReason.Requested => ReconnectionReason.Requested,
            DisconnectionReason.Stalled => ReconnectionReason.Stalled,
            DisconnectionReason.Overload => ReconnectionReason.Overload,
            _ => ReconnectionReason.Lost,
        };
        var outage = _connects == 0 ? _opening.Outage : _time.GetElapsedTime(_disconnectedAt);
        Interlocked.Increment(ref _connects);
        _source.Continuity.Enter();
        _metrics.Connected(_source.Venue, reason.ToTag());
        _advised = null;
        _reconnections.OnNext(new ReconnectionInfo(reason, outage)
        {
            Compression = !_options.Compression ? Compression.NotOffered : IsCompressed ? Compression.Negotiated : Compression.Declined,
        });
    }

    private void Refused(FeedConnectException? error, DisconnectionInfo end)
    {
        if (error?.RetryAfter is { } wait)
        {
            _gate?.HoldOff(wait);
        }

        // The same words with every attempt would be read once and then overlooked.
        var isNews = error?.Advice is not null && error.Advice != _advised;
        _advised = error?.Advice ?? _advised;
        Lost(isNews ? end with { Advice = _advised } : end);
    }

    private void Lost(DisconnectionInfo end)
    {
        // A failed attempt prolongs the outage that an earlier loss began.
        if (end.WasConnected)
        {
            _disconnectedAt = _time.GetTimestamp();
            _source.Continuity.Leave();
            _traffic.Ended();
            _lastEnd = end.Reason;
            _metrics.Disconnected(_source.Venue, end.Reason.ToTag());
        }
        else if (end.Reason != DisconnectionReason.Stopped)
        {
            _metrics.ConnectFailed(_source.Venue, end.Reason.ToTag());
        }

        _disconnections.OnNext(end);
    }

    private GuardedObservable<T> Guard<T>(IObservable<T> source) => new(source, _ => _metrics.ObserverError(_source.Venue));

    private void Taken(FrameBatch batch)
    {
        _isTaken = true;
        Interlocked.Add(ref _frames, batch.Count);
        Interlocked.Exchange(ref _lastMessageAt, batch.ReceivedTime);
    }

    /// <summary>Counts what still arrives between the stop and the end of the socket, which nobody takes any more.</summary>
    private sealed class StopObserver(FeedConnection owner, IObserver<FrameBatch> observer, KeepAliveWatch? watch)
        : IObserver<FrameBatch>
    {
        private bool _isWatching = owner._isShutdownNotice is not null;

        public void OnNext(FrameBatch value)
        {
            owner._isTaken = false;
            owner._traffic.Note(value.Bytes);
            observer.OnNext(value);
            var released = value.Released;
            watch?.Seen(released);
            if (!released.IsCompleted)
            {
                owner.Holding?.Invoke(released);
            }

            if (!owner._isTaken)
            {
                owner._metrics.Dropped(owner._source.Venue, "stopped", value.Count);
            }

            if (_isWatching)
            {
                LookForNotice(value);
            }
        }

        public void OnError(Exception error) => observer.OnError(error);

        public void OnCompleted() => observer.OnCompleted();

        private void LookForNotice(FrameBatch batch)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                if (owner._isShutdownNotice!(batch[i]))
                {
                    _isWatching = false;
                    owner._metrics.ShutdownAnnounced(owner._source.Venue);
                    owner._announcements.OnNext(new ShutdownNotice(FrameText.Show(batch[i])));
                    return;
                }
            }
        }
    }
}
