using Pipeline.Core.Feeds;
using Pipeline.TestKit.Feeds.Virtual;
using Xunit.Abstractions;

namespace Pipeline.Tests.Feeds.Proofs;

/// <summary>Many streams, and the way back after a loss.</summary>
public sealed class ReconnectProofs(ITestOutputHelper output)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void TenThousandStreams_AreAllConfirmedWithinThreeSeconds_AndAllBringData() => ProofWorld.Run(world =>
    {
        world.List("s", 10_000, TimeSpan.FromSeconds(5));

        var took = world.OpenAndWait();
        output.WriteLine($"10,000 streams confirmed after {took.TotalSeconds:F2} s over {world.Venue.Connects} connections");
        Assert.True(took < TimeSpan.FromSeconds(3), $"took {took}");
        Assert.Equal(10, world.Venue.Connects);
        Assert.All(world.Venue.Open, socket => Assert.Equal(1000, socket.Streams));
        world.Advance(10);

        Assert.Equal(10_000, world.Check.Records.Count);
        world.Check.AssertComplete();
        Assert.Empty(world.Venue.Violations);
    });

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(0.1, 2, 23)]
    [InlineData(0.1, 3, 23)]
    [InlineData(0.1, 4, 23)]
    [InlineData(0.1, 5, 45)]
    public void ThousandStreams_AreRestoredAfterACut(double lostAcks, int seed, double withinSeconds) => ProofWorld.Run(world =>
    {
        world.List("s", 1000, TimeSpan.FromSeconds(1));
        world.OpenAndWait();
        world.Advance(30);
        world.Venue.LostAcks = lostAcks;

        world.Do(world.Venue.CutAll);
        var took = world.Until(
            () => world.Feed.Statistics.Connections is [{ Confirmed: 1000 }], Minute, "all streams are confirmed again");
        output.WriteLine($"1,000 streams restored after {took.TotalSeconds:F2} s, {100 * lostAcks:F0} % of acks lost, seed {seed}");
        Assert.True(took < TimeSpan.FromSeconds(withinSeconds), $"took {took}");
        world.Venue.LostAcks = 0;
        world.Advance(5);

        Assert.Equal(2, world.Venue.Connects);
        Assert.Equal(1000, world.Venue.Open.Single().Streams);
        Assert.All(world.Check.Records, record => Assert.True(world.Now - record.LastNewAt <= TimeSpan.FromSeconds(1)));
        Assert.Empty(world.Venue.Violations);
    }, new VirtualVenueOptions { Seed = seed });

    [Theory]
    [InlineData(1, 2)]
    [InlineData(30, 60)]
    [InlineData(600, 900)]
    public void ExchangeGone_DataIsBack_AndTheAttemptsAreTheBackOffs(double goneSeconds, double backWithinSeconds) => ProofWorld.Run(world =>
    {
        var streams = world.List("s", 3, TimeSpan.FromMilliseconds(100));
        world.OpenAndWait();
        world.Advance(60);
        world.Events.Clear();
        var attemptsBefore = world.Venue.Attempts.Count;
        var lostAt = world.Now;

        world.Do(world.Venue.GoAway);
        world.Venue.After(TimeSpan.FromSeconds(goneSeconds), world.Venue.ComeBack);
        world.Advance(goneSeconds);
        world.UntilData(streams[0].Name, world.Now, TimeSpan.FromSeconds(backWithinSeconds));
        var back = world.Now - lostAt;
        world.Advance(5);

        // The first attempt is made at once; each later one a scheduled wait after the one before failed.
        var retries = world.Events.Select(one => one.Event).OfType<ConnectionRetryScheduled>().Select(one => one.Info).ToList();
        var attempts = world.Venue.Attempts.Skip(attemptsBefore).ToList();
        Assert.Equal(retries.Count, attempts.Count);
        Assert.Equal(TimeSpan.Zero, retries[0].Delay);
        Assert.All(retries.Skip(1), retry =>
        {
            var plain = Math.Min(300, Math.Pow(2, retry.Attempt - 2));
            Assert.InRange(retry.Delay.TotalSeconds, plain * 0.85, Math.Min(300, plain * 1.15));
        });
        var expected = lostAt;
        foreach (var (retry, attempt) in retries.Zip(attempts))
        {
            expected += retry.Delay;
            Assert.Equal(expected, attempt);
            expected += world.Venue.Options.ConnectTime;
        }

        output.WriteLine($"exchange gone for {goneSeconds} s: {attempts.Count} attempts, data back after {back.TotalSeconds:F2} s");
        Assert.Single(world.Losses);
        Assert.Single(world.Openings);
        Assert.Equal(ReconnectionReason.Lost, world.Openings.Single().Info.Reason);
    });

    [Fact]
    public void Statistics_EqualTheVenuesTranscript() => ProofWorld.Run(world =>
    {
        world.List("s", 250, TimeSpan.FromMilliseconds(500));
        world.OpenAndWait(pool: new PoolOptions { MaxStreamsPerConnection = 100 });
        world.Advance(10);
        for (var round = 0; round < 5; round++)
        {
            world.Do(() => world.Venue.Any()!.Cut());
            world.Advance(15);
        }

        var statistics = world.Feed.Statistics;
        var venue = world.Venue;
        output.WriteLine(
            $"messages received {statistics.TotalMessages} of {venue.FramesSent} sent; requests {Requests(world)} of {venue.Requests}; "
            + $"connects {venue.Connects}; reconnections {statistics.Reconnections}; streams {statistics.TotalStreams}");
        Assert.Equal(venue.FramesSent, statistics.TotalMessages);
        Assert.Equal(venue.Requests, Requests(world));
        Assert.Equal(venue.Connects, statistics.TotalConnections + statistics.Reconnections);
        Assert.Equal(venue.Attempts.Count, venue.Connects);
        Assert.Equal(venue.Open.Count, statistics.ActiveConnections);
        Assert.Equal(venue.Open.Sum(socket => socket.Streams), statistics.TotalStreams);
        Assert.Equal(5, venue.Ends["cut"]);
    });

    private static long Requests(ProofWorld world) =>
        world.Metrics.Snapshot().Where(sample => sample.Name == "pipeline.feed.requests" && sample.Detail.Contains("sent", StringComparison.Ordinal)).Sum(sample => sample.Value);
}
