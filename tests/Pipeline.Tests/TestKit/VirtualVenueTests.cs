using System.Net.WebSockets;
using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Transport;
using Pipeline.TestKit.Feeds.Virtual;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.TestKit;

public sealed class VirtualVenueTests : IDisposable
{
    private static readonly Uri Address = new("ws://venue.test/stream");

    private readonly TestTimeProvider _time = new();
    private readonly VirtualVenue _venue;

    public VirtualVenueTests()
    {
        _venue = new VirtualVenue(_time);
        _venue.List("btcusdt@trade", TimeSpan.FromSeconds(1), isRegular: true);
        _venue.List("ethusdt@trade", TimeSpan.FromHours(1), isRegular: true);
    }

    public void Dispose() => _venue.Dispose();

    [Fact]
    public void Connection_OpensAfterItsTime_AndAcksAfterTheirs()
    {
        var client = Connect();

        client.Ask("SUBSCRIBE", 7, "btcusdt@trade");
        Advance(0.049);
        Assert.DoesNotContain("{\"result\":null,\"id\":7}", client.Frames);
        Advance(0.001);

        Assert.Contains("{\"result\":null,\"id\":7}", client.Frames);
        Assert.Equal([TimeSpan.Zero], _venue.Attempts);
    }

    [Fact]
    public void Trades_HaveContiguousIds_WhoeverListens()
    {
        Advance(10);
        var client = Connect();
        client.Ask("SUBSCRIBE", 1, "btcusdt@trade");
        Advance(10);
        var stream = _venue.Find("btcusdt@trade")!;
        var ids = client.Ids("btcusdt@trade");

        Assert.Equal(10, ids.Count);
        Assert.Equal(Enumerable.Range(0, ids.Count).Select(i => stream.LastId - ids.Count + 1 + i), ids);
        Assert.InRange(stream.Count, 20, 21);
    }

    [Fact]
    public void SixthMessageInASecond_ClosesWith1008()
    {
        var client = Connect();
        for (var i = 1; i <= 5; i++)
        {
            client.Ask("SUBSCRIBE", i, "btcusdt@trade");
        }

        Assert.True(client.Socket.IsOpen);
        client.Ask("SUBSCRIBE", 6, "btcusdt@trade");

        Assert.Equal(1008, client.Socket.CloseStatus);
        Assert.Equal("Too many requests", client.Socket.CloseDescription);
        Assert.True(client.IsClosed);
        Assert.Single(_venue.Violations);
        Assert.Equal(new Dictionary<string, int> { ["1008 Too many requests"] = 1 }, _venue.Ends);
    }

    [Fact]
    public void APongOfTheSameSecond_CountsAsAMessage()
    {
        var client = Connect();
        Advance(20.5);
        for (var i = 1; i <= 5; i++)
        {
            client.Ask("SUBSCRIBE", i, "btcusdt@trade");
        }

        Assert.Equal(1008, client.Socket.CloseStatus);
    }

    [Fact]
    public void RollingSecond_LetsTheSixthThrough_WhenTheFirstIsASecondAgo()
    {
        var client = Connect();
        client.Ask("SUBSCRIBE", 1, "btcusdt@trade");
        Advance(0.5);
        for (var i = 2; i <= 5; i++)
        {
            client.Ask("SUBSCRIBE", i, "btcusdt@trade");
        }

        Advance(0.5);
        client.Ask("SUBSCRIBE", 6, "btcusdt@trade");

        Assert.True(client.Socket.IsOpen);
    }

    [Fact]
    public void Streams_BeyondTheLimit_CloseWith1008()
    {
        var client = Connect();
        client.Ask("SUBSCRIBE", 1, [.. Enumerable.Range(0, 500).Select(i => $"a{i}")]);
        client.Ask("SUBSCRIBE", 2, [.. Enumerable.Range(500, 500).Select(i => $"a{i}")]);
        client.Ask("SUBSCRIBE", 3, [.. Enumerable.Range(1000, 24).Select(i => $"a{i}")]);
        Assert.Equal(1024, client.Socket.Streams);

        client.Ask("SUBSCRIBE", 4, "a1024");

        Assert.Equal(1008, client.Socket.CloseStatus);
    }

    [Fact]
    public void RequestAbove4096Bytes_GetsNoAnswer()
    {
        var client = Connect();
        client.Ask("SUBSCRIBE", 1, [.. Enumerable.Range(0, 400).Select(i => $"symbol{i}@trade")]);
        Advance(10);

        Assert.Empty(client.Frames);
        Assert.Equal(0, client.Socket.Streams);
        Assert.True(client.Socket.IsOpen);
    }

