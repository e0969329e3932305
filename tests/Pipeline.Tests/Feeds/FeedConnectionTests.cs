using Pipeline.Core.Feeds;

namespace Pipeline.Tests.Feeds;

public sealed class FeedConnectionTests
{
    [Fact]
    public void Connection_NotStarted_OpensNothing()
    {
        using var world = new ConnectionWorld();

        world.Advance(10);

        Assert.Empty(world.Transport.Attempts);
        Assert.False(world.Connection.IsRunning);
    }

    [Fact]
    public void Start_OpensTheSocket_AndTellsOfTheFirstConnection()
    {
        using var world = new ConnectionWorld();

        world.Connection.Start();
        world.Connection.Start();

        Assert.Single(world.Transport.Attempts);
        Assert.True(world.Connection.IsRunning);
        Assert.Equal([new ReconnectionInfo(ReconnectionReason.Initial, TimeSpan.Zero)], world.Reconnections);
        Assert.Equal(1, world.Counter("pipeline.feed.connects", "initial"));
    }

    [Fact]
    public void Frames_OfOneBurst_ComeAsOneBatch()
    {
        using var world = new ConnectionWorld();
        world.Connection.Start();

        world.Socket.Deliver("a", "b", "c");
        world.Socket.Deliver("d");

        Assert.Equal(["a b c", "d"], world.Batches);
        Assert.Equal(4, world.Connection.Frames);
        Assert.Equal(4, world.Metrics.FramesOf("binance"));
    }

    [Fact]
    public void Batch_IsStamped_ByTheMarketClock()
    {
        using var world = new ConnectionWorld();
        var received = 0L;
        world.Connection.MessageReceived.Subscribe(batch => received = batch.ReceivedTime);
        world.Connection.Start();
        world.Market.Advance(TimeSpan.FromMicroseconds(42));

        world.Socket.Deliver("a");

        Assert.Equal((ConnectionWorld.MarketStart.ToUnixTimeMilliseconds() * 1000) + 42, received);
        Assert.Equal(received, world.Connection.LastMessageAt);
    }

    [Fact]
    public void Batches_OfEachSocket_BearItsRisingNumber()
    {
        using var world = new ConnectionWorld();
        var sockets = new List<FrameOrigin>();
        world.Connection.MessageReceived.Subscribe(batch => sockets.Add(batch.Origin));
        world.Connection.Start();
        world.Advance(60);
        world.Socket.Deliver("a");
        world.Socket.Deliver("b");
        world.Socket.CloseByVenue(1001, "going away");
        world.Advance(0);
        world.Socket.Deliver("c");

        Assert.Equal(3, sockets.Count);
        Assert.Equal(sockets[0], sockets[1]);
        Assert.InRange(sockets[0].Socket, 1, sockets[2].Socket - 1);
        Assert.InRange(sockets[0].Series, 1, sockets[2].Series - 1);
        Assert.Equal((1, 1), (sockets[0].Legs, sockets[2].Legs));
    }

    [Fact]
    public void VenueClose_IsToldWithItsCode_AndReopenedAtOnce()
    {
        using var world = new ConnectionWorld();
        world.Connection.Start();
        world.Advance(60);
        world.Socket.Deliver("a");

        world.Socket.CloseByVenue(1008, "Pong timeout");
        world.Advance(0);

        var lost = Assert.Single(world.Disconnections);
        Assert.Equal((DisconnectionReason.ClosedByVenue, 1008, "Pong timeout"), (lost.Reason, lost.CloseCode, lost.CloseText));
        Assert.Equal(TimeSpan.FromSeconds(60), lost.Lasted);
        Assert.Equal(2, world.Transport.Sockets.Count);
        Assert.True(world.Transport.Sockets[0].IsDisposed);
        Assert.Equal(1, world.Connection.Reconnections);
    }

    [Fact]
    public void BrokenConnection_IsToldAsAborted_WithFramesBeforeItDelivered()
    {
        using var world = new ConnectionWorld();
        world.Connection.Start();
        world.Socket.Enqueue("a"u8.ToArray());
        world.Socket.Enqueue("b"u8.ToArray());
        world.Socket.Break();
        world.Advance(0);

        Assert.Equal(DisconnectionReason.Aborted, Assert.Single(world.Disconnections).Reason);
        Assert.NotNull(world.Disconnections[0].Exception);
    }

