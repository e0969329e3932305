using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Pooling;
using Pipeline.TestKit.Feeds;

namespace Pipeline.Tests.Feeds.Pooling;

public sealed class LegsTests
{
    [Fact]
    public void TwoLegs_CarryTheSameStreams_UnderTheirOwnNames()
    {
        using var world = new SlotWorld(streams: 2, legs: 2);
        world.Flow(1);

        Assert.Equal("test-1", world.Slot.Name);
        Assert.Equal(["test-1a", "test-1b"], world.Data.Select(one => one.Leg).Distinct().Order());
        Assert.All(world.Data.Where(one => one.Id == world.LastId), one => Assert.Equal(2, one.Origin.Legs));
        Assert.Single(world.Data.Select(one => one.Origin.Series).Distinct());
        Assert.Equal((2, 2, true, 0), (
            world.Slot.Statistics.Streams, world.Slot.Statistics.Confirmed, world.Slot.Statistics.IsReady, world.Slot.Statistics.Reconnections));
        Assert.Equal(["test-1a", "test-1b"], world.Told<ConnectionOpened>().Select(opened => opened.Leg!));
        Assert.All(world.Events, one => Assert.Equal("test-1", one.Event.Connection));
    }

    [Fact]
    public void OneLegCutEveryTenSeconds_BreaksNothing()
    {
        using var world = new SlotWorld(streams: 2, legs: 2);
        world.Flow(2);
        for (var i = 0; i < 60; i++)
        {
            world.OpenSockets[i % 2].Break();
            world.Flow(10);
            Assert.Equal(2, world.OpenSockets.Count);
        }

        Assert.Equal(62, world.Attempts);
        Assert.Single(world.Data.Select(one => one.Origin.Series).Distinct());
        var first = world.Data[0].Id;
        foreach (var stream in world.Streams)
        {
            var ids = world.Data.Where(one => one.Stream == stream).Select(one => one.Id).ToHashSet();
            Assert.Equal(world.LastId - first + 1, ids.Count);
        }
    }

    [Fact]
    public void BothLegsCut_IsABreak()
    {
        using var world = new SlotWorld(legs: 2);
        world.Flow(5);
        foreach (var socket in world.OpenSockets)
        {
            socket.Break();
        }

        world.Flow(5);

        Assert.Equal(2, world.Data.Select(one => one.Origin.Series).Distinct().Count());
    }

    [Fact]
    public void ALegCutWhileTheOtherIsNotSubscribed_IsABreak()
    {
        using var world = new SlotWorld(legs: 2);
        world.Flow(5);
        world.Transport.Sockets[0].Break();
        world.Advance(0.05);
        Assert.Equal(2, world.OpenSockets.Count);
        world.Transport.Sockets[1].Break();
        world.Flow(5);

        Assert.Equal(2, world.Data.Select(one => one.Origin.Series).Distinct().Count());
    }

    [Fact]
    public void AStallOfOneLeg_IsRepaired_AndBreaksNothing()
    {
        using var world = new SlotWorld(legs: 2);
        world.Flow(20);
        var last = world.Time.Elapsed;
        world.Mute(world.Transport.Sockets[1]);
        world.Flow(5);

        Assert.Equal(last + TimeSpan.FromSeconds(2), world.TimeOf<ConnectionSuspected>());
        Assert.Equal("test-1b", Assert.Single(world.Told<ConnectionSuspected>()).Leg);
        Assert.Equal(3, world.Attempts);
        Assert.Equal([true, false, true], world.Transport.Sockets.Select(socket => socket.IsOpen));
        Assert.Single(world.Data.Select(one => one.Origin.Series).Distinct());
    }

    [Theory]
    [InlineData(RotationCause.Requested, 3)]
    [InlineData(RotationCause.Announced, 4)]
    public async Task Rotation_ReplacesBoth_OneAfterTheOtherUnlessTheVenueHurries(RotationCause cause, int sockets)
    {
        using var world = new SlotWorld(legs: 2);
        world.Flow(5);
        var rotation = world.Slot.RotateAsync(cause);
        Assert.Equal(sockets, world.OpenSockets.Count);
        world.Flow(5);

        var outcome = await rotation;
        Assert.Equal(("test-1", true, 0), (outcome.Connection, outcome.IsDone, outcome.Unproven));
        Assert.Equal(4, world.Attempts);
        Assert.Equal([false, false, true, true], world.Transport.Sockets.Select(socket => socket.IsOpen));
        Assert.Single(world.Data.Select(one => one.Origin.Series).Distinct());
    }

    [Fact]
    public async Task NoticeDuringAPlannedRotation_OpensTheOtherLegsTwinAtOnce_AndNoneTwice()
    {
        using var world = new SlotWorld(streams: 2, legs: 2);
        world.Flow(5);
        var planned = world.Slot.RotateAsync(RotationCause.Age);
        Assert.Equal(3, world.OpenSockets.Count);
        var announced = world.Slot.RotateAsync(RotationCause.Announced);
        Assert.Equal(4, world.OpenSockets.Count);
        world.Flow(5);

        Assert.True((await planned).IsDone);
        Assert.True((await announced).IsDone);
        Assert.Equal(4, world.Attempts);
        Assert.Equal([false, false, true, true], world.Transport.Sockets.Select(socket => socket.IsOpen));
        Assert.Single(world.Data.Select(one => one.Origin.Series).Distinct());
    }

    [Fact]
    public void Renew_LeavesAndAsksAgain_OnEveryLeg_AndOnlyForWhatIsWanted()
    {
        using var world = new SlotWorld(streams: 2, legs: 2);
        world.Flow(2);
        Assert.False(world.Slot.Renew("unknown"));
        Assert.True(world.Slot.Renew("s1"));
        world.Flow(2);

        Assert.All(world.Transport.Sockets, socket => Assert.Equal(
            ["SUBSCRIBE s0 s1", "UNSUBSCRIBE s1", "SUBSCRIBE s1"],
            socket.Sent.Select(sent => TestVenueAdapter.Decode(sent.Text)).Select(sent => $"{sent.Method} {string.Join(' ', sent.Streams)}")));
        Assert.Equal(2, world.Slot.Statistics.Confirmed);
    }

    [Fact]
    public void AConnection_IsGivenUp_WithItsLastLeg()
    {
        using var world = new SlotWorld(legs: 2, options: new WebSocketOptions { MaxReconnectAttempts = 0 });
        world.Flow(1);
        world.Transport.ThenFail(DisconnectionReason.Refused);
        world.Transport.Sockets[0].Break();
        world.Flow(5);
        Assert.Null(world.Error);
        Assert.Equal(world.LastId, world.Data[^1].Id);

        world.Transport.Sockets.FindLast(socket => socket.IsOpen)!.Break();
        world.Advance(5);

        Assert.IsType<ReconnectLimitException>(world.Error);
    }
}