    [Fact]
    public async Task Attempts_BeyondTheLimit_AreRefusedWith429()
    {
        var attempts = Enumerable.Range(0, 301).Select(_ => _venue.ConnectAsync(Address, new WebSocketOptions(), default)).ToList();
        Advance(1);

        Assert.All(attempts.Take(300), attempt => Assert.True(attempt.IsCompletedSuccessfully));
        var refused = await Assert.ThrowsAsync<FeedConnectException>(() => attempts[300]);
        Assert.Equal(429, refused.HttpStatus);
        Advance(300);
        Assert.True(Connect().Socket.IsOpen);
    }

    [Fact]
    public void Connection_IsClosedAfter24Hours()
    {
        var client = Connect();
        _time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.True(client.Socket.IsOpen);
        Advance(1);

        Assert.Equal(1001, client.Socket.CloseStatus);
    }

    [Fact]
    public void Cut_FailsTheReceive_AndNoStreamIsLeft()
    {
        var client = Connect();
        client.Ask("SUBSCRIBE", 1, "btcusdt@trade");

        client.Socket.Cut();

        Assert.IsType<WebSocketException>(client.Error);
        Assert.Empty(_venue.Open);
        Advance(5);
        Assert.Empty(client.Frames);
    }

    [Fact]
    public void BlackHole_NeitherAnswersNorSendsNorCloses()
    {
        var client = Connect();
        client.Ask("SUBSCRIBE", 1, "btcusdt@trade");
        Advance(1);
        var before = client.Frames.Count;
        client.Socket.IsBlackHole = true;

        client.Ask("SUBSCRIBE", 2, "ethusdt@trade");
        client.Socket.CloseAsync(default).AsTask();
        Advance(100);

        Assert.Equal(before, client.Frames.Count);
        Assert.False(client.IsClosed);
        client.Socket.Abort();
        Assert.IsType<WebSocketException>(client.Error);
    }

    [Fact]
    public void Mute_SendsAnswersAndNoData()
    {
        var client = Connect();
        client.Ask("SUBSCRIBE", 1, "btcusdt@trade");
        client.Socket.IsMute = true;
        client.Ask("SUBSCRIBE", 2, "ethusdt@trade");
        Advance(10);

        Assert.Equal(["{\"result\":null,\"id\":1}", "{\"result\":null,\"id\":2}"], client.Frames);
        Assert.True(_venue.Find("btcusdt@trade")!.Count >= 9);
    }

    [Fact]
    public void MuteStream_IsHeardAgain_AfterANewSubscription()
    {
        var client = Connect();
        client.Ask("SUBSCRIBE", 1, "btcusdt@trade");
        client.Socket.Mute("btcusdt@trade");
        Advance(5);
        Assert.Empty(client.Ids("btcusdt@trade"));

        client.Ask("UNSUBSCRIBE", 2, "btcusdt@trade");
        client.Ask("SUBSCRIBE", 3, "btcusdt@trade");
        Advance(5);

        Assert.Equal(5, client.Ids("btcusdt@trade").Count);
    }

