using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Pooling;

namespace Pipeline.Tests.Feeds.Pooling;

/// <summary>A connection that is open and mute; F-numbers are those of the list of faults.</summary>
public sealed class StallTests
{
    private static readonly KeepAlive Ping = new("ping"u8.ToArray(), TimeSpan.FromSeconds(18), TimeSpan.FromSeconds(10));

    [Fact]
    public void ABusyConnection_IsSuspectedAfterExactlyTwoSeconds_AndReplacedWithTheTwinsFirstData()
    {
        using var world = Busy();
        var last = world.Time.Elapsed;
        world.Mute(world.Transport.Sockets[0]);

        world.Advance(1.999);
        Assert.Equal(1, world.Attempts);
        world.Advance(0.001);
        Assert.Equal(2, world.Attempts);
        Assert.Equal(last + TimeSpan.FromSeconds(2), world.TimeOf<ConnectionSuspected>());
        Assert.False(world.Slot.IsHealthy);
        world.Advance(0.3);
        world.Send();

        Assert.Equal(last + TimeSpan.FromSeconds(2.3), world.TimeOf<ConnectionRecovered>());
        var recovered = Assert.Single(world.Told<ConnectionRecovered>());
        Assert.Equal(ReconnectionReason.Stalled, recovered.Reason);
        Assert.Equal(TimeSpan.FromSeconds(2.3), recovered.Outage);
        Assert.Equal(DisconnectionReason.Stalled, Assert.Single(world.Told<ConnectionLost>()).Info.Reason);
        Assert.Equal([false, true], world.Transport.Sockets.Select(socket => socket.IsOpen));
        Assert.True(world.Slot.IsHealthy);
        Assert.Equal(1, world.Slot.Statistics.Reconnections);
        Assert.Equal(1, world.Counter("pipeline.feed.connects", "stall"));
        Assert.Equal(0, world.Counter("pipeline.feed.connects", "network"));
        Assert.Equal(1, world.Counter("pipeline.feed.recoveries", "stall"));
        Assert.Equal(1, world.Counter("pipeline.feed.replacements", "stalled"));
    }

    [Fact]
    public void TheTwinsFirstFrame_BeginsANewSeries()
    {
        using var world = Busy();
        world.Mute(world.Transport.Sockets[0]);
        world.Advance(2.3);
        world.Send();
        world.Send();

        var series = world.Data[0].Origin.Series;
        Assert.All(world.Data.Where(one => one.Origin.Socket == world.Data[0].Origin.Socket), one => Assert.Equal(series, one.Origin.Series));
        var after = world.Data.Where(one => one.Origin.Socket != world.Data[0].Origin.Socket).ToList();
        Assert.Equal(2, after.Count);
        Assert.All(after, one => Assert.True(one.Origin.Series > series));
        Assert.Single(after.Select(one => one.Origin.Series).Distinct());
    }

    [Fact]
    public void F07_ABlackHole_IsFoundInTwoSeconds_AndTheOldSocketGoesByForce()
    {
        using var world = Busy(Ping);
        var last = world.Time.Elapsed;
        world.Transport.Sockets[0].Vanish();
        world.Flow(2.3);

        Assert.Equal(last + TimeSpan.FromSeconds(2), world.TimeOf<ConnectionSuspected>());
        Assert.Equal(last + TimeSpan.FromSeconds(2.1), world.TimeOf<ConnectionRecovered>());
        Assert.Equal(2, world.Attempts);
        Assert.False(world.Transport.Sockets[0].IsAborted);
        world.Flow(2);
        Assert.True(world.Transport.Sockets[0].IsAborted);

        world.Flow(60);
        Assert.Equal(2, world.Attempts);
    }

    [Fact]
    public void F40_MuteDataUnderPings_IsFoundInTwoSeconds()
    {
        // The server's pings are no frames; the venue's pongs are, and say nothing of data.
        using var world = Busy(Ping with { Interval = TimeSpan.FromSeconds(1), Always = true });
        var last = world.Time.Elapsed;
        world.Mute(world.Transport.Sockets[0]);
        world.Flow(2.5);

        Assert.Equal(last + TimeSpan.FromSeconds(2), world.TimeOf<ConnectionSuspected>());
        Assert.Equal(last + TimeSpan.FromSeconds(2.1), world.TimeOf<ConnectionRecovered>());
        Assert.Equal(2, world.Attempts);
    }

    [Fact]
    public void F12_NoPongWhileDataFlows_IsNoFault_AndAMuteQuietOneGoesByItsPong()
    {
        using var busy = Busy(Ping with { Always = true });
        busy.Pongs = false;
        busy.Flow(120);
        Assert.Equal(1, busy.Attempts);
        Assert.Empty(busy.Told<ConnectionSuspected>());

        using var quiet = new SlotWorld(keepAlive: Ping);
        quiet.Flow(600, 60);
        quiet.Transport.Sockets[0].Vanish();
        var last = quiet.Time.Elapsed;
        quiet.Advance(60);

        // 18 s of silence, 10 s for the answer, 2 s for the close.

        Assert.Equal(last + TimeSpan.FromSeconds(30), quiet.TimeOf<ConnectionOpened>());
        Assert.Equal(2, quiet.Attempts);
        Assert.Equal(DisconnectionReason.Silent, quiet.Told<ConnectionLost>()[0].Info.Reason);
    }