    [Fact]
    public void Outage_IsMeasured_FromTheLossOverFailedAttempts()
    {
        using var world = new ConnectionWorld(new WebSocketOptions { ReconnectDelay = TimeSpan.FromSeconds(8) });
        world.Connection.Start();
        world.Socket.Deliver("a");
        world.Advance(10);
        world.Transport.ThenFail(DisconnectionReason.Refused);

        world.Socket.Break();
        world.Advance(20);

        Assert.Equal([DisconnectionReason.Aborted, DisconnectionReason.Refused], world.Disconnections.Select(end => end.Reason));
        var outage = world.Reconnections[1].Outage;
        Assert.Equal(ReconnectionReason.Lost, world.Reconnections[1].Reason);
        Assert.Equal(world.Transport.Attempts[2] - TimeSpan.FromSeconds(10), outage);
        Assert.InRange(outage.TotalSeconds, 6.8, 9.2);
    }

    [Theory]
    [InlineData(DisconnectionReason.Dns, null, "dns")]
    [InlineData(DisconnectionReason.Refused, null, "refused")]
    [InlineData(DisconnectionReason.Tls, null, "tls")]
    [InlineData(DisconnectionReason.Handshake, 451, "handshake")]
    public void FailedAttempt_IsToldByCause(DisconnectionReason reason, int? status, string tag)
    {
        using var world = new ConnectionWorld();
        world.Transport.ThenFail(reason, status);

        world.Connection.Start();

        var failure = Assert.Single(world.Disconnections);
        Assert.Equal((reason, status, false), (failure.Reason, failure.HttpStatus, failure.WasConnected));
        Assert.Equal(1, world.Counter("pipeline.feed.connect_failures", tag));
        Assert.Equal(1, Assert.Single(world.Retries).Attempt);
    }

    [Fact]
    public void HangingAttempt_EndsAfterTheConnectTimeout()
    {
        using var world = new ConnectionWorld();
        world.Transport.ThenHang();
        world.Connection.Start();

        world.Advance(9.999);
        Assert.Empty(world.Disconnections);
        world.Advance(0.001);

        Assert.Equal(DisconnectionReason.Timeout, Assert.Single(world.Disconnections).Reason);
        world.Advance(2);
        Assert.True(world.Connection.IsRunning);
    }

    [Fact]
    public void Backoff_WithAnswersOnly_GrowsDespiteHandshakes()
    {
        using var world = new ConnectionWorld(isData: batch => batch[0][0] == (byte)'d');
        world.Connection.Start();
        for (var i = 0; i < 4; i++)
        {
            world.Socket.Deliver("ack");
            world.Advance(5);
            world.Socket.CloseByVenue();
            world.Advance(20);
        }

        Assert.Equal(4, world.Retries.Count);
        Assert.All(world.Retries.Select(retry => retry.Delay.TotalSeconds).Zip([1, 2, 4, 8]), pair =>
            Assert.InRange(pair.First, pair.Second * 0.85, pair.Second * 1.15));
    }

    [Fact]
    public void GivingUp_FailsTheObservable()
    {
        using var world = new ConnectionWorld(new WebSocketOptions { MaxReconnectAttempts = 2 });
        world.Transport.ThenFail(DisconnectionReason.Refused, times: 9);

        world.Connection.Start();
        world.Advance(100);

        Assert.Equal(2, Assert.IsType<ReconnectLimitException>(world.Error).Attempts);
        Assert.Equal(3, world.Transport.Attempts.Count);
    }

    [Fact]
    public void AutoReconnectOff_EndsWithTheFirstLife()
    {
        using var world = new ConnectionWorld(new WebSocketOptions { AutoReconnect = false });
        world.Connection.Start();

        world.Socket.CloseByVenue();
        world.Advance(100);

        Assert.True(world.IsCompleted);
        Assert.Single(world.Transport.Attempts);
    }

