using System.Reactive.Linq;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Transport;

namespace Pipeline.Core.Feeds;

/// <summary>A connection of a venue's feed and the streams on it.</summary>
internal sealed class PooledConnection : IAsyncDisposable
{
    private readonly FeedConnection _connection;

    public PooledConnection(
        IVenueAdapter adapter,
        VenueFeedOptions options,
        string route,
        int number,
        IFeedTransport transport,
        TimeProvider marketClock,
        TimeProvider time,
        PipelineMetrics metrics,
        Random random)
    {
        Route = route;
        var venue = adapter.Venue;
        var name = route.Length == 0 ? $"{venue}-{number}" : $"{venue}-{route}-{number}";
        _connection = new FeedConnection(
            new FeedSource(venue, name, adapter.Parser, options.Symbols, adapter.TimeUnit),
            adapter.StreamUri(options.Endpoint, route), transport, options.WebSocket, marketClock, time, metrics,
            adapter.CarriesData, random, adapter.KeepAlive);
        Session = new SubscriptionSession(adapter, _connection, options.Pool, time, metrics);
        Events = Observable.Merge<FeedEvent>(
            _connection.ReconnectionHappened.Select(info => new ConnectionOpened(venue, name, info)),
            _connection.DisconnectionHappened.Select(info => new ConnectionLost(venue, name, info)),
            _connection.ReconnectScheduled.Select(info => new ConnectionRetryScheduled(venue, name, info)),
            Session.Outcomes.Select(outcome => new StreamsSettled(venue, name, outcome)));
    }

    /// <summary>Ends when the connection is disposed, fails when it is given up.</summary>
    public IObservable<FrameBatch> Frames => _connection.MessageReceived;

    public IObservable<FeedEvent> Events { get; }

    public SubscriptionSession Session { get; }

    public string Route { get; }

    public string Name => _connection.Name;

    public ConnectionStatistics Statistics => new(
        Name,
        Session.Count,
        _connection.IsRunning ? Session.ConfirmedCount : 0,
        _connection.IsRunning,
        _connection.IsRunning && Session.IsReady,
        _connection.CreatedAt,
        _connection.LastMessageAt,
        _connection.Frames,
        _connection.Reconnections);

    public void Start() => _connection.Start();

    public Task ReconnectAsync() => _connection.ReconnectAsync();

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        Session.Dispose();
    }
}