    [Fact]
    public void AckWithoutData_LastsForWhatWasSubscribedMeanwhile()
    {
        var client = Connect();
        _venue.AcksWithoutData = true;
        client.Ask("SUBSCRIBE", 1, "btcusdt@trade");
        _venue.AcksWithoutData = false;
        Advance(5);

        Assert.Equal(["{\"result\":null,\"id\":1}"], client.Frames);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SwallowedRequest_IsNotCarriedOut_ASwallowedAckIs(bool isRequest)
    {
        var client = Connect();
        (_venue.SwallowRequests, _venue.SwallowAcks) = isRequest ? (1, 0) : (0, 1);
        client.Ask("SUBSCRIBE", 1, "btcusdt@trade");
        Advance(5);

        Assert.DoesNotContain(client.Frames, frame => frame.Contains("result", StringComparison.Ordinal));
        Assert.Equal(isRequest ? 0 : 5, client.Ids("btcusdt@trade").Count);
        client.Ask("SUBSCRIBE", 2, "btcusdt@trade");
        Advance(1);
        Assert.Contains("{\"result\":null,\"id\":2}", client.Frames);
    }

    [Fact]
    public void LostAcks_AreTheShareAskedFor()
    {
        var client = Connect();
        _venue.LostAcks = 0.1;
        for (var i = 1; i <= 1000; i++)
        {
            client.Ask("SUBSCRIBE", i, "ethusdt@trade");
            Advance(1);
        }

        Assert.InRange(client.Frames.Count(frame => frame.StartsWith("{\"result", StringComparison.Ordinal)), 870, 930);
    }

    [Fact]
    public async Task ConnectsRefused_AndHanging_AreToldApart()
    {
        _venue.RefusesConnects = true;
        var refused = _venue.ConnectAsync(Address, new WebSocketOptions(), default);
        Advance(1);
        Assert.Equal(DisconnectionReason.Refused, (await Assert.ThrowsAsync<FeedConnectException>(() => refused)).Reason);

        _venue.RefusesConnects = false;
        _venue.HangsConnects = true;
        using var stop = new CancellationTokenSource();
        var hanging = _venue.ConnectAsync(Address, new WebSocketOptions(), stop.Token);
        Advance(1000);
        Assert.False(hanging.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
        Assert.Equal(2, _venue.Attempts.Count);
    }

    [Fact]
    public void Shutdown_IsAnnouncedToAll_AndFollowedByTheClose()
    {
        var (one, other) = (Connect(), Connect());

        _venue.AnnounceShutdown(TimeSpan.FromSeconds(10));

        Assert.All([one, other], client => Assert.Contains("serverShutdown", client.Frames[^1], StringComparison.Ordinal));
        Advance(9.9);
        Assert.Equal(2, _venue.Open.Count);
        Advance(0.1);
        Assert.Empty(_venue.Open);
        Assert.Equal(1001, one.Socket.CloseStatus);
    }

    [Fact]
    public void TwoConnections_MayDiffer_InTimeAndNumberOfCopies()
    {
        var (prompt, late) = (Connect(), Connect());
        prompt.Socket.Doubles = true;
        late.Socket.Lag = TimeSpan.FromMilliseconds(300);
        prompt.Ask("SUBSCRIBE", 1, "btcusdt@trade");
        late.Ask("SUBSCRIBE", 1, "btcusdt@trade");
        Advance(10);
        _venue.IsHalted = true;
        var mid = late.Ids("btcusdt@trade").Count;
        late.Socket.Lag = TimeSpan.Zero;
        Advance(0.3);

        var ids = late.Ids("btcusdt@trade");
        Assert.InRange(mid, 9, 10);
        Assert.Equal(10, ids.Count);
        Assert.Equal(ids.SelectMany(id => new[] { id, id }), prompt.Ids("btcusdt@trade"));
    }

    [Fact]
    public void ClientsClose_IsAnswered()
    {
        var client = Connect();

        client.Socket.CloseAsync(default).AsTask();

        Assert.True(client.IsClosed);
        Assert.Equal(1, _venue.Ends["client"]);
    }

    [Fact]
    public void Year_OfSparseTrades_CostsWhatHappensInIt()
    {
        var client = Connect();
        client.Ask("SUBSCRIBE", 1, "ethusdt@trade");
        _venue.Find("btcusdt@trade")!.Interval = TimeSpan.FromDays(1000);
        var started = TimeProvider.System.GetTimestamp();

        for (var day = 0; day < 365; day++)
        {
            _time.Advance(TimeSpan.FromDays(1));
            if (!client.Socket.IsOpen)
            {
                client = Connect();
                client.Ask("SUBSCRIBE", 1, "ethusdt@trade");
            }
        }

        Assert.InRange(_venue.Find("ethusdt@trade")!.Count, 8759, 8762);
        Assert.InRange(_venue.Connects, 182, 366);
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(10));
    }

    private Client Connect()
    {
        var attempt = _venue.ConnectAsync(Address, new WebSocketOptions(), default);
        _time.Advance(_venue.Options.ConnectTime);
        return new Client((VirtualSocket)attempt.Result);
    }

    private void Advance(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Reads for as long as there is something, and keeps it.</summary>
    private sealed class Client
    {
        private readonly byte[] _buffer = new byte[4096];

        public Client(VirtualSocket socket)
        {
            Socket = socket;
            _ = ReadAsync();
        }

        public VirtualSocket Socket { get; }

        public List<string> Frames { get; } = [];

        public bool IsClosed { get; private set; }

        public Exception? Error { get; private set; }

        public void Ask(string method, long id, params string[] names) =>
            Socket.SendAsync(
                Encoding.ASCII.GetBytes($"{{\"method\":\"{method}\",\"params\":[{string.Join(',', names.Select(name => $"\"{name}\""))}],\"id\":{id}}}"),
                default).AsTask().Wait();

        public List<long> Ids(string stream) =>
            [.. Frames.Where(frame => frame.Contains($"\"{stream}\"", StringComparison.Ordinal)).Select(frame =>
                long.Parse(frame.AsSpan(frame.IndexOf("\"t\":", StringComparison.Ordinal) + 4, 12), System.Globalization.CultureInfo.InvariantCulture))];

        private async Task ReadAsync()
        {
            try
            {
                while (await Socket.ReceiveAsync(_buffer, default) is { IsClose: false } received)
                {
                    Frames.Add(Encoding.ASCII.GetString(_buffer, 0, received.Count));
                }

                IsClosed = true;
            }
            catch (WebSocketException error)
            {
                Error = error;
            }
        }
    }
}