    [Fact]
    public void Reconnect_OnRequest_ClosesPolitelyAndOpensAtOnce()
    {
        using var world = new ConnectionWorld();
        world.Connection.Start();
        world.Socket.Deliver("a");
        world.Advance(60);

        var reconnect = world.Connection.ReconnectAsync();
        world.Advance(0);

        Assert.True(reconnect.IsCompletedSuccessfully);
        Assert.True(world.Transport.Sockets[0].IsClosedByClient);
        Assert.False(world.Transport.Sockets[0].IsAborted);
        Assert.Equal(ReconnectionReason.Requested, world.Reconnections[1].Reason);
        Assert.Equal(DisconnectionReason.Requested, world.Disconnections[0].Reason);
    }

    [Fact]
    public async Task Dispose_EndsTheLoopAndCompletesObservers()
    {
        using var world = new ConnectionWorld();
        world.Connection.Start();

        await world.Connection.DisposeAsync();

        Assert.True(world.IsCompleted);
        Assert.True(world.Socket.IsDisposed);
        Assert.True(world.Socket.IsClosedByClient);
        Assert.False(world.Connection.IsRunning);
        Assert.Equal(DisconnectionReason.Stopped, Assert.Single(world.Disconnections).Reason);
        Assert.Equal(0, world.Time.PendingTimers);
    }

    [Fact]
    public async Task Dispose_WithAVenueThatIgnoresTheClose_AbortsAfterTheDeadline()
    {
        using var world = new ConnectionWorld();
        world.Connection.Start();
        world.Socket.AnswersClose = false;

        var disposed = world.Connection.DisposeAsync().AsTask();
        world.Advance(1.9);
        Assert.False(world.Socket.IsAborted);
        world.Advance(0.1);

        Assert.True(world.Socket.IsAborted);
        await disposed.WaitAsync(RealTime.Bound);
    }

    [Fact]
    public void Dispose_FramesUntilTheVenueCloses_AreCountedAsDropped()
    {
        using var world = new ConnectionWorld();
        world.Connection.Start();
        world.Socket.Deliver("a");
        var last = world.Connection.LastMessageAt;
        world.Socket.AnswersClose = false;

        _ = world.Connection.DisposeAsync().AsTask();
        world.Market.Advance(TimeSpan.FromSeconds(1));
        world.Socket.Deliver("b", "c");

        Assert.Equal(["a"], world.Batches);
        Assert.Equal((1, last), (world.Connection.Frames, world.Connection.LastMessageAt));
        Assert.Equal(3, world.Metrics.FramesOf("binance"));
        Assert.Equal(2, world.Counter("pipeline.graph.dropped", "stopped"));
    }

    [Fact]
    public async Task Dispose_WhileConnecting_CancelsTheAttempt()
    {
        using var world = new ConnectionWorld();
        world.Transport.ThenHang();
        world.Connection.Start();

        var disposed = world.Connection.DisposeAsync().AsTask();

        await disposed.WaitAsync(RealTime.Bound);
        world.Advance(1000);
        Assert.Single(world.Transport.Attempts);
    }

    [Fact]
    public async Task Dispose_WhileWaitingToReconnect_EndsTheWait()
    {
        using var world = new ConnectionWorld();
        world.Transport.ThenFail(DisconnectionReason.Refused);
        world.Connection.Start();

        await world.Connection.DisposeAsync();
        world.Advance(1000);

        Assert.Single(world.Transport.Attempts);
        Assert.Equal(0, world.Time.PendingTimers);
    }

    [Fact]
    public void Observer_ThatThrows_IsCountedAndDisturbsNobody()
    {
        using var world = new ConnectionWorld();
        var after = 0;
        world.Connection.MessageReceived.Subscribe(_ => throw new InvalidOperationException("mine"));
        world.Connection.MessageReceived.Subscribe(_ => after++);
        world.Connection.Start();

        world.Socket.Deliver("a");
        world.Socket.Deliver("b");

        Assert.Equal(["a", "b"], world.Batches);
        Assert.Equal(2, after);
        Assert.Equal(2, world.Counter("pipeline.feed.observer_errors"));
        Assert.True(world.Connection.IsRunning);
    }

