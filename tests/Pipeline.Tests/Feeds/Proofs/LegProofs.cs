using Xunit.Abstractions;

namespace Pipeline.Tests.Feeds.Proofs;

/// <summary>Two connections side by side: one may be lost at any time.</summary>
public sealed class LegProofs(ITestOutputHelper output)
{
    [Fact]
    public void OneOfTwoLegs_CutEveryTenSeconds_LosesNothing() => ProofWorld.Run(world =>
    {
        var busy = world.List("busy", 4, TimeSpan.FromMilliseconds(20));
        world.List("quiet", 1, TimeSpan.FromMinutes(10));
        world.Venue.Opened = socket => socket.Lag = TimeSpan.FromMilliseconds(socket.Number % 2 == 0 ? 30 : 0);
        world.OpenAndWait(legs: 2);
        Assert.Equal(2, world.Venue.Open.Count);
        world.Advance(5);
        world.Check.Watch();
        var series = world.Check.Series;

        for (var i = 0; i < 60; i++)
        {
            world.Do(world.Venue.Open[0].Cut);
            world.Advance(10);
            Assert.Equal(2, world.Venue.Open.Count);
        }

        var silence = busy.Max(stream => world.Check.Of(stream.Name).LongestSilence);
        var late = world.Check.Records.Sum(record => record.Late);
        output.WriteLine($"one of two legs cut 60 times: longest silence {silence.TotalMilliseconds:F0} ms, {late} ids came after a later one");
        world.Advance(1);
        world.Venue.IsHalted = true;
        world.Advance(1);
        world.Check.AssertComplete();
        Assert.True(silence < TimeSpan.FromMilliseconds(100), $"a busy stream was silent for {silence}");
        Assert.Equal(series, world.Check.Series);
        Assert.Equal(62, world.Venue.Connects);
        Assert.Empty(world.Venue.Violations);
    });
}
