using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Pooling;
using Pipeline.TestKit.Feeds;

namespace Pipeline.Tests.Feeds.Pooling;

public sealed class RefusedStreamTests
{
    /// <summary>Halving 200 names down to one: two requests for each half at worst, and the last name alone.</summary>
    private const int MostToFindOne = (2 * 8) + 1;

    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(199)]
    [InlineData(537)]
    [InlineData(999)]
    public void OneBadName_AmongAThousand_IsFoundByHalving_AndTheOthersAreConfirmed(int at)
    {
        using var world = new PoolWorld();
        var bad = $"s{at:00000}";
        world.Venue.Refused.Add(bad);
        var all = PoolWorld.Names(1000).Select(name => world.Subscribe(name)).ToList();
        world.Advance(30);

        Assert.Equal(999, world.Feed.Statistics.ActiveStreams);
        Assert.Equal(PoolWorld.Names(1000).Except([bad]), world.Venue.Held.Order());
        Assert.Equal([$"{bad}: Unknown stream"], world.Failures);
        Assert.Equal(1, world.Counter("pipeline.feed.streams_failed", "quarantined"));

        // It is named, and is no reason to call the connection unready.
        var statistics = world.Feed.Statistics;
        Assert.Equal((true, 1, 0), (statistics.Connections[0].IsReady, statistics.Troubles.Refused, statistics.Troubles.Waiting));
        Assert.Equal(new StreamTrouble(bad, "test-1", StreamTroubleKind.Refused, "Unknown stream"), Assert.Single(statistics.Troubles.Named));
        Assert.True(world.Feed.Ready.IsCompletedSuccessfully);
        Assert.InRange(world.Requests, 5 + 8, 5 + MostToFindOne);
        Assert.Single(world.Transport.Sockets);
        Assert.Equal(0, world.Venue.Violations);
        Assert.Equal(1000, all.Count);
    }

    [Fact]
    public void Quarantine_IsTriedAloneOnceAnHour_AndWhenTheListOfInstrumentsChanges()
    {
        using var world = new PoolWorld(streams: PoolWorld.Names(10));
        world.Venue.Refused.Add("s00003");
        world.Advance(30);
        var requests = world.Requests;
        world.Advance(3500);
        Assert.Equal(requests, world.Requests);
        world.Advance(100);
        Assert.Equal(requests + 1, world.Requests);
        Assert.Equal(["s00003"], TestVenueAdapter.Decode(world.Transport.Socket.Sent[^1].Text).Streams);

        world.Venue.Refused.Clear();
        world.Feed.RetryRefused();
        world.Advance(1);
        Assert.Equal(requests + 2, world.Requests);
        Assert.Equal(10, world.Feed.Statistics.ActiveStreams);
        Assert.Equal(StreamTroubles.None, world.Feed.Statistics.Troubles);
        world.Advance(7200);
        Assert.Equal(requests + 2, world.Requests);
    }

    [Fact]
    public void Quarantine_OutlivesTheSocket_AndIsSharedByAllConnections()
    {
        using var world = new PoolWorld();
        world.Venue.Refused.Add("s00003");
        var all = PoolWorld.Names(10).Select(name => world.Subscribe(name)).ToList();
        world.Advance(30);
        world.Venue.Cut(world.Transport.Socket);
        world.Advance(30);

        Assert.Equal(PoolWorld.Names(10).Except(["s00003"]), TestVenueAdapter.Decode(Assert.Single(world.Transport.Socket.Sent).Text).Streams);
        Assert.Equal(10, all.Count);
    }

    /// <summary>Nobody asks the replacement's socket for it, so that no answer would ever settle it.</summary>
    [Fact]
    public async Task Quarantine_DoesNotHoldUpARotation()
    {
        using var world = new PoolWorld(streams: PoolWorld.Names(10));
        world.Venue.Refused.Add("s00003");
        world.Advance(30);
        var rotation = world.Feed.RotateAsync(null, RotationCause.Requested);
        world.Advance(70);

        var outcome = Assert.Single(await rotation.WaitAsync(RealTime.Bound));
        Assert.True(outcome.IsDone, outcome.Reason);
        Assert.InRange(outcome.Took, TimeSpan.Zero, TimeSpan.FromSeconds(16));
        Assert.Equal(PoolWorld.Names(10).Except(["s00003"]), TestVenueAdapter.Decode(Assert.Single(world.Transport.Socket.Sent).Text).Streams);
        Assert.Equal(9, world.Venue.CountOn(world.Transport.Socket));
        Assert.Equal(9, world.Feed.Statistics.ActiveStreams);
        Assert.Single(world.Failures);
    }

    [Fact]
    public void ManyBadNames_AreAllFound()
    {
        using var world = new PoolWorld(streams: PoolWorld.Names(1000));
        var random = new Random(7);
        while (world.Venue.Refused.Count < 12)
        {
            world.Venue.Refused.Add($"s{random.Next(1000):00000}");
        }

        world.Advance(120);

        Assert.Equal(988, world.Feed.Statistics.ActiveStreams);
        Assert.Equal(world.Venue.Refused.Order(), world.Failures.Select(failure => failure[..6]).Order());
        Assert.InRange(world.Requests, 5, 5 + (12 * MostToFindOne));
        Assert.Equal(0, world.Venue.Violations);
    }

    [Fact]
    public void RefusedNames_WhileAnswersAreLost_SinkNobodyElse()
    {
        using var world = new PoolWorld();
        world.Venue.Loss = 0.2;
        world.Venue.Refused.UnionWith(["s00111", "s00222"]);
        var all = PoolWorld.Names(400).Select(name => world.Subscribe(name)).ToList();
        world.Advance(600);

        Assert.Equal(398, world.Feed.Statistics.ActiveStreams);
        Assert.Equal(PoolWorld.Names(400).Except(world.Venue.Refused), world.Venue.Held.Order());
        Assert.Equal(400, all.Count);
    }

    /// <summary>The venue refuses and closes (code 2 "invalid stream"), or closes without a word.</summary>
    [Theory]
    [InlineData(true, 150)]
    [InlineData(false, 150)]
    [InlineData(true, 0)]
    [InlineData(false, 299)]
    public void NameThatClosesTheSocket_IsFoundOverAFewSockets_AndLeftInPeace(bool tells, int at)
    {
        using var world = new PoolWorld();
        var bad = $"s{at:00000}";
        world.Venue.Closing.Add(bad);
        world.Venue.TellsBeforeClosing = tells;
        var all = PoolWorld.Names(300).Select(name => world.Subscribe(name)).ToList();
        world.Advance(300);

        Assert.Equal(299, world.Feed.Statistics.ActiveStreams);
        Assert.StartsWith($"{bad}: ", Assert.Single(world.Failures), StringComparison.Ordinal);

        // One socket for each half that held it, and without a word two more to be sure.
        var sockets = world.Transport.Sockets.Count;
        Assert.InRange(sockets, 2, 1 + 8 + (tells ? 1 : 3));
        world.Advance(3000);
        Assert.Equal(sockets, world.Transport.Sockets.Count);

        // It is tried once an hour, alone, and more and more rarely, as its neighbours suffer from each try.
        world.Advance(86_400);
        Assert.InRange(world.Transport.Sockets.Count - sockets, 1, tells ? 6 : 18);
        Assert.Equal(299, world.Feed.Statistics.ActiveStreams);
        Assert.Equal(300, all.Count);
    }

    [Fact]
    public void ConnectionThatBreaksWhileItSubscribes_CondemnsNobody()
    {
        using var world = new PoolWorld(streams: ["only"]);
        for (var i = 0; i < 20; i++)
        {
            world.Advance(400);
            world.Venue.Cut(world.Transport.Socket);
            world.Advance(0);
            if (world.Venue.Open.Count > 0)
            {
                world.Venue.Cut(world.Transport.Socket);
            }
        }

        world.Advance(400);

        Assert.Equal(1, world.Feed.Statistics.ActiveStreams);
        Assert.Empty(world.Failures);
    }
}
