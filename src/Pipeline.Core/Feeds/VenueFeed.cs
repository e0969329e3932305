using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Pooling;
using Pipeline.Core.Feeds.Transport;

namespace Pipeline.Core.Feeds;

/// <summary>
/// One venue: spreads its streams over connections, keeps them open and subscribed, and merges their frames. The venue's trouble ends
/// here: <see cref="Frames"/> never fails, whatever happens to a connection.
/// </summary>
public sealed class VenueFeed : IStreamSubscriptions, IAsyncDisposable
{
    private readonly IVenueAdapter _adapter;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _references = new(StringComparer.Ordinal);
    private readonly Func<string, int, PooledConnection> _open;
    private readonly int _room;
    private volatile List<PooledConnection> _connections = [];
    private bool _isStarted;
    private readonly Subject<IObservable<FrameBatch>> _sources = new();
    private readonly ISubject<FeedEvent> _events = Subject.Synchronize(new Subject<FeedEvent>());
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="marketClock">Stamps arrival.</param>
    /// <param name="time">Runs deadlines and back-off.</param>
    /// <param name="random">Jitter of the back-off.</param>
    public VenueFeed(
        IVenueAdapter adapter,
        VenueFeedOptions options,
        IFeedTransport transport,
        TimeProvider marketClock,
        TimeProvider time,
        PipelineMetrics metrics,
        Random? random = null)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(metrics);
        _adapter = adapter;
        Events = new GuardedObservable<FeedEvent>(_events, _ => metrics.ObserverError(adapter.Venue));
        var frames = _sources.Merge().Publish();
        frames.Connect();
        Frames = new GuardedObservable<FrameBatch>(frames, _ => metrics.ObserverError(adapter.Venue));

        _room = Math.Min(options.Pool.MaxStreamsPerConnection ?? int.MaxValue, adapter.Limits.MaxStreamsPerConnection);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_room);
        _open = (route, number) => new PooledConnection(
            adapter, options, route, number, transport, marketClock, time, metrics, random ?? Random.Shared);
        var routes = options.Streams.Distinct(StringComparer.Ordinal).GroupBy(adapter.RouteOf, StringComparer.Ordinal);
        foreach (var route in routes)
        {
            AddRoute([.. route], route.Key);
        }
    }

    public string Venue => _adapter.Venue;

    /// <summary>
    /// The frames of all connections, hot, one batch at a time, in order per connection. See <see cref="FrameBatch"/> for what an
    /// observer may do. Completes when the feed is disposed.
    /// </summary>
    public IObservable<FrameBatch> Frames { get; }

    /// <summary>Changes of state. Completes when the feed is disposed.</summary>
    public IObservable<FeedEvent> Events { get; }

    /// <summary>Completes when every stream was confirmed for the first time; cancelled when the feed is disposed before.</summary>
    public Task Ready => _ready.Task;

    public VenueFeedStatistics Statistics => new(Venue, [.. _connections.Select(connection => connection.Statistics)]);

    /// <summary>Opens the connections, in the background. Who wants every frame subscribes to <see cref="Frames"/> before.</summary>
    public Task StartAsync()
    {
        lock (_gate)
        {
            _isStarted = true;
            foreach (var connection in _connections)
            {
                connection.Start();
            }
        }

        TellReady();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(FeedStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        lock (_gate)
        {
            _references[stream.Name] = _references.GetValueOrDefault(stream.Name) + 1;
            if (_references[stream.Name] == 1)
            {
                var route = _adapter.RouteOf(stream.Name);
                var onRoute = _connections.Where(one => one.Route == route).ToList();
                if (onRoute.Find(one => one.Session.Count < _room) is { } connection)
                {
                    connection.Session.Subscribe(stream.Name);
                }
                else
                {
                    connection = _open(route, onRoute.Count + 1);
                    Add(connection, [stream.Name]);
                    if (_isStarted)
                    {
                        connection.Start();
                    }
                }
            }
        }

        return Disposable.Create(() => Leave(stream.Name));
    }

    /// <summary>Replaces the sockets of one connection, or of all.</summary>
    public async Task<IReadOnlyList<RotationOutcome>> RotateAsync(string? connection, RotationCause cause)
    {
        var outcomes = new List<RotationOutcome>();
        foreach (var one in _connections.Where(one => connection is null || one.Name == connection))
        {
            await one.ReconnectAsync();
            outcomes.Add(new RotationOutcome(one.Name, true, null, TimeSpan.Zero, 0));
        }

        return outcomes;
    }

    /// <summary>Replaces the socket of one connection, or of all; completes when the old ones are gone.</summary>
    /// <param name="connection">Name of the connection; null = all.</param>
    public Task ReconnectAsync(string? connection = null) => Task.WhenAll(
        _connections.Where(one => connection is null || one.Name == connection).Select(one => one.ReconnectAsync()));

    /// <summary>
    /// Leaves a stream and subscribes to it again, on its own connection and touching no other stream. False when no connection has it.
    /// </summary>
    public bool Resubscribe(string stream) => _connections.Exists(connection => connection.Session.Renew(stream));

    /// <summary>Closes all connections; completes when their receive loops have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_connections.Select(connection => connection.DisposeAsync().AsTask()));
        _sources.OnCompleted();
        _events.OnCompleted();
        _ready.TrySetCanceled();
    }

    /// <summary>The same number of streams everywhere, and the important ones not all on one connection's fate.</summary>
    private void AddRoute(List<string> streams, string route)
    {
        var count = (streams.Count + _room - 1) / _room;
        for (var i = 0; i < count; i++)
        {
            Add(_open(route, i + 1), [.. streams.Where((_, index) => index % count == i)]);
        }
    }

    private void Leave(string stream)
    {
        lock (_gate)
        {
            if (--_references[stream] == 0)
            {
                _references.Remove(stream);
                _connections.Find(one => one.Session.States.ContainsKey(stream))?.Session.Unsubscribe(stream);
            }
        }
    }

    private void Add(PooledConnection connection, List<string> streams)
    {
        _connections = [.. _connections, connection];
        connection.Events.Subscribe(_events.OnNext);
        connection.Session.Outcomes.Where(outcome => outcome.IsConfirmed).Subscribe(_ => TellReady());
        connection.Session.Subscribe(streams);
        _sources.OnNext(connection.Frames.Catch((Exception error) =>
        {
            _events.OnNext(new ConnectionGivenUp(Venue, connection.Name, error));
            return Observable.Empty<FrameBatch>();
        }));
    }

    private void TellReady()
    {
        if (!_ready.Task.IsCompleted && _connections.All(connection => connection.Session.IsReady))
        {
            _ready.TrySetResult();
        }
    }
}