    [Fact]
    public void HeldBatch_StopsReading_UntilReleased()
    {
        using var world = new ConnectionWorld();
        var room = new TaskCompletionSource();
        var first = true;
        world.Connection.MessageReceived.Subscribe(batch =>
        {
            if (first)
            {
                batch.HoldUntil(room.Task);
            }

            first = false;
        });
        world.Connection.Start();

        world.Socket.Deliver("a");
        world.Socket.Deliver("b");
        world.Socket.Deliver("c");
        Assert.Equal(["a"], world.Batches);
        room.SetResult();

        Assert.Equal(["a", "b c"], world.Batches);
    }

    [Fact]
    public void HeldBatch_WhoseHoldFails_IsCountedAndPassed()
    {
        using var world = new ConnectionWorld();
        world.Connection.MessageReceived.Subscribe(batch => batch.HoldUntil(Task.FromException(new InvalidOperationException())));
        world.Connection.Start();

        world.Socket.Deliver("a");
        world.Socket.Deliver("b");

        Assert.Equal(["a", "b"], world.Batches);
        Assert.Equal(2, world.Counter("pipeline.feed.observer_errors"));
    }

    [Fact]
    public async Task Dispose_WhileABatchIsHeldForEver_StillEnds()
    {
        using var world = new ConnectionWorld();
        world.Connection.MessageReceived.Subscribe(batch => batch.HoldUntil(new TaskCompletionSource().Task));
        world.Connection.Start();
        world.Socket.Deliver("a");

        var disposed = world.Connection.DisposeAsync().AsTask();
        world.Advance(2);

        await disposed.WaitAsync(RealTime.Bound);
    }

    [Fact]
    public async Task Send_WhileConnected_SendsText_AndSaysSo()
    {
        using var world = new ConnectionWorld();

        Assert.False(await world.Connection.SendAsync("early"u8.ToArray()));
        world.Connection.Start();
        Assert.True(await world.Connection.SendAsync("hello"u8.ToArray()));
        world.Socket.Break();
        Assert.False(await world.Connection.SendAsync("late"u8.ToArray()));

        Assert.Equal(["hello"], world.Socket.Sent.Select(sent => sent.Text));
    }

    [Fact]
    public async Task Sends_AtOnce_GoOutOneAfterTheOther()
    {
        using var world = new ConnectionWorld();
        world.Connection.Start();
        var gate = new TaskCompletionSource();
        world.Socket.SendGate = gate.Task;

        var first = world.Connection.SendAsync("first"u8.ToArray()).AsTask();
        var second = world.Connection.SendAsync("second"u8.ToArray()).AsTask();
        Assert.Equal(1, world.Socket.SendsUnderWay);
        gate.SetResult();

        Assert.True(await first && await second);
        Assert.Equal(["first", "second"], world.Socket.Sent.Select(sent => sent.Text));
    }

    [Fact]
    public void VenueClose_IsAnswered()
    {
        using var world = new ConnectionWorld();
        world.Connection.Start();

        world.Socket.CloseByVenue(1001);

        Assert.True(world.Socket.IsClosedByClient);
        Assert.False(world.Socket.IsAborted);
    }

    [Fact]
    public void FrameLimit_OutOfRange_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConnectionWorld(new WebSocketOptions { MaxFrameBytes = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConnectionWorld(new WebSocketOptions { MaxFrameBytes = int.MaxValue }));
    }

    [Fact]
    public void LongRun_OfLosses_LeavesNoTimerAndNoSocketBehind()
    {
        using var world = new ConnectionWorld();
        world.Connection.Start();
        for (var i = 0; i < 1000; i++)
        {
            world.Socket.Deliver("a");
            world.Advance(3);
            world.Socket.CloseByVenue();
            world.Advance(0);
        }

        Assert.Equal(1001, world.Transport.Sockets.Count);
        Assert.Equal(1, world.Transport.Sockets.Count(socket => !socket.IsDisposed));
        Assert.Equal(0, world.Time.PendingTimers);
    }
}
