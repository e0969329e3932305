using Pipeline.Core.Feeds;

namespace Pipeline.Tests.Feeds.Pooling;

public sealed class PauseTests
{
    [Fact]
    public void AHoldOfTwoHundredMilliseconds_IsAPause_AndNoSilence()
    {
        var intake = new TestIntake();
        using var world = Busy(intake);
        var from = Fill(world, intake);
        world.Advance(0.199);
        Assert.Empty(world.Told<ConnectionPaused>());
        world.Advance(0.001);
        Assert.Equal(from + TimeSpan.FromSeconds(0.2), world.TimeOf<ConnectionPaused>());

        world.Advance(7.8);
        intake.Empty();
        Assert.Equal(TimeSpan.FromSeconds(8), Assert.Single(world.Told<ConnectionResumed>()).Lasted);
        world.Advance(1.8);
        world.Flow(30);

        Assert.Equal(1, world.Attempts);
        Assert.Empty(world.Told<ConnectionSuspected>());
        Assert.Equal(1, world.Counter("pipeline.feed.pauses"));

        // The pause has taught nothing: the connection counts as busy as before.
        Assert.Single(world.Data.Select(one => one.Origin.Series).Distinct());
    }

    [Fact]
    public void SilenceAfterAPause_IsCountedFromItsEnd()
    {
        var intake = new TestIntake();
        using var world = Busy(intake);
        Fill(world, intake);
        world.Advance(5);
        intake.Empty();
        var end = world.Time.Elapsed;
        world.Advance(2.5);

        Assert.Equal(end + TimeSpan.FromSeconds(2), world.TimeOf<ConnectionSuspected>());
    }

    [Fact]
    public void AHoldRightAfterAnother_IsAPauseOfItsOwn()
    {
        using var world = Busy(new TestIntake());
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        var rooms = new Queue<Task>([first.Task, second.Task]);
        world.Holder = batch =>
        {
            if (rooms.TryDequeue(out var room))
            {
                batch.HoldUntil(room);
            }
        };
        world.Send();
        world.Advance(6);
        world.Send();
        first.SetResult();

        // The next batch is held already, and the pause is over all the same.
        Assert.Empty(rooms);
        Assert.Equal(TimeSpan.FromSeconds(6), Assert.Single(world.Told<ConnectionResumed>()).Lasted);
        world.Advance(0.199);
        Assert.Single(world.Told<ConnectionPaused>());
        world.Advance(0.001);
        Assert.Equal(2, world.Told<ConnectionPaused>().Count);
        world.Advance(5.8);
        second.SetResult();
        world.Flow(3);

        Assert.Equal([6, 6], world.Told<ConnectionResumed>().Select(resumed => resumed.Lasted.TotalSeconds));
        Assert.Equal(2, world.Counter("pipeline.feed.pauses"));
        Assert.Empty(world.Told<ConnectionSuspected>());
        Assert.Equal(1, world.Attempts);
    }

    [Fact]
    public void ShortHolds_AreOrdinary_AndCostNoTimerEach()
    {
        using var world = Busy(new TestIntake());
        for (var i = 0; i < 100; i++)
        {
            var room = new TaskCompletionSource();
            world.Holder = batch => batch.HoldUntil(room.Task);
            world.Send();
            world.Advance(0.15);
            Assert.InRange(world.Time.PendingTimers, 0, 3);
            room.SetResult();
        }

        Assert.Empty(world.Told<ConnectionPaused>());
        Assert.Equal(1, world.Attempts);
    }

    [Fact]
    public void AHoldOfTenSeconds_ClosesTheSocket_AndNothingIsOpenedWhileThereIsNoRoom()
    {
        var intake = new TestIntake();
        using var world = Busy(intake);
        var from = Fill(world, intake);
        world.Advance(9.999);
        Assert.True(world.Transport.Sockets[0].IsOpen);
        Assert.False(world.Transport.Sockets[0].IsClosedByClient);
        world.Advance(0.001);
        Assert.True(world.Transport.Sockets[0].IsClosedByClient);

        // Its close is not read while it is held; it goes by force.
        world.Advance(2);
        Assert.Equal(DisconnectionReason.Overload, Assert.Single(world.Told<ConnectionLost>()).Info.Reason);
        world.Advance(180);
        Assert.Equal(1, world.Attempts);
        Assert.Empty(world.OpenSockets);
        Assert.False(world.Slot.IsHealthy);

        world.Holder = null;
        intake.Empty();
        world.Flow(5);

        Assert.Equal(2, world.Attempts);
        Assert.Equal(2, intake.Passed);
        var recovered = Assert.Single(world.Told<ConnectionRecovered>());
        Assert.Equal(ReconnectionReason.Overload, recovered.Reason);
        Assert.Equal(world.TimeOf<ConnectionRecovered>() - from, recovered.Outage);
        Assert.Equal(1, world.Counter("pipeline.feed.connects", "overload"));
        Assert.Equal(2, world.Data.Select(one => one.Origin.Series).Distinct().Count());
        Assert.Empty(world.Told<ConnectionResumed>());
        Assert.Empty(world.Told<ConnectionSuspected>());
    }

    [Fact]
    public void ATwin_WaitsForRoomToo()
    {
        var intake = new TestIntake();
        using var world = Busy(intake);
        world.Mute(world.Transport.Sockets[0]);
        intake.Fill();
        world.Advance(60);
        Assert.Single(world.Told<ConnectionSuspected>());
        Assert.Equal(1, world.Attempts);

        intake.Empty();
        world.Flow(1);

        Assert.Equal(2, world.Attempts);
        Assert.Single(world.Told<ConnectionRecovered>());
    }

    [Fact]
    public async Task WaitingForRoom_EndsWithTheConnection()
    {
        var intake = new TestIntake();
        using var world = Busy(intake);
        intake.Fill();
        world.Transport.Sockets[0].Break();
        world.Advance(5);
        Assert.Equal(1, world.Attempts);

        await world.Slot.DisposeAsync();
        intake.Empty();
        world.Advance(60);

        Assert.Equal(1, world.Attempts);
        Assert.True(world.IsCompleted);
        Assert.Equal(0, world.Time.PendingTimers);
    }

    private static SlotWorld Busy(TestIntake intake)
    {
        var world = new SlotWorld(gate: intake);
        world.Flow(20);
        return world;
    }

    /// <summary>The next batch waits for room that there is not.</summary>
    private static TimeSpan Fill(SlotWorld world, TestIntake intake)
    {
        intake.Fill();
        world.Holder = batch =>
        {
            if (!intake.HasRoom)
            {
                batch.HoldUntil(intake.Room);
            }
        };
        world.Send();
        return world.Time.Elapsed;
    }
}
