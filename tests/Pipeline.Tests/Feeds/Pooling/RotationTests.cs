using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Pooling;

namespace Pipeline.Tests.Feeds.Pooling;

public sealed class RotationTests
{
    [Fact]
    public async Task AHundredRotations_LoseNothing_AndNeverLeaveTheConnectionWithoutASocket()
    {
        using var world = new SlotWorld(streams: 3);
        world.Flow(2);
        var least = int.MaxValue;
        var most = 0;
        for (var i = 0; i < 100; i++)
        {
            var rotation = world.Slot.RotateAsync(RotationCause.Requested);
            for (var step = 0; step < 20 || !rotation.IsCompleted; step++)
            {
                Assert.True(step < 1000);
                world.Flow(0.01, 0.01);
                least = Math.Min(least, world.OpenSockets.Count(world.IsSubscribed));
                most = Math.Max(most, world.OpenSockets.Count);
            }

            var outcome = await rotation;
            Assert.Equal(("test-1", true, null, 0), (outcome.Connection, outcome.IsDone, outcome.Reason, outcome.Unproven));
            Assert.True(outcome.Took < TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, least);
        Assert.Equal(2, most);
        Assert.Equal(101, world.Attempts);
        Assert.Single(world.OpenSockets);
        Assert.Single(world.Data.Select(one => one.Origin.Series).Distinct());
        var first = world.Data[0].Id;
        foreach (var stream in world.Streams)
        {
            var ids = world.Data.Where(one => one.Stream == stream).Select(one => one.Id).ToHashSet();
            Assert.Equal(world.LastId - first + 1, ids.Count);
        }

        Assert.Equal(100, world.Told<ConnectionRotated>().Count);
        Assert.Empty(world.Told<ConnectionRecovered>());
        Assert.Equal(100, world.Slot.Statistics.Reconnections);
        Assert.Equal(100, world.Counter("pipeline.feed.connects", "rotation"));
        Assert.Equal(100, world.Counter("pipeline.feed.disconnects", "rotated"));
        Assert.Equal(100, world.Counter("pipeline.feed.replacements", "rotated"));
    }

    [Fact]
    public async Task QuietStreams_EndByTheirTime_AndAreCounted()
    {
        using var world = new SlotWorld(streams: 5);
        world.Flow(5);
        var rotation = world.Slot.RotateAsync(RotationCause.Age);
        world.Flow(15, 0.1, only: "s0");
        Assert.False(rotation.IsCompleted);
        Assert.Equal(2, world.OpenSockets.Count);
        world.Flow(0.2, 0.1, only: "s0");

        var outcome = await rotation;
        Assert.True(outcome.IsDone);
        Assert.Equal(4, outcome.Unproven);
        Assert.Equal(TimeSpan.FromSeconds(15.1), outcome.Took);
        Assert.Equal(RotationCause.Age, Assert.Single(world.Told<ConnectionRotated>()).Cause);
    }

    [Fact]
    public async Task ATwinThatIsRefused_LeavesTheOldSocketInPlace()
    {
        using var world = new SlotWorld();
        world.Flow(5);
        world.Transport.ThenFail(DisconnectionReason.Refused, times: 1000);
        var rotation = world.Slot.RotateAsync(RotationCause.Age);
        world.Flow(59.9);
        Assert.False(rotation.IsCompleted);
        world.Flow(0.2);

        var outcome = await rotation;
        Assert.False(outcome.IsDone);
        Assert.Equal("1 streams not subscribed within 60 s", outcome.Reason);
        Assert.Equal(TimeSpan.FromSeconds(60), outcome.Took);

        // At once, then after 1, 2, 4, 8, 16 s and so on, give or take: six or seven within the minute.
        var attempts = world.Attempts;
        Assert.InRange(attempts, 7, 8);
        world.Flow(600);
        Assert.Equal(attempts, world.Attempts);
        Assert.Equal(world.LastId, world.Data[^1].Id);
        Assert.Single(world.OpenSockets);
        Assert.Equal(0, world.Slot.Statistics.Reconnections);
        Assert.Equal(1, world.Counter("pipeline.feed.replacements", "kept"));
    }

    [Fact]
    public void AnnouncedRotationThatFails_IsTriedAgainSoon_AsLongAsTheOldSocketLives()
    {
        using var world = new SlotWorld(options: new WebSocketOptions { ReplacementTimeout = TimeSpan.FromSeconds(5) });
        world.Flow(5);
        var began = world.Time.Elapsed;
        world.Acks = _ => false;
        _ = world.Slot.RotateAsync(RotationCause.Announced);
        world.Flow(30);

        // Five seconds each, and 1, 2, 4 s between them.
        Assert.Equal([5, 11, 18, 27], Failures());
        world.Acks = _ => true;
        world.Flow(10);
        Assert.True(world.Told<ConnectionRotated>()[^1].Outcome.IsDone);
        Assert.Equal(RotationCause.Announced, world.Told<ConnectionRotated>()[^1].Cause);
        Assert.Equal([5, 11, 18, 27], Failures());
        Assert.Single(world.Data.Select(one => one.Origin.Series).Distinct());
        var attempts = world.Attempts;
        world.Flow(60);
        Assert.Equal(attempts, world.Attempts);

        double[] Failures() =>
            [.. world.Events.Where(one => one.Event is ConnectionRotated { Outcome.IsDone: false }).Select(one => Math.Floor((one.Time - began).TotalSeconds))];
    }

    [Fact]
    public void AnnouncedRotationThatFails_IsNotTriedAgain_OnceTheOldSocketIsGoneOrTheNoticeOld()
    {
        using var world = new SlotWorld(options: new WebSocketOptions { ReplacementTimeout = TimeSpan.FromSeconds(5) });
        world.Flow(5);
        world.Acks = _ => false;
        _ = world.Slot.RotateAsync(RotationCause.Announced);
        world.Flow(5.5);
        world.Acks = _ => true;
        world.OpenSockets[0].Break();
        world.Flow(60);
        Assert.Equal(3, world.Attempts);
        Assert.Single(world.OpenSockets);

        world.Acks = _ => false;
        _ = world.Slot.RotateAsync(RotationCause.Announced);
        world.Flow(630, 1);
        var attempts = world.Attempts;
        Assert.InRange(attempts, 15, 30);
        world.Flow(600, 1);
        Assert.Equal(attempts, world.Attempts);
        Assert.Single(world.OpenSockets);
    }

    [Fact]
    public async Task ATwinThatIsMute_LeavesTheOldSocketInPlace()
    {
        using var world = new SlotWorld();
        world.Flow(5);
        world.IsMute = true;
        var rotation = world.Slot.RotateAsync(RotationCause.Announced);
        world.Flow(60.1);

        Assert.Equal(TwinDecision.TwinMute, (await rotation).Reason);
        Assert.True(world.Transport.Sockets[0].IsOpen);
        Assert.Single(world.OpenSockets);
    }

    [Fact]
    public async Task AnOldSocketThatDies_IsFollowedByTheTwinAtOnce_WithABreak()
    {
        using var world = new SlotWorld();
        world.Flow(5);
        var rotation = world.Slot.RotateAsync(RotationCause.Requested);
        world.Advance(0.05);
        world.Transport.Sockets[0].Break();
        world.Flow(30);

        var outcome = await rotation;
        Assert.True(outcome.IsDone);
        Assert.Equal(1, outcome.Unproven);
        Assert.Equal(2, world.Attempts);
        Assert.Equal(2, world.Data.Select(one => one.Origin.Series).Distinct().Count());
        var recovered = Assert.Single(world.Told<ConnectionRecovered>());
        Assert.Equal(ReconnectionReason.Lost, recovered.Reason);
        Assert.Equal(1, world.Counter("pipeline.feed.replacements", "lost"));
    }

    [Fact]
    public async Task AnOldSocketThatDiesBeforeTheTwinIsOpen_LeavesTheTwinToTryOn()
    {
        using var world = new SlotWorld();
        world.Flow(5);
        world.Transport.ThenFail(DisconnectionReason.Refused, times: 2);
        var rotation = world.Slot.RotateAsync(RotationCause.Requested);
        world.Advance(0.05);
        world.Transport.Sockets[0].Break();
        Assert.True((await rotation).IsDone);
        world.Flow(30);

        Assert.Equal(4, world.Attempts);
        Assert.Single(world.OpenSockets);
        Assert.Equal(world.LastId, world.Data[^1].Id);
        Assert.Equal(2, world.Data.Select(one => one.Origin.Series).Distinct().Count());
        Assert.Equal(ReconnectionReason.Lost, Assert.Single(world.Told<ConnectionRecovered>()).Reason);
    }

    [Fact]
    public async Task AnOldSocketThatFallsSilentMeanwhile_IsLeftWithTheTwinsData()
    {
        using var world = new SlotWorld(streams: 2);
        world.Flow(20);
        world.Mute(world.Transport.Sockets[0]);
        var rotation = world.Slot.RotateAsync(RotationCause.Age);

        // What comes before the twin is subscribed is lost, so that its streams do not meet those of the leg.
        world.Send();
        world.Flow(2);

        Assert.True((await rotation).IsDone);
        Assert.Equal(2, world.Attempts);
        Assert.Equal(DisconnectionReason.Stalled, Assert.Single(world.Told<ConnectionLost>()).Info.Reason);
        Assert.Equal(2, world.Data.Select(one => one.Origin.Series).Distinct().Count());
    }

    [Fact]
    public async Task WishesMadeMeanwhile_AreForTheTwinToo()
    {
        using var world = new SlotWorld(streams: 2);
        world.Flow(5);
        var rotation = world.Slot.RotateAsync(RotationCause.Requested);
        world.Slot.Subscribe(["added"]);
        world.Slot.Unsubscribe(["s1"]);
        world.Flow(3);

        Assert.True((await rotation).IsDone);
        Assert.Equal(["added", "s0"], world.Slot.States.Keys.Order());
        Assert.All(world.Slot.States.Values, state => Assert.Equal(StreamState.Confirmed, state));
        Assert.Equal(2, world.Slot.Count);
        Assert.Equal((2, 2, true), (world.Slot.Statistics.Streams, world.Slot.Statistics.Confirmed, world.Slot.Statistics.IsReady));
        Assert.Equal(["added", "s0"], world.Data.Where(one => one.Id == world.LastId).Select(one => one.Stream).Order());
    }

    [Fact]
    public async Task AConnectionWithoutStreams_KeepsASocketOpenToo()
    {
        using var world = new SlotWorld(streams: 0);
        world.Advance(1);
        world.Transport.ThenFail(DisconnectionReason.Refused, times: 2);
        var rotation = world.Slot.RotateAsync(RotationCause.Age);
        for (var i = 0; i < 100; i++)
        {
            world.Advance(0.1);
            Assert.Single(world.OpenSockets);
        }

        Assert.True((await rotation).IsDone);
    }

    [Fact]
    public async Task ATwinThatLosesItsOwnSocket_BeginsAgain()
    {
        using var world = new SlotWorld(streams: 2);
        world.Flow(5);
        var rotation = world.Slot.RotateAsync(RotationCause.Age);
        world.Flow(3, 0.1, only: "s0");
        world.Transport.Sockets[1].Break();
        world.Flow(3);

        var outcome = await rotation;
        Assert.True(outcome.IsDone);
        Assert.Equal(0, outcome.Unproven);
        Assert.Equal(3, world.Attempts);
        Assert.Equal([false, false, true], world.Transport.Sockets.Select(socket => socket.IsOpen));
        Assert.Single(world.Data.Select(one => one.Origin.Series).Distinct());
    }

    [Fact]
    public async Task ARotationWhileOneRuns_JoinsIt()
    {
        using var world = new SlotWorld();
        world.Flow(5);
        var first = world.Slot.RotateAsync(RotationCause.Age);
        var second = world.Slot.RotateAsync(RotationCause.Announced);
        world.Flow(2);

        Assert.Equal(await first, await second);
        Assert.Equal(2, world.Attempts);
    }

    [Fact]
    public async Task AConnectionThatIsDown_HasNothingToRotate()
    {
        using var world = new SlotWorld();
        world.Transport.ThenHang();
        world.Transport.Sockets[0].Break();

        Assert.Equal("the connection is not open", (await world.Slot.RotateAsync(RotationCause.Requested)).Reason);
    }

    [Fact]
    public async Task AHundredAnnouncements_RotateTwentyConnectionsAtOnce()
    {
        using var world = new SlotWorld(slots: 20);
        world.Flow(1);
        for (var i = 0; i < 100; i++)
        {
            var rotations = world.Slots.Select(slot => slot.RotateAsync(RotationCause.Announced)).ToList();
            Assert.Equal(40, world.OpenSockets.Count);
            world.Flow(1);

            Assert.All(await Task.WhenAll(rotations), outcome => Assert.True(outcome.IsDone, outcome.Reason));
            Assert.Equal(20, world.OpenSockets.Count);
        }

        Assert.Equal(20 * 101, world.Attempts);
        Assert.Equal(20, world.Data.Select(one => one.Origin.Series).Distinct().Count());
        var first = world.Data[0].Id;
        Assert.All(
            world.Data.GroupBy(one => one.Leg), slot => Assert.Equal(world.LastId - first + 1, slot.Select(one => one.Id).Distinct().Count()));
    }

    [Fact]
    public async Task WhatIsAskedOfProgress_IsBoundedByTheClock()
    {
        using var world = new SlotWorld(streams: 2);
        world.Flow(5);
        var rotation = world.Slot.RotateAsync(RotationCause.Age);
        var sent = 0;
        while (!rotation.IsCompleted && sent < 20_000)
        {
            // A thousand frames a second, of one stream only: the other one is asked about until its time is over.
            world.Flow(0.001, 0.001, only: "s0");
            sent++;
        }

        Assert.True((await rotation).IsDone);
        Assert.InRange(sent, 15_000, 15_200);
        Assert.InRange(world.Progress.Questions, 700, 800);
    }

    [Fact]
    public async Task AConnectionThatIsDisposedOf_LeavesNobodyWaiting()
    {
        using var world = new SlotWorld();
        world.Flow(5);
        var rotation = world.Slot.RotateAsync(RotationCause.Age);
        world.Advance(0.05);
        await world.Slot.DisposeAsync();

        Assert.Equal("stopped", (await rotation).Reason);
        Assert.Empty(world.OpenSockets);
        Assert.True(world.IsCompleted);
        world.Advance(120);
        Assert.Equal(0, world.Time.PendingTimers);
        Assert.Equal(2, world.Attempts);
    }
}
