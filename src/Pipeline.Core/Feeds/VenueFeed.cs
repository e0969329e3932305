using System.Collections.Concurrent;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Freshness;
using Pipeline.Core.Feeds.Pooling;
using Pipeline.Core.Feeds.Subscriptions;
using Pipeline.Core.Feeds.Transport;
using Pipeline.Core.Time;

namespace Pipeline.Core.Feeds;

/// <summary>
/// One venue: spreads its streams over connections, keeps them open and subscribed, replaces them in time, and merges their frames. The
/// venue's trouble ends here: <see cref="Frames"/> never fails, whatever happens to a connection.
/// </summary>
public sealed partial class VenueFeed : IStreamSubscriptions, IStreamRemedy, IAsyncDisposable
{
    private readonly IVenueAdapter _adapter;
    private readonly TimeProvider _time;
    private readonly PipelineMetrics _metrics;
    private readonly TimeProviderScheduler _scheduler;
    private readonly ConnectionPool _pool;
    private readonly Quarantine _quarantine = new();
    private readonly IDisposable _initial;
    private readonly Subject<IObservable<FrameBatch>> _sources = new();
    private readonly ISubject<FeedEvent> _events = Subject.Synchronize(new Subject<FeedEvent>());
    private readonly VenueTraffic _traffic;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RotationCoordinator _rotations;
    private readonly RotationSchedule _schedule;
    private readonly SerialDisposable _rotationTimer = new();
    private readonly ConcurrentDictionary<string, string> _refusals = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Frames without data of an earlier feed of the venue.</summary>
    private readonly long _controlBefore;
    private long _messages;

    /// <param name="marketClock">Stamps arrival.</param>
    /// <param name="time">Runs deadlines and back-off.</param>
    /// <param name="random">Jitter of the back-off and of rotations.</param>
    /// <param name="progress">What proves that a replacement carries a stream; null = nothing does, and time decides.</param>
    /// <param name="gate">What every attempt to connect waits for; null = nothing.</param>
    public VenueFeed(
        IVenueAdapter adapter,
        VenueFeedOptions options,
        IFeedTransport transport,
        TimeProvider marketClock,
        TimeProvider time,
        PipelineMetrics metrics,
        Random? random = null,
        IStreamProgress? progress = null,
        IConnectGate? gate = null)
        : this(adapter, options, marketClock, time, metrics, random ?? Random.Shared, (name, route, legs, shared, traffic) => new PooledConnection(
            adapter, options, name, route, shared, transport, marketClock, time, metrics, random ?? Random.Shared, progress, gate, traffic, legs))
    {
    }

