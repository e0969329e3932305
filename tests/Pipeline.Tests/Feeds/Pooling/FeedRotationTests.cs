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

        Assert.Equal(["test-1", "test-2", "test-3"], (await all.WaitAsync(RealTime.Bound)).Select(outcome => outcome.Connection));
        Assert.Equal("test-2", Assert.Single(await again.WaitAsync(RealTime.Bound)).Connection);
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

    [Fact]
    public void OneLegIsLost_TheAgeOfTheOtherCounts()
    {
        Create(1, legs: 2);
        Open("test-1a");
        Open("test-1b");
        _time.Advance(TimeSpan.FromHours(20));
        _connections[0].Tell(new ConnectionLost("test", "test-1", Lost(DisconnectionReason.Aborted)) { Leg = "test-1a" });
        _time.Advance(TimeSpan.FromHours(1));
        Open("test-1a");
        Assert.Equal(0, Rotations);

        // By 24.2 h of the leg that was never lost, not of the one that is four hours old.
        _time.Advance(TimeSpan.FromHours(3.2));
        Assert.Equal(1, Rotations);
    }

    [Theory]
    [InlineData("recovered")]
    [InlineData("rotated")]
    [InlineData("stalled")]
    public void AfterATakeOver_TheAgeBeginsAnew(string how)
    {
        Create(1);
        _connections[0].Open();
        _time.Advance(TimeSpan.FromHours(12));
        _connections[0].Tell(how switch
        {
            "recovered" => new ConnectionRecovered("test", "test-1", TimeSpan.FromSeconds(3), ReconnectionReason.Stalled),
            "rotated" => new ConnectionRotated(
                "test", "test-1", RotationCause.Requested, new RotationOutcome("test-1", IsDone: true, null, TimeSpan.FromSeconds(3), 0)),
            _ => new ConnectionLost("test", "test-1", Lost(DisconnectionReason.Stalled)) { IsAside = true },
        });
        _time.Advance(TimeSpan.FromHours(21.8));
        Assert.Equal(0, Rotations);
        _time.Advance(TimeSpan.FromHours(2.4));
        Assert.Equal(1, Rotations);
    }

    [Fact]
    public void ARotationThatFailed_LeavesTheAge()
    {
        Create(1);
        _connections[0].Open();
        _time.Advance(TimeSpan.FromHours(12));
        _connections[0].Tell(new ConnectionRotated(
            "test", "test-1", RotationCause.Requested, new RotationOutcome("test-1", IsDone: false, "mute", TimeSpan.FromSeconds(3), 0)));
        _time.Advance(TimeSpan.FromHours(12.2));
        Assert.Equal(1, Rotations);
    }

    private static DisconnectionInfo Lost(DisconnectionReason reason) => new(reason, true, null, null, null, TimeSpan.Zero, null);

    private void Open(string leg) => _connections[0].Tell(
        new ConnectionOpened("test", "test-1", new ReconnectionInfo(ReconnectionReason.Initial, TimeSpan.Zero)) { Leg = leg });

    private int Rotations => _connections.Sum(connection => connection.Rotations.Count);

    private VenueFeed Create(int connections, int legs = 1)
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
                Legs = legs,
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
