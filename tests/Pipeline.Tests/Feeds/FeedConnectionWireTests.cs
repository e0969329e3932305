using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Transport;
using Pipeline.TestKit.Feeds;
using Pipeline.TestKit.Time;
using Pipeline.Venues.Binance;

namespace Pipeline.Tests.Feeds;

/// <summary>What a connection makes of its socket's traffic, last words, refusals and announcements, and the gate before it.</summary>
public sealed class FeedConnectionWireTests
{
    [Fact]
    public void Gate_IsAwaitedBeforeEveryAttempt_AndOutsideTheConnectTimeout()
    {
        var gate = new FakeGate();
        using var world = new ConnectionWorld(gate: gate);
        world.Connection.Start();
        world.Advance(3600);
        Assert.Empty(world.Transport.Attempts);
        Assert.Empty(world.Disconnections);

        world.Transport.ThenFail(DisconnectionReason.Refused);
        gate.Open();
        Assert.Single(world.Transport.Attempts);
        world.Advance(10);
        gate.Open();

        Assert.Equal(2, world.Transport.Attempts.Count);
        Assert.True(world.Connection.IsRunning);
        Assert.True(world.Disconnections[0].Lasted < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Gate_NotPassed_IsLeftWhenTheConnectionIsStopped()
    {
        var gate = new FakeGate();
        using var world = new ConnectionWorld(gate: gate);
        world.Connection.Start();

        await world.Connection.DisposeAsync();

        Assert.True(gate.IsCancelled);
        Assert.Empty(world.Transport.Attempts);
        Assert.Equal(DisconnectionReason.Stopped, Assert.Single(world.Disconnections).Reason);
    }

    [Theory]
    [InlineData(120, 120)]
    [InlineData(0.5, 0.85)]
    [InlineData(86_400, 3_600)]
    public void RetryAfter_IsWaitedForAtLeast_AtMostAnHour_AndToldToTheGate(double asked, double least)
    {
        var gate = new FakeGate(isOpen: true);
        using var world = new ConnectionWorld(gate: gate);
        world.Transport.ThenFail(new FeedConnectException(DisconnectionReason.Handshake, "slow down", 429) { RetryAfter = TimeSpan.FromSeconds(asked) });
        world.Connection.Start();

        Assert.Equal(TimeSpan.FromSeconds(asked), Assert.Single(gate.HeldOff));
        Assert.Equal(TimeSpan.FromSeconds(asked), world.Disconnections[0].RetryAfter);
        Assert.InRange(Assert.Single(world.Retries).Delay.TotalSeconds, least, least * 1.36);
        world.Advance(3_600);
        Assert.True(world.Connection.IsRunning);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(451)]
    public void ConfigurationError_IsExplainedOnce_AndRetriedAtTheLongestBackOff(int status)
    {
        using var world = new ConnectionWorld();
        world.Transport.ThenFail(DisconnectionReason.Handshake, status, times: 4);
        world.Connection.Start();
        world.Advance(3_600);

        Assert.Equal([0, 300, 600, 900, 1200], world.Transport.Attempts.Select(attempt => attempt.TotalSeconds));
        Assert.Equal(4, world.Disconnections.Count);
        Assert.Contains("venues.*.endpoints", world.Disconnections[0].Advice, StringComparison.Ordinal);
        Assert.All(world.Disconnections.Skip(1), end => Assert.Null(end.Advice));

        // After a time of health it is news again.
        world.Socket.Deliver("data");
        world.Transport.ThenFail(DisconnectionReason.Handshake, status);
        world.Socket.Break();
        world.Advance(1);
        Assert.NotNull(world.Disconnections[^1].Advice);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public void OtherRefusals_BackOffAsUsual(int status)
    {
        using var world = new ConnectionWorld();
        world.Transport.ThenFail(DisconnectionReason.Handshake, status);
        world.Connection.Start();
        world.Advance(2);

        Assert.Null(world.Disconnections[0].Advice);
        Assert.Equal(2, world.Transport.Attempts.Count);
    }

    [Fact]
    public void LastFrame_BeforeTheVenuesClose_IsTold()
    {
        using var world = new ConnectionWorld();
        world.Connection.Start();
        world.Socket.Deliver("data", "Pong timeout");
        world.Socket.CloseByVenue(1008, "policy");

        var end = Assert.Single(world.Disconnections);
        Assert.Equal(("Pong timeout", 1008, "policy"), (end.LastFrame, end.CloseCode, end.CloseText));
    }

    [Fact]
    public void LastFrame_OfALostSocket_IsTheNewestCompleteOne_AndNotTheNextSockets()
    {
        using var world = new ConnectionWorld();
        world.Connection.Start();
        world.Socket.Deliver("last");
        world.Socket.Enqueue("half a fr"u8.ToArray(), endOfMessage: false);
        world.Socket.Pump();
        world.Socket.Break();
        world.Advance(5);
        world.Socket.Break();

        Assert.Equal(["last", null], world.Disconnections.Select(end => end.LastFrame));
    }

    // The slab in which it lay has been left for another, or was far too small for the frame that followed.
    [Theory]
    [InlineData(70_000)]
    [InlineData(3_000_000)]
    public void LastFrame_InAnEarlierSlab_IsKept(int halfFrame)
    {
        using var world = new ConnectionWorld();
        world.Connection.Start();
        var last = new string('a', 200) + new string('b', 200);
        world.Socket.Deliver(last);
        world.Socket.Enqueue(new byte[halfFrame], endOfMessage: false);
        world.Socket.Pump();
        world.Socket.Break();

        Assert.Equal(last[..256], Assert.Single(world.Disconnections).LastFrame);
    }

    [Fact]
    public void LastFrame_AmongFramesOfAllSizes_IsAlwaysTheNewest()
    {
        var random = new Random(11);
        for (var round = 0; round < 50; round++)
        {
            using var world = new ConnectionWorld(recording: false);
            world.Connection.Start();
            var last = "";
            for (var i = 0; i < 100; i++)
            {
                last = new string((char)('a' + (i % 26)), random.Next(0, round % 2 == 0 ? 300 : 60_000));
                world.Socket.Deliver(last);
            }

            world.Socket.Break();
            Assert.Equal(last[..Math.Min(256, last.Length)], Assert.Single(world.Disconnections).LastFrame);
        }
    }

    [Fact]
    public void Traffic_IsCountedOverAllSockets()
    {
        using var world = new ConnectionWorld(new WebSocketOptions { Compression = true });
        world.Transport.Connected = socket => socket.IsCompressed = world.Transport.Sockets.Count == 1;
        world.Connection.Start();
        world.Socket.Deliver(new string('x', 60), new string('x', 40));
        Assert.True(world.Connection.IsCompressed);
        Assert.Equal(1, world.Counter("pipeline.feed.compressed"));
        world.Advance(5);
        world.Socket.Break();
        world.Advance(5);
        world.Socket.Deliver(new string('x', 100));

        Assert.Equal((200, 200, 20), (world.Connection.WireBytes, world.Connection.PayloadBytes, world.Connection.BytesPerSecond));
        Assert.False(world.Connection.IsCompressed);
        Assert.Equal([Compression.Negotiated, Compression.Declined], world.Reconnections.Select(info => info.Compression));
        Assert.Equal((200, 0), (world.Counter("pipeline.feed.wire_bytes"), world.Counter("pipeline.feed.compressed")));
    }

    [Fact]
    public void Notice_IsToldOncePerSocket_WithItsWords()
    {
        using var world = new ConnectionWorld(isShutdownNotice: frame => frame.StartsWith("bye"u8));
        world.Connection.Start();
        world.Socket.Deliver("data", "bye now", "bye again");
        world.Socket.Deliver("bye once more");
        Assert.Equal(["bye now"], world.Notices.Select(notice => notice.Words));

        world.Advance(60);
        world.Socket.Break();
        world.Advance(0);
        world.Socket.Deliver("bye\n");

        Assert.Equal(["bye now", "bye\\u000a"], world.Notices.Select(notice => notice.Words));
        Assert.Equal(2, world.Counter("pipeline.feed.shutdown_notices"));
        Assert.Equal(5, world.Batches.SelectMany(batch => batch.Split(' ')).Count(word => word.StartsWith("bye", StringComparison.Ordinal)) + 1);
    }

    [Fact]
    public void FeedOfAVenue_TellsBudgetAndAnnouncementsAsEvents()
    {
        var time = new TestTimeProvider();
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        using var metrics = new PipelineMetrics();
        var transport = new FakeFeedTransport(time);
        var options = new VenueFeedOptions
        {
            Endpoint = new Uri("ws://venue.test"),
            Streams = ["a"],
            Symbols = new SymbolTable(),
            TrafficBudget = 1_000,
        };
        var feed = new VenueFeed(new BinanceSpotAdapter(), options, transport, time, time, metrics, gate: new FakeGate(isOpen: true));
        var events = new List<FeedEvent>();
        feed.Events.Subscribe(events.Add);
        _ = feed.StartAsync();
        for (var second = 0; second < 12; second++)
        {
            transport.Socket.Deliver(new string('x', 2_000));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        transport.Socket.Deliver("""{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1794900000123}}""");
        SynchronizationContext.SetSynchronizationContext(context);

        var exceeded = Assert.Single(events.OfType<TrafficBudgetExceeded>());
        Assert.Equal(("binance", 1_000), (exceeded.Venue, exceeded.Budget));
        Assert.InRange(exceeded.BytesPerSecond, 1_800, 2_200);
        Assert.Equal("binance-1", Assert.Single(events.OfType<ShutdownAnnounced>()).Connection);
    }

    private sealed class FakeGate(bool isOpen = false) : IConnectGate
    {
        private TaskCompletionSource _open = new();

        public List<TimeSpan> HeldOff { get; } = [];

        public bool IsCancelled { get; private set; }

        public Task PassAsync(CancellationToken cancellation)
        {
            if (isOpen)
            {
                return Task.CompletedTask;
            }

            var open = _open;
            cancellation.Register(() =>
            {
                IsCancelled = true;
                open.TrySetCanceled(cancellation);
            });
            return open.Task;
        }

        public void HoldOff(TimeSpan wait) => HeldOff.Add(wait);

        /// <summary>Lets through who waits now.</summary>
        public void Open()
        {
            var open = _open;
            _open = new TaskCompletionSource();
            open.SetResult();
        }
    }
}