    /// <param name="open">Makes a connection of a name, a route and a number of legs.</param>
    internal VenueFeed(
        IVenueAdapter adapter,
        VenueFeedOptions options,
        TimeProvider marketClock,
        TimeProvider time,
        PipelineMetrics metrics,
        Random random,
        Func<string, string, int, SharedSubscriptions, VenueTraffic, IPooledConnection> open)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(metrics);
        _adapter = adapter;
        _time = time;
        _metrics = metrics;
        _controlBefore = metrics.ControlFramesOf(adapter.Venue);
        _scheduler = new TimeProviderScheduler(time);
        _schedule = new RotationSchedule(
            options.WebSocket.MaxConnectionAge, options.WebSocket.RotationWindow, adapter.Limits.MaxConnectionAge, random);
        _rotations = new RotationCoordinator(time, ReplaceAsync, Rotated);
        _traffic = new VenueTraffic(adapter.Venue, options.TrafficBudget, time, metrics);
        _traffic.Events.Subscribe(_events.OnNext);
        Events = new GuardedObservable<FeedEvent>(_events, _ => metrics.ObserverError(adapter.Venue));
        var frames = _sources.Merge().Do(Count).Publish();
        frames.Connect();
        Frames = new GuardedObservable<FrameBatch>(frames, _ => metrics.ObserverError(adapter.Venue));
        _pool = new ConnectionPool(
            adapter, options.Pool, options.Catalog, options.Legs, options.WebSocket.OverlapTimeout,
            (name, route, legs) => open(name, route, legs, Share(name, options.Catalog), _traffic), Add, _events.OnNext, LetGo, marketClock, time, metrics);
        _initial = _pool.SubscribeAll(options.Streams);
    }

    public string Venue => _adapter.Venue;

    /// <summary>
    /// The frames of all connections, hot, one batch at a time, in order per connection. See <see cref="FrameBatch"/> for what an
    /// observer may do. Completes when the feed is disposed.
    /// </summary>
    public IObservable<FrameBatch> Frames { get; }

    /// <summary>Changes of state. Completes when the feed is disposed.</summary>
    public IObservable<FeedEvent> Events { get; }

    /// <summary>Completes when every stream was confirmed for the first time, or refused while others were confirmed; cancelled when the feed is disposed before.</summary>
    public Task Ready => _ready.Task;

    public VenueFeedStatistics Statistics
    {
        get
        {
            var (connections, reconnections) = _pool.ReadStatistics();
            var messages = Interlocked.Read(ref _messages);
            var unrouted = Math.Min(messages, _metrics.ControlFramesOf(Venue) - _controlBefore);
            return new VenueFeedStatistics(Venue, connections)
            {
                Streams = _pool.Streams,
                TotalMessages = messages,
                Troubles = FindTroubles(),
                RoutedMessages = messages - unrouted,
                UnroutedMessages = unrouted,
                CallbackErrors = _metrics.ObserverErrorsOf(Venue),
                Reconnections = reconnections,
                ConnectionFailures = _metrics.ConnectFailuresOf(Venue),
            };
        }
    }

    /// <summary>Opens the connections, in the background. Who wants every frame subscribes to <see cref="Frames"/> before.</summary>
    public Task StartAsync()
    {
        _pool.Start();
        TellReady();
        return Task.CompletedTask;
    }

    /// <summary>
    /// Takes a reference to a stream: the first one subscribes to it at the venue, and it is left a while
    /// (<see cref="PoolOptions.CleanupPeriod"/>) after the last one was given back, which disposing of the result does.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The feed was disposed of.</exception>
    public IDisposable Subscribe(FeedStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return _pool.Subscribe(stream);
    }

    /// <summary>
    /// Lets a stream that is subscribed to be carried by another number of legs (<see cref="FeedStream.Legs"/>): it is subscribed to on
    /// a connection that has as many, and left on its old one <see cref="WebSocketOptions.OverlapTimeout"/> after the new one carries it.
    /// The newest wish counts, also where several share the stream.
    /// </summary>
    public void Update(FeedStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _pool.Update(stream);
    }

    /// <summary>
    /// Leaves a stream and subscribes to it again, on its own connection and touching no other stream. False when no connection has it.
    /// </summary>
    public bool Resubscribe(string stream) => _pool.FindByStream(stream)?.Renew(stream) ?? false;

    /// <summary>Lets streams that the venue refused be asked for again now: its list of instruments has changed.</summary>
    public void RetryRefused() => _quarantine.ReleaseAll();

    /// <summary>Name of the connection a stream is on; null when it is on none.</summary>
    public string? ConnectionOf(string stream) => _pool.FindByStream(stream)?.Name;

    /// <summary>Says that a connection may be mute, see <see cref="IPooledConnection.Suspect"/>; nothing happens when there is none of that name.</summary>
    public void Suspect(string connection, string reason) => _pool.Find(connection)?.Suspect(reason);

    /// <summary>
    /// Replaces the socket of one connection, or of all, make before break: one after the other, or all at once where the venue has
    /// announced that it will close them. Completes with the outcome of each; of a connection that does not exist there is none.
    /// </summary>
    /// <param name="connection">Name of the connection; null = all.</param>
    public async Task<IReadOnlyList<RotationOutcome>> RotateAsync(string? connection, RotationCause cause) => await Task.WhenAll(
        _pool.Connections.Where(one => connection is null || one.Name == connection).Select(one => _rotations.RotateAsync(one.Name, cause)));

    /// <summary>Replaces the socket of one connection, or of all, break before make; completes when the old ones are gone.</summary>
    /// <param name="connection">Name of the connection; null = all.</param>
    public Task ReconnectAsync(string? connection = null) => Task.WhenAll(
        _pool.Connections.Where(one => connection is null || one.Name == connection).Select(one => one.ReconnectAsync()));

    /// <summary>Closes all connections; completes when their receive loops have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        _rotationTimer.Dispose();
        _rotations.Stop();
        await _pool.DisposeAsync();
        _initial.Dispose();
        _traffic.Dispose();
        _sources.OnCompleted();
        _events.OnCompleted();
        _ready.TrySetCanceled();
    }

    private SharedSubscriptions Share(string connection, StreamCatalog catalog) => new(
        _time, catalog.RankOf, _quarantine, new RequestBudget(_adapter.Limits.MaxRequestsPerHour),
        wait => _events.OnNext(new RequestsHeldBack(Venue, connection, wait)));

    private void Add(IPooledConnection connection)
    {
        connection.Events.Subscribe(happened =>
        {
            Follow(connection, happened);
            _events.OnNext(happened);
        });
        connection.Outcomes.Subscribe(outcome => Settled(connection, outcome));
        _sources.OnNext(connection.Frames.Catch((Exception error) =>
        {
            _pool.GiveUp(connection);
            _events.OnNext(new ConnectionGivenUp(Venue, connection.Name, error));
            return Observable.Empty<FrameBatch>();
        }));
    }

    /// <summary>What a frame is the parser finds out anyway, behind this; a look of our own at each would cost about as much again.</summary>
    private void Count(FrameBatch batch) => Interlocked.Add(ref _messages, batch.Count);

    private void TellReady()
    {
        if (_ready.Task.IsCompleted || !_pool.IsPlaced)
        {
            return;
        }

        var connections = _pool.Connections.Select(connection => connection.Statistics).ToList();
        if (connections.TrueForAll(one => one.IsReady) && (connections.Count == 0 || connections.Exists(one => one.Confirmed > 0)))
        {
            _ready.TrySetResult();
        }
    }

    /// <summary>Keeps the age of the socket in use; what happens to a twin says nothing of it until the twin has taken over.</summary>
    private void Follow(IPooledConnection connection, FeedEvent happened)
    {
        if (happened is ShutdownAnnounced { IsAside: false })
        {
            _ = _rotations.RotateAsync(connection.Name, RotationCause.Announced);
            return;
        }

        var leg = happened.Leg ?? happened.Connection;
        lock (_gate)
        {
            switch (happened)
            {
                case ConnectionOpened { IsAside: false }:
                    _schedule.Opened(connection.Name, leg, _time.GetUtcNow());
                    break;
                case ConnectionRotated { Outcome.IsDone: true } or ConnectionRecovered
                    or ConnectionLost { Info: { WasConnected: true, Reason: DisconnectionReason.Rotated or DisconnectionReason.Stalled } }:
                    // The socket in use is some seconds older than this: the venue's limit leaves a quarter of an hour.
                    _schedule.Opened(connection.Name, leg, _time.GetUtcNow());
                    break;
                case ConnectionLost { IsAside: false, Info.WasConnected: true }:
                    _schedule.Closed(connection.Name, leg);
                    break;
                default:
                    return;
            }

            ArmRotation();
        }
    }

    private void RotateDue()
    {
        List<string> due;
        lock (_gate)
        {
            due = _schedule.TakeDue(_time.GetUtcNow());
            ArmRotation();
        }

        due.ForEach(connection => _ = _rotations.RotateAsync(connection, RotationCause.Age));
    }

    private void ArmRotation() => _rotationTimer.Disposable = _schedule.NextDue is { } due
        ? _scheduler.Schedule(due - _time.GetUtcNow(), RotateDue)
        : Disposable.Empty;

    private Task<RotationOutcome> ReplaceAsync(string connection, RotationCause cause) => _pool.Find(connection) is { } found
        ? found.RotateAsync(cause)
        : throw new InvalidOperationException("It is closed.");

    private void Rotated(RotationCause cause, RotationOutcome outcome)
    {
        // Its age was forgotten when it was due; other causes leave it.
        if (cause == RotationCause.Age && !outcome.IsDone && _pool.Find(outcome.Connection) is { } connection)
        {
            lock (_gate)
            {
                foreach (var leg in LegNames.Suffixes(connection.Legs))
                {
                    _schedule.Failed(outcome.Connection, outcome.Connection + leg, _time.GetUtcNow());
                }

                ArmRotation();
            }
        }
    }
}
