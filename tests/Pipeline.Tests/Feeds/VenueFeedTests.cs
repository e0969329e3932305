using System.Text;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.TestKit.Feeds;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Feeds;

public sealed class VenueFeedTests : IDisposable
{
    private readonly TestTimeProvider _time = new();
    private readonly TestTimeProvider _market = new(ConnectionWorld.MarketStart);
    private readonly PipelineMetrics _metrics = new();
    private readonly TestVenueAdapter _adapter = new();
    private readonly FakeFeedTransport _transport;
    private readonly List<string> _frames = [];
    private readonly List<FeedEvent> _events = [];

    public VenueFeedTests() => _transport = new FakeFeedTransport(_time)
    {
        Connected = socket => socket.OnSent = text => socket.Deliver($"ack {TestVenueAdapter.Decode(text).Id}"),
    };

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Streams_AreSpreadEvenly_OverTheFewestConnections()
    {
        var feed = Create(25, maxStreams: 10);

        Assert.Equal([9, 8, 8], feed.Statistics.Connections.Select(connection => connection.Streams));
        Assert.Equal(["test-1", "test-2", "test-3"], feed.Statistics.Connections.Select(connection => connection.Id));
    }

    [Fact]
    public async Task Routes_HaveConnectionsOfTheirOwn()
    {
        // Continuations shall run inline, so that what a step causes has happened when it returns.
        SynchronizationContext.SetSynchronizationContext(null);
        var feed = new VenueFeed(
            _adapter,
            new VenueFeedOptions
            {
                Endpoint = new Uri("ws://venue.test"),
                Streams = ["public/a", "market/b", "public/c"],
                Symbols = new SymbolTable(),
            },
            _transport, _market, _time, _metrics, new Random(1));
        await feed.StartAsync();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["test-public-1 2", "test-market-1 1"], feed.Statistics.Connections.Select(one => $"{one.Id} {one.Confirmed}"));
        Assert.Equal(["/public/stream", "/market/stream"], _transport.Sockets.Select(socket => socket.Address.AbsolutePath));
        Assert.True(feed.Resubscribe("market/b"));
        Assert.False(feed.Resubscribe("market/x"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([1, 3], _transport.Sockets.Select(socket => socket.Sent.Count));
        await feed.DisposeAsync();
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData(5000, 2)]
    [InlineData(500, 3)]
    public void ConnectionLimit_IsTheLowerOfVenueAndTopology(int? configured, int expected) =>
        Assert.Equal(expected, Create(1500, configured).Statistics.TotalConnections);

    [Fact]
    public async Task Ready_CompletesWithTheLastConfirmation()
    {
        var feed = Create(1000, 500);

        await feed.StartAsync();
        Assert.False(feed.Ready.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));

        await feed.Ready.WaitAsync(RealTime.Bound);
        Assert.Equal(
            Enumerable.Range(0, 1000).Select(i => $"s{i}").Order(),
            _transport.Sockets.SelectMany(socket => socket.Sent).SelectMany(sent => TestVenueAdapter.Decode(sent.Text).Streams).Order());
        Assert.Equal("/stream", _transport.Socket.Address.AbsolutePath);
    }

    [Fact]
    public async Task Frames_OfAllConnections_AreMergedWithTheirSource()
    {
        var feed = Create(20, 10);
        await feed.StartAsync();

        _transport.Sockets[0].Deliver("x", "y");
        _transport.Sockets[1].Deliver("z");

        Assert.Equal(["test-1:ack 1", "test-2:ack 1", "test-1:x", "test-1:y", "test-2:z"], _frames);
    }

    [Fact]
    public async Task Events_TellTheStory_InOrder()
    {
        var feed = Create(1, 10);
        await feed.StartAsync();
        _time.Advance(TimeSpan.FromSeconds(5));
        _transport.Socket.Deliver("data");

        _transport.Socket.CloseByVenue(1001, "going away");
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(
            ["ConnectionOpened", "StreamsSettled", "ConnectionLost", "ConnectionRetryScheduled", "ConnectionOpened", "StreamsSettled"],
            _events.Select(one => one.GetType().Name));
        Assert.Equal("going away", ((ConnectionLost)_events[2]).Info.CloseText);
        Assert.All(_events, one => Assert.Equal("test-1", one.Connection));
    }

    [Fact]
    public async Task AConnectionGivenUp_LeavesItsSiblingsAndTheFeedAlone()
    {
        _transport.ThenSucceed().ThenFail(DisconnectionReason.Refused).ThenFail(DisconnectionReason.Refused);
        var feed = Create(20, 10, new WebSocketOptions { MaxReconnectAttempts = 1 });
        await feed.StartAsync();
        _time.Advance(TimeSpan.FromSeconds(10));

        _transport.Sockets[0].Deliver("still here");

        Assert.Equal("test-2", Assert.Single(_events.OfType<ConnectionGivenUp>()).Connection);
        Assert.Equal("test-1:still here", _frames[^1]);
        Assert.Equal(1, feed.Statistics.ActiveConnections);
        Assert.Equal(2, feed.Statistics.ConnectionFailures);
    }