    [Fact]
    public void F22_NoAckAfterAReconnect_IsFoundTwoSecondsAfterTheOpening()
    {
        using var world = Busy();
        world.Acks = socket => socket != world.Transport.Sockets[1];
        world.Transport.Sockets[0].Break();
        world.Advance(0);
        var opened = world.Time.Elapsed;
        Assert.Equal(2, world.Attempts);

        world.Flow(2);
        Assert.Equal(opened + TimeSpan.FromSeconds(2), world.TimeOf<ConnectionSuspected>());
        Assert.Equal(3, world.Attempts);
        world.Flow(0.3);

        Assert.Equal(opened + TimeSpan.FromSeconds(2.1), world.TimeOf<ConnectionRecovered>());
        world.Flow(60);
        Assert.Equal(3, world.Attempts);
    }

    [Fact]
    public void F20_AckWithoutData_IsFoundTwoSecondsAfterTheAck()
    {
        using var world = Busy();
        world.IsMute = true;
        world.Transport.Sockets[0].Break();
        world.Advance(0);
        world.IsMute = false;
        var opened = world.Time.Elapsed;
        world.Flow(2.5);

        // The requests of a tenth of a second are collected; the ack came with them.
        Assert.Equal(opened + TimeSpan.FromSeconds(2.1), world.TimeOf<ConnectionSuspected>());
        Assert.Equal(opened + TimeSpan.FromSeconds(2.2), world.TimeOf<ConnectionRecovered>());
        Assert.Equal(3, world.Attempts);
    }

    [Fact]
    public void ALossOfTheNetwork_IsCountedApart()
    {
        using var world = Busy();
        world.Transport.Sockets[0].Break();
        world.Flow(1);

        var recovered = Assert.Single(world.Told<ConnectionRecovered>());
        Assert.Equal(ReconnectionReason.Lost, recovered.Reason);
        Assert.Equal(TimeSpan.FromSeconds(0.1), recovered.Outage);
        Assert.Equal(1, world.Counter("pipeline.feed.connects", "network"));
        Assert.Equal(0, world.Counter("pipeline.feed.connects", "stall"));
    }

    [Fact]
    public void APairThatTradesOnceAnHour_IsNeverDisturbed()
    {
        using var world = new SlotWorld();
        world.Advance(1);
        for (var i = 0; i < 24; i++)
        {
            world.Advance(3600);
            world.Send();
        }

        Assert.Equal(1, world.Attempts);
        Assert.Empty(world.Told<ConnectionSuspected>());
        Assert.Equal(24, world.Data.Count);
    }

    [Theory]
    [InlineData("watch, told, break")]
    [InlineData("told, watch, break")]
    [InlineData("break, told, watch")]
    [InlineData("told, break, watch")]
    public void ThreeDetectorsTogether_MakeOneReconnect(string order)
    {
        using var world = Busy();
        var old = world.Transport.Sockets[0];
        old.Vanish();
        var watch = order.Split(", ").TakeWhile(one => one != "watch").Count();
        world.Advance(2 - (0.04 * watch));
        foreach (var detector in order.Split(", "))
        {
            if (detector == "told")
            {
                world.Slot.Suspect("a stream is behind");
            }
            else if (detector == "break")
            {
                old.Break();
            }

            world.Advance(0.04);
        }

        world.Flow(30);

        Assert.Equal(2, world.Attempts);
        Assert.Single(world.OpenSockets);
        Assert.Equal(1, world.Slot.Statistics.Reconnections);
    }

    [Fact]
    public void KeepAliveAndWatchTogether_MakeOneReconnect()
    {
        using var world = Busy(new KeepAlive("ping"u8.ToArray(), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.05)));
        world.Transport.Sockets[0].Vanish();
        world.Advance(2.06);
        Assert.Equal(2, world.Attempts);

