using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Pooling;
using Pipeline.TestKit.Feeds;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Feeds.Pooling;

public sealed class FeedRotationTests : IDisposable
{
    private readonly TestTimeProvider _time = new();
    private readonly PipelineMetrics _metrics = new();
    private readonly List<FakePooledConnection> _connections = [];
    private readonly List<FeedEvent> _events = [];

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void OldConnections_AreReplacedOneByOne_AndOneThatFailedAgainInFiveMinutes()
    {
        Create(3);
        _connections.ForEach(connection => connection.Open());
        _time.Advance(TimeSpan.FromHours(21.8));
        Assert.Equal(0, Rotations);

        _time.Advance(TimeSpan.FromHours(2.4));
        Assert.Equal(1, Rotations);
        var first = _connections.Single(connection => connection.Rotations.Count == 1);
        Assert.Equal(RotationCause.Age, first.Rotations[0].Cause);
        first.EndRotation(isDone: false);
        Assert.Equal(2, Rotations);
        _connections.Single(connection => connection != first && connection.Rotations.Count == 1).EndRotation();
        Assert.Equal(3, Rotations);
        _connections.Single(connection => connection != first && connection.Rotations is [(_, { Task.IsCompleted: false })]).EndRotation();
        Assert.Equal(3, Rotations);
        Assert.Equal([false, true, true], _events.OfType<ConnectionRotated>().Select(one => one.Outcome.IsDone));

        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(2, first.Rotations.Count);
        first.EndRotation();
        _time.Advance(TimeSpan.FromHours(21));
        Assert.Equal(4, Rotations);
    }

    [Fact]
    public async Task Announced_AllAtOnce_EachToldOnce()
    {
        var feed = Create(3);
        var all = feed.RotateAsync(null, RotationCause.Announced);
        var again = feed.RotateAsync("test-2", RotationCause.Announced);
        Assert.Equal(3, Rotations);

        _connections.ForEach(connection => connection.EndRotation());

        Assert.Equal(["test-1", "test-2", "test-3"], (await all.WaitAsync(TimeSpan.FromSeconds(5))).Select(outcome => outcome.Connection));
        Assert.Equal("test-2", Assert.Single(await again.WaitAsync(TimeSpan.FromSeconds(5))).Connection);
        Assert.Equal(3, _events.OfType<ConnectionRotated>().Count());
        Assert.Empty(await feed.RotateAsync("test-9", RotationCause.Requested));
    }

    [Fact]
    public void Suspicion_ReachesTheConnection_AndNoOther()
    {
        var feed = Create(2);

        feed.Suspect("test-2", "s1 is silent");
        feed.Suspect("test-9", "nothing");

        Assert.Equal([0, 1], _connections.Select(connection => connection.Suspicions.Count));
        Assert.Equal("test-1", feed.ConnectionOf("s0"));
    }

    private int Rotations => _connections.Sum(connection => connection.Rotations.Count);

    private VenueFeed Create(int connections)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var feed = new VenueFeed(
            new TestVenueAdapter(),
            new VenueFeedOptions
            {
                Endpoint = new Uri("ws://venue.test"),
                Streams = [.. Enumerable.Range(0, connections).Select(i => $"s{i}")],
                Symbols = new SymbolTable(),
                Pool = new PoolOptions { MaxStreamsPerConnection = 1 },
            },
            _time, _time, _metrics, new Random(1),
            (name, route, legs, _, _) =>
            {
                _connections.Add(new FakePooledConnection(name, route, legs));
                return _connections[^1];
            });
        feed.Events.Subscribe(_events.Add);
        return feed;
    }
}
