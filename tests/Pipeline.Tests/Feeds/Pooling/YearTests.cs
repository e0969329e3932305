using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Pooling;

namespace Pipeline.Tests.Feeds.Pooling;

public sealed class YearTests
{
    /// <summary>
    /// The venue cuts after 24 h; we rotate at 23 h. In between it breaks and stalls by chance, most of the time it is quiet, and for a
    /// quarter of an hour each week it is busy.
    /// </summary>
    [Fact]
    public async Task AYear_EndsAsItBegan()
    {
        using var world = new SlotWorld(keepAlive: new KeepAlive("ping"u8.ToArray(), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10)));
        var random = new Random(7);
        var (breaks, stalls, cuts, rotations) = (0, 0, 0, 0);
        world.Flow(60, 10);
        var timers = world.Time.PendingTimers;
        for (var day = 0; day < 365; day++)
        {
            for (var hour = 0; hour < 24; hour++)
            {
                world.Flow(3600, 600);
                if (random.Next(48) == 0)
                {
                    breaks++;
                    world.OpenSockets.Single().Break();
                    world.Advance(1);
                }
            }

            if (day % 7 == 6)
            {
                stalls++;
                world.Flow(640, 0.4);
                world.Mute(world.OpenSockets.Single());
                world.Flow(6, 0.4);
                world.Flow(5, 1);
            }

            if (day % 10 == 9)
            {
                cuts++;
                world.OpenSockets.Single().CloseByVenue(1001, "24 h");
                world.Advance(1);
            }
            else
            {
                rotations++;
                var rotation = world.Slot.RotateAsync(RotationCause.Age);
                world.Flow(20, 1);
                Assert.True(rotation.IsCompleted);
                Assert.True((await rotation).IsDone);
            }

            Assert.Single(world.OpenSockets);
            world.Data.Clear();
        }

        world.Flow(60, 10);
        Assert.Equal(1 + breaks + stalls + cuts + rotations, world.Attempts);
        Assert.Equal(breaks + stalls + cuts + rotations, world.Slot.Statistics.Reconnections);
        Assert.Equal((52, 36, 329), (stalls, cuts, rotations));
        Assert.InRange(breaks, 100, 300);
        Assert.Equal(stalls, world.Counter("pipeline.feed.recoveries", "stall"));
        Assert.Equal(breaks + cuts, world.Counter("pipeline.feed.recoveries", "network"));
        Assert.Equal(stalls, world.Told<ConnectionSuspected>().Count);
        Assert.Equal(timers, world.Time.PendingTimers);
        Assert.Equal(0, world.Counter("pipeline.feed.observer_errors"));
        Assert.Equal(1, world.Slot.LegsAlive);
    }
}
