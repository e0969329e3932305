using System.Reactive.Linq;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Subscriptions;
using Pipeline.Core.Feeds.Transport;

namespace Pipeline.Core.Feeds.Pooling;

/// <summary>A connection of a venue's feed and the streams on it.</summary>
internal sealed class PooledConnection : IPooledConnection
{
    private readonly FeedConnection _connection;
    private readonly SubscriptionSession _session;
    private volatile bool _wasOpen;

    public PooledConnection(
        IVenueAdapter adapter,
        VenueFeedOptions options,
        string name,
        string route,
        SharedSubscriptions shared,
        IFeedTransport transport,
        TimeProvider marketClock,
        TimeProvider time,
        PipelineMetrics metrics,
        Random random)
    {
        var venue = adapter.Venue;
        Route = route;
        _connection = new FeedConnection(
            new FeedSource(venue, name, adapter.Parser, options.Symbols, adapter.TimeUnit),
            adapter.StreamUri(options.Endpoint, route), transport, options.WebSocket, marketClock, time, metrics,
            adapter.CarriesData, random, adapter.KeepAlive);
        _session = new SubscriptionSession(adapter, _connection, options.Pool, time, metrics, shared);
        _connection.ReconnectionHappened.Subscribe(_ => _wasOpen = true);
        Events = Observable.Merge<FeedEvent>(
            _connection.ReconnectionHappened.Select(info => new ConnectionOpened(venue, name, info)),
            _connection.DisconnectionHappened.Select(info => new ConnectionLost(venue, name, info)),
            _connection.ReconnectScheduled.Select(info => new ConnectionRetryScheduled(venue, name, info)),
            _session.Outcomes.Select(outcome => new StreamsSettled(venue, name, outcome)));
    }

    public string Name => _connection.Name;

    public string Route { get; }

    public int Count => _session.Count;

    public bool IsHealthy => _connection.IsRunning || !_wasOpen;

    public IObservable<FrameBatch> Frames => _connection.MessageReceived;

    public IObservable<FeedEvent> Events { get; }

    public IObservable<SubscriptionOutcome> Outcomes => _session.Outcomes;

    public IReadOnlyDictionary<string, StreamState> States => _session.States;

    public ConnectionStatistics Statistics => new(
        Name,
        _session.Count,
        _connection.IsRunning ? _session.ConfirmedCount : 0,
        _connection.IsRunning,
        _connection.IsRunning && _session.IsReady,
        _connection.CreatedAt,
        _connection.LastMessageAt,
        _connection.Frames,
        _connection.Reconnections);

    public void Start() => _connection.Start();

    public void Subscribe(IReadOnlyCollection<string> streams) => _session.Subscribe(streams);

    public void Unsubscribe(IReadOnlyCollection<string> streams) => _session.Unsubscribe(streams);

    public bool Renew(string stream) => _session.Renew(stream);

    public void Suspect(string reason)
    {
        // Without a replacement there is nobody to compare it with.
    }

    public Task<RotationOutcome> RotateAsync(RotationCause cause) => throw new NotSupportedException("This connection has no replacement.");

    public Task ReconnectAsync() => _connection.ReconnectAsync();

    public async ValueTask CloseAsync(DisconnectionReason reason)
    {
        await _connection.CloseAsync(reason);
        _session.Dispose();
    }

    public ValueTask DisposeAsync() => CloseAsync(DisconnectionReason.Stopped);
}
