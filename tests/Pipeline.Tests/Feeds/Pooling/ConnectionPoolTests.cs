using Pipeline.Core.Feeds;
using Pipeline.TestKit.Feeds;

namespace Pipeline.Tests.Feeds.Pooling;

public sealed class ConnectionPoolTests
{
    /// <summary>Five requests of 200 names on each connection, 1.05 s / 4 apart, and the answer to the last: connections work in parallel.</summary>
    private static readonly TimeSpan TimeOfThousand = (4 * TimeSpan.FromMilliseconds(262.5)) + StrictVenue.AnswerTime;

    [Fact]
    public void TenThousandStreams_AtOnce_AreSpreadAndConfirmedWithinTheVenuesRules()
    {
        using var world = new PoolWorld();
        foreach (var name in PoolWorld.Names(10_000))
        {
            world.Subscribe(name);
        }

        world.Advance(10);

        var statistics = world.Feed.Statistics;
        Assert.Equal((10, 10_000, 10_000), (statistics.ActiveConnections, statistics.TotalStreams, statistics.ActiveStreams));
        Assert.All(world.Venue.Open, socket => Assert.Equal(1000, world.Venue.CountOn(socket)));
        Assert.All(world.Transport.Sockets, socket => Assert.InRange(StrictVenue.Burst(socket), 1, 4));
        Assert.Equal((10, 50, 0), (world.Transport.Sockets.Count, world.Requests, world.Venue.Violations));
        Assert.InRange(world.Venue.LastAnswer, TimeOfThousand * 0.9, TimeOfThousand * 1.1);
        Assert.Empty(world.Failures);
    }