        // Dropped by force, since nothing answers the close.
        world.Flow(30);
        Assert.Equal(2, world.Attempts);
        Assert.Equal(DisconnectionReason.Silent, world.Told<ConnectionLost>()[0].Info.Reason);
    }

    [Fact]
    public void AVenueThatIsSilent_IsLookedAfterEveryThirtySeconds_AndNothingIsReconnected()
    {
        using var world = Busy();
        var from = world.Time.Elapsed;
        for (var i = 0; i < 3600; i++)
        {
            world.Advance(1);
        }

        // At 2 s, and each 30 s after that, within the hour: 1 + floor(3598 / 30).
        var probes = world.Transport.Attempts.Skip(1).ToList();
        Assert.Equal(120, probes.Count);
        Assert.All(probes.Select((at, i) => at - from - TimeSpan.FromSeconds(2 + (30 * i))), drift => Assert.Equal(TimeSpan.Zero, drift));
        Assert.Equal(0, world.Slot.Statistics.Reconnections);
        Assert.True(world.Transport.Sockets[0].IsOpen);
        Assert.Single(world.OpenSockets);
        Assert.Single(world.Told<ConnectionSuspected>());
        Assert.Equal(TwinDecision.VenueSilent, Assert.Single(world.Told<ConnectionCleared>()).Reason);
        Assert.True(world.Slot.IsHealthy);

        world.Flow(120);

        Assert.Equal(121, world.Attempts);
        Assert.Equal(TwinDecision.DataResumed, world.Told<ConnectionCleared>()[^1].Reason);
        Assert.Single(world.Data.Select(one => one.Origin.Series).Distinct());
    }

    [Fact]
    public void DataThatResumesBeforeTheTwinHasAny_ClosesTheTwin()
    {
        using var world = Busy();
        world.Advance(2.05);
        Assert.Equal(2, world.OpenSockets.Count);
        world.Send();

        Assert.True(world.Transport.Sockets[0].IsOpen);
        Assert.False(world.Transport.Sockets[1].IsOpen);
        Assert.Equal(TwinDecision.DataResumed, Assert.Single(world.Told<ConnectionCleared>()).Reason);
        Assert.Equal(0, world.Slot.Statistics.Reconnections);
        Assert.Single(world.Data.Select(one => one.Origin.Series).Distinct());
        Assert.Equal(DisconnectionReason.Stopped, Assert.Single(world.Told<ConnectionLost>()).Info.Reason);
        Assert.True(world.Told<ConnectionLost>()[0].IsAside);
    }

    [Fact]
    public void Stalls_AreReplacedAtMostEveryFiveSeconds()
    {
        using var world = Busy();
        for (var i = 0; i < 6; i++)
        {
            foreach (var socket in world.OpenSockets)
            {
                world.Mute(socket);
            }

            world.Flow(3);
        }

        var apart = world.Transport.Attempts.Skip(1).Zip(world.Transport.Attempts.Skip(2), (one, next) => next - one).ToList();
        Assert.Equal([5, 5], apart.Select(gap => gap.TotalSeconds));
    }

    [Fact]
    public void ToldOfALegThatIsAlive_TheReplacementIsMadeBeforeTheBreak()
    {
        using var world = new SlotWorld(streams: 2);
        world.Flow(20);
        world.Slot.Suspect("s1 is behind");
        world.Flow(0.1, 0.05);
        Assert.Equal(2, world.OpenSockets.Count);
        world.Flow(1);

        Assert.Single(world.OpenSockets);
        Assert.Equal(1, world.Slot.Statistics.Reconnections);
        var ids = world.Data.Where(one => one.Stream == "s0" && one.Id > 2).Select(one => one.Id).Distinct();
        Assert.Equal(Enumerable.Range(3, (int)world.LastId - 2).Select(i => (long)i), ids);
        Assert.Equal(2, world.Data.Select(one => one.Origin.Series).Distinct().Count());
        world.Slot.Suspect("s1 is behind");
        world.Flow(1);
        Assert.Equal(2, world.Attempts);
    }

    [Fact]
    public void ToldOfAQuietLeg_TheAcknowledgedReplacementTakesOverInTime()
    {
        using var world = new SlotWorld();
        world.Flow(1200, 120);
        world.Slot.Suspect("s0 is behind");
        world.Advance(15.2);

        Assert.False(world.Transport.Sockets[0].IsOpen);
        Assert.Equal(2, world.Attempts);
        world.Send();
        Assert.Equal(ReconnectionReason.Stalled, Assert.Single(world.Told<ConnectionRecovered>()).Reason);
        Assert.Equal(2, world.Data.Select(one => one.Origin.Series).Distinct().Count());
    }

    [Fact]
    public void AReplacementThatCannotConnect_TriesOn_UntilItCan()
    {
        using var world = Busy();
        world.Transport.ThenFail(DisconnectionReason.Refused, times: 3);
        world.Mute(world.Transport.Sockets[0]);
        world.Flow(20);

        Assert.Equal(5, world.Attempts);
        Assert.Equal(DisconnectionReason.Refused, world.Told<ConnectionLost>()[0].Info.Reason);
        Assert.True(world.Told<ConnectionLost>()[0].IsAside);
        Assert.Single(world.Told<ConnectionRecovered>());
        Assert.Equal(world.LastId, world.Data[^1].Id);
    }

    private static SlotWorld Busy(KeepAlive? keepAlive = null)
    {
        var world = new SlotWorld(keepAlive: keepAlive);
        world.Flow(20);
        Assert.Equal(1, world.Attempts);
        return world;
    }
}
