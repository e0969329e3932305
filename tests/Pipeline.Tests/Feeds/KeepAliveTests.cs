using Pipeline.Core.Feeds;

namespace Pipeline.Tests.Feeds;

public sealed class KeepAliveTests
{
    private static readonly KeepAlive Quiet = new("ping"u8.ToArray(), TimeSpan.FromSeconds(18), TimeSpan.FromSeconds(10));

    [Fact]
    public void Silence_IsAskedAbout_AndAnAnswerKeepsTheSocket()
    {
        using var world = Connected(Quiet);
        world.Advance(10);
        world.Socket.Deliver("data");
        world.Advance(17.9);
        Assert.Empty(world.Socket.Sent);

        world.Advance(0.2);
        Assert.Equal(["ping"], Sent(world));
        world.Socket.Deliver("pong");
        world.Advance(18.1);

        Assert.Equal(["ping", "ping"], Sent(world));
        Assert.Single(world.Transport.Sockets);
    }

    [Fact]
    public void Data_MakesThePingUnnecessary()
    {
        using var world = Connected(Quiet);
        for (var i = 0; i < 20; i++)
        {
            world.Advance(10);
            world.Socket.Deliver("data");
        }

        Assert.Empty(world.Socket.Sent);
    }

    [Fact]
    public void NoAnswer_EndsTheSocketOnce_AndANewOneIsOpened()
    {
        using var world = Connected(Quiet);

        world.Advance(28.1);

        Assert.Equal(DisconnectionReason.Silent, Assert.Single(world.Disconnections).Reason);
        Assert.Equal(1, world.Counter("pipeline.feed.disconnects", "silent"));
        world.Advance(1);
        Assert.Equal(2, world.Transport.Sockets.Count);
    }

    [Fact]
    public void SilenceOfOurOwnMaking_EndsNothing_AndThePingIsStillSent()
    {
        using var world = Connected(Quiet);
        var room = new TaskCompletionSource();
        using (world.Connection.MessageReceived.Subscribe(batch => batch.HoldUntil(room.Task)))
        {
            world.Socket.Deliver("data");
        }

        world.Socket.Deliver("pong");
        world.Advance(120);
        Assert.NotEmpty(world.Socket.Sent);
        Assert.Empty(world.Disconnections);
        room.SetResult();
        world.Advance(1);

        Assert.Empty(world.Disconnections);
    }

    [Fact]
    public void Always_PingsWhileDataFlows()
    {
        using var world = Connected(Quiet with { Interval = TimeSpan.FromSeconds(20), Always = true });
        for (var i = 0; i < 61; i++)
        {
            world.Advance(1);
            world.Socket.Deliver("data");
        }

        Assert.Equal(3, world.Socket.Sent.Count);
        Assert.Empty(world.Disconnections);
    }

    [Fact]
    public void Dispose_LeavesNoTimer()
    {
        using var world = Connected(Quiet);
        world.Advance(20);
        world.Socket.AnswersClose = true;
        world.Socket.CloseByVenue();
        world.Transport.ThenHang();

        _ = world.Connection.DisposeAsync().AsTask();
        world.Advance(30);

        Assert.Equal(0, world.Time.PendingTimers);
    }

    private static ConnectionWorld Connected(KeepAlive keepAlive)
    {
        var world = new ConnectionWorld(keepAlive: keepAlive);
        world.Connection.Start();
        return world;
    }

    private static IEnumerable<string> Sent(ConnectionWorld world) => world.Socket.Sent.Select(sent => sent.Text);
}