    [Fact]
    public void ThousandStreams_AfterACut_AreBackWithoutOneViolation_TheImportantOnesFirst()
    {
        var catalog = new StreamCatalog();
        var names = PoolWorld.Names(1000);
        for (var i = 0; i < names.Length; i++)
        {
            catalog.Add(PoolWorld.Stream(names[i], rank: i % 5));
        }

        using var world = new PoolWorld(streams: names, catalog: catalog);
        world.Advance(5);
        var cut = world.Time.Elapsed;
        world.Venue.Cut(world.Transport.Socket);
        world.Advance(10);

        Assert.Equal(1000, world.Feed.Statistics.ActiveStreams);
        Assert.Equal(0, world.Venue.Violations);
        Assert.InRange(world.Venue.LastAnswer - cut, TimeOfThousand * 0.9, TimeOfThousand * 1.1);
        Assert.All(world.Transport.Sockets, socket => Assert.Equal(
            [0, 1, 2, 3, 4], socket.Sent.Select(sent => TestVenueAdapter.Decode(sent.Text).Streams.Select(catalog.RankOf).Distinct().Single())));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void ThousandStreams_AfterACut_WhenTenPercentOfAnswersAreLost_AreAllBack(int seed)
    {
        using var world = new PoolWorld(streams: PoolWorld.Names(1000));
        world.Advance(5);
        world.Venue.Loss = 0.1;
        world.Venue.Random = new Random(seed);
        for (var i = 0; i < 20; i++)
        {
            world.Venue.Cut(world.Transport.Socket);
            world.Advance(60);

            Assert.Equal(1000, world.Feed.Statistics.ActiveStreams);
        }

        // Of 100 answers some were lost, and made up for.
        Assert.InRange(world.Counter("pipeline.feed.requests", "timeout"), 3, 25);
        Assert.Equal(0, world.Venue.Violations);
        Assert.All(world.Transport.Sockets, socket => Assert.InRange(StrictVenue.Burst(socket), 1, 4));
    }

    [Fact]
    public void SharedStream_IsAskedForOnce_AndKeptUntilTheLastReferenceIsGone()
    {
        using var world = new PoolWorld();
        var first = world.Subscribe("a");
        var second = world.Subscribe("a");
        var other = world.Subscribe("b");
        world.Advance(1);
        Assert.Equal(["SUBSCRIBE a,b"], Sent(world));
        Assert.Equal([("a", 2), ("b", 1)], world.Feed.Statistics.Streams.Select(stream => (stream.Name, stream.Subscribers)));
        Assert.Equal("test-1", world.Feed.ConnectionOf("a"));

        first.Dispose();
        first.Dispose();
        world.Advance(100);
        Assert.Single(world.Transport.Socket.Sent);

        second.Dispose();
        world.Advance(29.9);
        Assert.Single(world.Transport.Socket.Sent);
        Assert.Equal(0, world.Feed.Statistics.Streams[0].Subscribers);
        world.Advance(0.1);
        Assert.Equal(["SUBSCRIBE a,b", "UNSUBSCRIBE a"], Sent(world));
        Assert.Null(world.Feed.ConnectionOf("a"));
        other.Dispose();
    }

    [Fact]
    public void StreamsLeftTogether_LeaveInOneRequest_AndOneWantedAgainIsNotTouched()
    {
        using var world = new PoolWorld();
        var all = PoolWorld.Names(50).Select(name => world.Subscribe(name)).ToList();
        world.Advance(1);

        all[..20].ForEach(one => one.Dispose());
        world.Advance(20);
        using var again = world.Subscribe("s00007");
        world.Advance(20);

        Assert.Equal(2, world.Transport.Socket.Sent.Count);
        var (method, streams, _) = TestVenueAdapter.Decode(world.Transport.Socket.Sent[1].Text);
        Assert.Equal("UNSUBSCRIBE", method);
        Assert.Equal(PoolWorld.Names(20).Except(["s00007"]), streams.Order());
        Assert.Equal(31, world.Venue.Held.Count);
    }

    [Fact]
    public void Connection_WithoutStreams_IsClosed_AndItsNameIsUsedAgain()
    {
        using var world = new PoolWorld(new PoolOptions { MaxStreamsPerConnection = 10 });
        var all = PoolWorld.Names(20).Select(name => world.Subscribe(name)).ToList();
        world.Advance(1);
        Assert.Equal(["test-1", "test-2"], world.Feed.Statistics.Connections.Select(one => one.Id));

        var onFirst = PoolWorld.Names(20).Where(name => world.Feed.ConnectionOf(name) == "test-1").ToHashSet();
        all.Where((_, i) => onFirst.Contains($"s{i:00000}")).ToList().ForEach(one => one.Dispose());
        world.Advance(31);

        Assert.Equal(["test-2"], world.Feed.Statistics.Connections.Select(one => one.Id));
        Assert.Equal(
            [("test-1", DisconnectionReason.Idle)], world.Events.OfType<ConnectionLost>().Select(lost => (lost.Connection, lost.Info.Reason)));
        Assert.True(world.Transport.Sockets[0].IsClosedByClient);
        Assert.Single(world.Transport.Sockets[0].Sent);
        using var more = world.Subscribe("more");
        world.Advance(1);
        Assert.Equal("test-1", world.Feed.ConnectionOf("more"));
        Assert.Equal(3, world.Transport.Sockets.Count);
    }

    [Fact]
    public void NoRoom_IsTold_AndMadeUpForWhenThereIsSome()
    {
        using var world = new PoolWorld(new PoolOptions { MaxStreamsPerConnection = 10, MaxConnections = 2 });
        var all = PoolWorld.Names(23).Select((name, i) => world.Subscribe(name, rank: i)).ToList();
        world.Advance(5);

        var told = Assert.Single(world.Events.OfType<StreamsUnplaced>());
        Assert.Equal(["s00020", "s00021", "s00022"], told.Streams);
        Assert.Contains("all 2 connections of test with 10 streams each are taken: raise pool.maxConnectionsPerPool", told.Reason, StringComparison.Ordinal);
        Assert.Equal(3, world.Counter("pipeline.feed.streams_failed", "no-room"));
        Assert.Equal((2, 20), (world.Transport.Sockets.Count, world.Venue.Held.Count));
        Assert.Null(world.Feed.ConnectionOf("s00020"));

        all[3].Dispose();
        all[4].Dispose();
        world.Advance(31);

        Assert.Equal(["s00022"], PoolWorld.Names(23).Where((_, i) => i is not 3 and not 4).Where(name => world.Feed.ConnectionOf(name) is null));
        Assert.Contains("s00020", world.Venue.Held);
        Assert.Equal(20, world.Venue.Held.Count);
        Assert.Single(world.Events.OfType<StreamsUnplaced>());
    }

    [Fact]
    public void SubscribedAndGivenBack_BeforeItWasAskedFor_CostsNoRequest()
    {
        using var world = new PoolWorld(new PoolOptions { CleanupPeriod = TimeSpan.FromMilliseconds(1) });
        world.Subscribe("a").Dispose();
        world.Advance(5);

        Assert.Empty(world.Transport.Sockets);
        Assert.Empty(world.Feed.Statistics.Streams);
        Assert.Equal(0, world.Time.PendingTimers);
    }

    [Fact]
    public void HourOfRequests_UsedUp_IsToldAndWaitedFor_AcrossSockets()
    {
        var limits = new TestVenueAdapter().Limits with { MaxRequestsPerHour = 6 };
        using var world = new PoolWorld(streams: PoolWorld.Names(600), limits: limits);
        world.Advance(5);
        world.Venue.Cut(world.Transport.Socket);
        world.Advance(5);
        Assert.Equal(6, world.Requests);
        Assert.Empty(world.Events.OfType<RequestsHeldBack>());

        var more = world.Subscribe("more");
        world.Advance(5);
        Assert.Equal(6, world.Requests);
        var held = Assert.Single(world.Events.OfType<RequestsHeldBack>());
        Assert.Equal("test-1", held.Connection);
        Assert.InRange(held.Wait.TotalSeconds, 3580, 3590);
        Assert.Equal(1, world.Counter("pipeline.feed.requests", "held-back"));

        world.Advance(3600 - 15 - 0.1);
        Assert.Equal(6, world.Requests);
        world.Advance(1);
        Assert.Equal(7, world.Requests);
        Assert.Equal(601, world.Feed.Statistics.ActiveStreams);
        more.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomOperations_EndWithWhatIsWanted_AndLeakNothing(int seed)
    {
        var random = new Random(seed);
        using var world = new PoolWorld(new PoolOptions { MaxStreamsPerConnection = 20, MaxConnections = 5, CleanupPeriod = TimeSpan.FromSeconds(2) });
        world.Venue.Loss = 0.05;
        world.Venue.Random = new Random(seed);
        world.Venue.Refused.Add("s00013");
        var names = PoolWorld.Names(90);
        var references = new List<(string Name, IDisposable Reference)>();
        for (var i = 0; i < 5000; i++)
        {
            var dice = random.NextDouble();
            if (dice < 0.45)
            {
                var name = names[random.Next(names.Length)];
                references.Add((name, world.Subscribe(name, rank: random.Next(3))));
            }
            else if (dice < 0.9 && references.Count > 0)
            {
                var at = random.Next(references.Count);
                references[at].Reference.Dispose();
                references.RemoveAt(at);
            }
            else if (dice < 0.92 && world.Venue.Open is { Count: > 0 } open)
            {
                world.Venue.Cut(open[random.Next(open.Count)]);
            }
            else
            {
                world.Advance(random.NextDouble() * 0.8);
            }
        }

        references.AddRange(names.Where((_, i) => i % 3 == 0).Select(name => (name, world.Subscribe(name))));
        world.Venue.Loss = 0;
        world.Advance(1200);

        var wanted = references.Select(one => one.Name).Distinct().Order().ToList();
        Assert.NotEmpty(wanted);
        Assert.Equal(wanted.Except(["s00013"]), world.Venue.Held.Order());
        Assert.Equal(wanted, world.Feed.Statistics.Streams.Select(stream => stream.Name).Order());
        Assert.Equal(references.Count, world.Feed.Statistics.Streams.Sum(stream => stream.Subscribers));
        Assert.Equal(0, world.Venue.Violations);
        Assert.True(world.Transport.Sockets.Count > 20, "It was cut often.");
        Assert.All(world.Transport.Sockets, socket => Assert.InRange(StrictVenue.Burst(socket), 0, 4));

        references.ForEach(one => one.Reference.Dispose());
        world.Advance(10);

        Assert.Empty(world.Venue.Open);
        Assert.Empty(world.Feed.Statistics.Connections);
        Assert.Empty(world.Feed.Statistics.Streams);
        Assert.Equal(0, world.Time.PendingTimers);
    }

    private static List<string> Sent(PoolWorld world) =>
    [
        .. world.Transport.Sockets.SelectMany(socket => socket.Sent).Select(sent => TestVenueAdapter.Decode(sent.Text))
            .Select(request => $"{request.Method} {string.Join(',', request.Streams)}"),
    ];
}
