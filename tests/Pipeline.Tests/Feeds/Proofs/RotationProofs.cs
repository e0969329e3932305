using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Pooling;
using Xunit.Abstractions;

namespace Pipeline.Tests.Feeds.Proofs;

/// <summary>Connections are replaced under load: nothing is lost, and nobody notices.</summary>
public sealed class RotationProofs(ITestOutputHelper output)
{
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Unnoticed = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void HundredRotations_LoseNothing_AndNoBusyStreamFallsSilent() => ProofWorld.Run(world =>
    {
        var busy = world.List("busy", 2, Busy);
        world.List("quiet", 2, TimeSpan.FromHours(1));
        world.OpenAndWait();
        world.Advance(5);
        world.Check.Watch();
        var longest = TimeSpan.Zero;
        var series = world.Check.Series;

        for (var i = 0; i < 100; i++)
        {
            var (took, outcome) = Rotate(world);
            longest = took > longest ? took : longest;
            Assert.True(outcome.IsDone, outcome.Reason);
            Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(17));
            Assert.Single(world.Venue.Open);
        }

        world.Advance(5);
        var silence = busy.Max(stream => world.Check.Of(stream.Name).LongestSilence);
        output.WriteLine($"100 rotations: longest silence of a busy stream {silence.TotalMilliseconds:F0} ms; a rotation took up to {longest.TotalSeconds:F1} s");
        world.Check.AssertComplete();
        Assert.True(silence < Unnoticed, $"a busy stream was silent for {silence}");
        Assert.Equal(series, world.Check.Series);
        Assert.Equal(101, world.Venue.Connects);
        Assert.Equal(100, world.Losses.Count());
        Assert.All(world.Losses, lost => Assert.Equal(DisconnectionReason.Rotated, lost.Info.Reason));
        Assert.Equal(new Dictionary<string, int> { ["client"] = 100 }, world.Venue.Ends);
        Assert.Empty(world.Venue.Violations);
    });

    [Theory]
    [InlineData(30)]
    [InlineData(10)]
    public void HundredNotices_ToAllConnectionsAtOnce_LoseNothing(double closeAfterSeconds) => ProofWorld.Run(world =>
    {
        var busy = world.List("busy", 3, 2 * Busy);
        world.List("quiet", 3, TimeSpan.FromHours(1));
        world.OpenAndWait(pool: new PoolOptions { MaxStreamsPerConnection = 2 });
        world.Advance(5);
        world.Check.Watch();

        // Three replacements each time are 300 in 75 minutes: below the limit of connects, which is not what is proven here.
        for (var i = 0; i < 100; i++)
        {
            var before = world.Venue.Open.ToList();
            world.Do(() => world.Venue.AnnounceShutdown(TimeSpan.FromSeconds(closeAfterSeconds)));
            world.Advance(45);
            Assert.Equal(3, world.Venue.Open.Count);
            Assert.Empty(world.Venue.Open.Intersect(before));
        }

        var silence = busy.Max(stream => world.Check.Of(stream.Name).LongestSilence);
        output.WriteLine($"100 notices to three connections, closed after {closeAfterSeconds} s: longest silence of a busy stream {silence.TotalMilliseconds:F0} ms");
        world.Check.AssertComplete();
        Assert.True(silence < Unnoticed, $"a busy stream was silent for {silence}");
        Assert.Equal(303, world.Venue.Connects);
        Assert.Empty(world.Venue.Violations);
    });

    [Fact]
    public void HundredRotationsAndNotices_OfAllConnections_InAPoolWithSilentPairs_LoseNothing() => ProofWorld.Run(world =>
    {
        var busy = world.List("busy", 3, 2 * Busy);
        world.List("quiet", 3, TimeSpan.FromHours(1));
        world.OpenAndWait(pool: new PoolOptions { MaxStreamsPerConnection = 2 });
        world.Advance(TimeSpan.FromHours(1));
        Assert.Equal(6, world.Check.Records.Count);
        world.Check.Watch();
        var (start, trades, series) = (world.Now, world.Check.Trades, world.Check.Series);

        for (var i = 0; i < 100; i++)
        {
            var told = world.Events.Count;
            var rotation = world.Feed.RotateAsync(null, RotationCause.Requested);
            world.Until(() => world.Events.Skip(told).Count(one => one.Event is ConnectionRotated) == 3, TimeSpan.FromMinutes(5), "all are replaced");
            world.Await(rotation, "its outcomes are told");
            Assert.All(rotation.GetAwaiter().GetResult(), outcome => Assert.True(outcome.IsDone, outcome.Reason));

            var before = world.Venue.Open.ToList();
            world.Do(() => world.Venue.AnnounceShutdown(TimeSpan.FromSeconds(30)));
            world.Advance(20);
            Assert.Equal(3, world.Venue.Open.Count);
            Assert.Empty(world.Venue.Open.Intersect(before));
            world.Forget();
        }

        world.Advance(5);
        var silence = busy.Max(stream => world.Check.Of(stream.Name).LongestSilence);
        output.WriteLine(
            $"| 100 × rotation of and notice to three connections, {(world.Now - start).TotalMinutes:F0} min | {world.Check.Trades - trades} trades came, none is missing, "
            + $"longest silence of a busy stream {silence.TotalMilliseconds:F0} ms |");
        world.Check.AssertComplete();
        Assert.True(silence < Unnoticed, $"a busy stream was silent for {silence}");
        Assert.Equal(series, world.Check.Series);
        Assert.Equal(603, world.Venue.Connects);
        Assert.Equal(new Dictionary<string, int> { ["client"] = 600 }, world.Venue.Ends);
        Assert.Empty(world.Venue.Violations);
    });

    [Fact]
    public void AgeOfAConnection_IsNotForgotten_WhenATwinWasGivenUp() => ProofWorld.Run(world =>
    {
        var streams = world.List("busy", 2, TimeSpan.FromMilliseconds(100));
        world.OpenAndWait();
        world.Advance(TimeSpan.FromMinutes(1));

        // The venue is mute for a while: a twin is opened, finds the same silence and goes; the old connection stays.
        world.Venue.IsMute = true;
        world.Advance(20);
        world.Venue.IsMute = false;
        world.Advance(60);
        Assert.Equal(1, world.Venue.Open.Single().Number);
        Assert.True(world.Venue.Connects > 1);
        streams.ForEach(stream => stream.Interval = TimeSpan.FromMinutes(1));
        world.Advance(TimeSpan.FromHours(24.5));

        Assert.DoesNotContain("1001 24 hours are over", world.Venue.Ends.Keys);
        Assert.Contains(world.Losses, lost => lost.Info.Reason == DisconnectionReason.Rotated);
    });

    [Fact]
    public void TwinThatCannotConnect_LeavesTheOldConnectionAlone() => ProofWorld.Run(world =>
    {
        var busy = world.List("busy", 2, Busy);
        world.OpenAndWait();
        world.Advance(5);
        world.Check.Watch();
        world.Venue.HangsConnects = true;

        var (_, outcome) = Rotate(world);

        Assert.False(outcome.IsDone);
        Assert.NotNull(outcome.Reason);
        Assert.True(world.Venue.Open.Single().Number == 1);
        world.Check.AssertComplete();
        Assert.All(busy, stream => Assert.True(world.Check.Of(stream.Name).LongestSilence < Unnoticed));
    });

    /// <summary>Rotates the one connection; tells how long that took, and what became of it.</summary>
    private static (TimeSpan Took, RotationOutcome Outcome) Rotate(ProofWorld world)
    {
        var told = world.Events.Count;
        var rotation = world.Feed.RotateAsync(null, RotationCause.Requested);
        var took = world.Until(
            () => world.Events.Skip(told).Any(one => one.Event is ConnectionRotated), TimeSpan.FromMinutes(2), "the rotation ends");
        world.Await(rotation, "its outcome is told");
        return (took, Assert.Single(rotation.GetAwaiter().GetResult()));
    }
}