    [Fact]
    public async Task Statistics_ShowEveryConnection()
    {
        _metrics.ControlFrames("test", 7);
        var feed = Create(20, 10);
        await feed.StartAsync();
        _time.Advance(TimeSpan.FromSeconds(3));
        _market.Advance(TimeSpan.FromSeconds(7));
        _transport.Sockets[1].Deliver("a", "b");
        _transport.Sockets[1].CloseByVenue();
        _time.Advance(TimeSpan.Zero);

        // So many of them the parser tells apart.
        Assert.Equal((5, 5, 0), (feed.Statistics.TotalMessages, feed.Statistics.RoutedMessages, feed.Statistics.UnroutedMessages));
        _metrics.ControlFrames("test", 3);
        var second = feed.Statistics.Connections[1];
        var start = ConnectionWorld.MarketStart.ToUnixTimeMilliseconds() * 1000;
        var expected = new ConnectionStatistics("test-2", 10, 10, true, true, start, start + 7_000_000, 4, 1)
        {
            IsHealthy = true,
            LastUsed = start,
            WireBytes = second.WireBytes,
            PayloadBytes = second.PayloadBytes,
            BytesPerSecond = second.BytesPerSecond,
        };
        Assert.Equal(expected, second);
        Assert.InRange(second.PayloadBytes, 7, 100);
        var all = feed.Statistics;
        Assert.Equal((2, 2, 20, 20), (all.TotalConnections, all.ActiveConnections, all.TotalStreams, all.ActiveStreams));
        Assert.Equal((5, 2, 3), (all.TotalMessages, all.RoutedMessages, all.UnroutedMessages));
        Assert.Equal((0, 1, 0), (all.CallbackErrors, all.Reconnections, all.ConnectionFailures));
        Assert.Equal(20, all.Streams.Count);
        Assert.Equal(new StreamStatistics("s0", "test-1", 1, start, start), all.Streams[0]);
    }

    [Fact]
    public async Task Dispose_ClosesEverySocketAndCompletes()
    {
        _transport.Connected = null;
        var feed = Create(30, 10);
        var completed = false;
        feed.Frames.Subscribe(_ => { }, () => completed = true);
        await feed.StartAsync();

        await feed.DisposeAsync();

        Assert.True(completed);
        Assert.All(_transport.Sockets, socket => Assert.True(socket.IsDisposed));
        Assert.Equal(0, feed.Statistics.ActiveConnections);
        Assert.True(feed.Ready.IsCanceled);
    }

    [Fact]
    public async Task ThrowingObserver_IsCounted_AndOthersGoOn()
    {
        var feed = Create(1, 10);
        feed.Frames.Subscribe(_ => throw new InvalidOperationException());
        await feed.StartAsync();

        _transport.Socket.Deliver("x");
        _transport.Socket.Deliver("y");

        Assert.Equal(["test-1:ack 1", "test-1:x", "test-1:y"], _frames);
        Assert.Equal(3, _metrics.Snapshot().Single(sample => sample.Name == "pipeline.feed.observer_errors").Value);
        Assert.Equal(3, feed.Statistics.CallbackErrors);
    }

    [Fact]
    public async Task Reconnect_OfOneConnection_LeavesTheOthers()
    {
        var feed = Create(20, 10);
        await feed.StartAsync();
        _transport.Sockets[0].Deliver("x");
        _transport.Sockets[1].Deliver("x");
        _time.Advance(TimeSpan.FromSeconds(5));

        await feed.ReconnectAsync("test-2");
        _time.Advance(TimeSpan.Zero);

        Assert.Equal([0, 1], feed.Statistics.Connections.Select(connection => connection.Reconnections));
    }

    private VenueFeed Create(int streams, int? maxStreams, WebSocketOptions? webSocket = null)
    {
        // See ConnectionWorld: continuations run inline.
        SynchronizationContext.SetSynchronizationContext(null);
        var options = new VenueFeedOptions
        {
            Endpoint = new Uri("ws://venue.test"),
            Streams = [.. Enumerable.Range(0, streams).Select(i => $"s{i}")],
            Symbols = new SymbolTable(),
            WebSocket = webSocket ?? new WebSocketOptions(),
            Pool = new PoolOptions { MaxStreamsPerConnection = maxStreams },
        };
        var feed = new VenueFeed(_adapter, options, _transport, _market, _time, _metrics, new Random(1));
        feed.Frames.Subscribe(Note);
        feed.Events.Subscribe(_events.Add);
        return feed;
    }

    private void Note(FrameBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            _frames.Add($"{batch.Source.Connection}:{Encoding.UTF8.GetString(batch[i])}");
        }
    }
}
