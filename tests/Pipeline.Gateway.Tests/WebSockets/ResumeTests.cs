using System.Globalization;
using Pipeline.Core.Market;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Tests.Hub;

namespace Pipeline.Gateway.Tests.WebSockets;

public sealed class ResumeTests
{
    private const string Btc = "binance:BTC-USDT";
    private const string Trades = $"{Btc}:trade";
    private const string Candles = $"{Btc}:candle:1m";

    [Fact]
    public void InsideTheWindow_ReplaysExactlyWhatWasMissed()
    {
        var hub = HubWithTrades(100);
        var client = hub.Connect();

        var ack = client.Subscribe("{}", Resume("log-1", (Trades, 39)));
        hub.Log.Trade(Btc, 101);
        hub.Read();

        Assert.True(ack.GetProperty("recovered").GetBoolean());
        var data = client.NextData();
        Assert.Equal(Enumerable.Range(40, 61), data.Select(one => one.GetProperty("seq").GetInt32()));
        Assert.Equal(Enumerable.Range(39, 61), data.Select(one => one.GetProperty("prev").GetInt32()));
        Assert.DoesNotContain(data, one => one.GetProperty("snapshot").GetBoolean());
    }

    [Fact]
    public void FromBeforeTheFirst_ReplaysTheWholeLog()
    {
        var hub = HubWithTrades(20);
        var client = hub.Connect();
        Assert.True(client.Subscribe("{}", Resume("log-1", (Trades, -1))).GetProperty("recovered").GetBoolean());
        Assert.Equal(Enumerable.Range(0, 20), client.NextData().Select(one => one.GetProperty("seq").GetInt32()));
    }

    [Theory]
    [InlineData("log-1", 20)]
    [InlineData("log-0", 39)]
    [InlineData("", 39)]
    [InlineData("log-1", 900_000_000)]
    public void OutsideTheWindowOrInAnotherLog_SendsTheSnapshotAndNothingElse(string epoch, long seq)
    {
        // Before offset 30 nothing was read.
        var hub = HubWithTrades(100, window: 70);
        var client = hub.Connect();

        var ack = client.Subscribe("{}", Resume(epoch, (Trades, seq)));

        Assert.False(ack.GetProperty("recovered").GetBoolean());
        Assert.Equal(Trades, Assert.Single(ack.GetProperty("notRecovered").EnumerateArray()).GetString());
        var snapshot = Assert.Single(client.NextData());
        Assert.Equal((99, true), (snapshot.GetProperty("seq").GetInt32(), snapshot.GetProperty("snapshot").GetBoolean()));
    }

    [Fact]
    public void WindowEdge_LastOffsetThatIsNotInItCanBeResumed_AndTheOneBeforeCannot()
    {
        var hub = HubWithTrades(100, window: 70);
        Assert.True(hub.Connect().Subscribe("{}", Resume("log-1", (Trades, 29))).GetProperty("recovered").GetBoolean());
        Assert.False(hub.Connect().Subscribe("{}", Resume("log-1", (Trades, 28))).GetProperty("recovered").GetBoolean());
    }

    [Fact]
    public void Window_IsBoundedByAgeNumberAndBytes()
    {
        var byAge = HubWithTrades(100);
        byAge.Advance(TimeSpan.FromSeconds(59));
        byAge.Log.Trade(Btc, 200);
        byAge.Read();
        Assert.Equal(101, byAge.View.ReplayWindow.Records);
        byAge.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, byAge.View.ReplayWindow.Records);
        Assert.True(byAge.Connect().Subscribe("{}", Resume("log-1", (Trades, 99))).GetProperty("recovered").GetBoolean());
        Assert.False(byAge.Connect().Subscribe("{}", Resume("log-1", (Trades, 98))).GetProperty("recovered").GetBoolean());

        Assert.Equal(50, HubWithTrades(100, options: new HubOptions { ReplayRecords = 50 }).View.ReplayWindow.Records);
        var byBytes = HubWithTrades(100, options: new HubOptions { ReplayBytes = 5000 }).View.ReplayWindow;
        Assert.InRange(byBytes.Bytes, 4500, 5000);
    }

    [Fact]
    public void Candles_FinalsAllComeAndOfFormingOnesTheNewest()
    {
        var hub = new StillHub();
        hub.Log.Candle(Btc, "1m", 0, "final");
        for (var minute = 1; minute <= 3; minute++)
        {
            hub.Log.Candle(Btc, "1m", minute * 60_000_000, "forming");
            hub.Log.Candle(Btc, "1m", minute * 60_000_000, "forming");
            hub.Log.Candle(Btc, "1m", minute * 60_000_000, "final");
        }

        hub.Log.Candle(Btc, "1m", 120_000_000, "revised", revision: 1);
        for (var i = 0; i < 5; i++)
        {
            hub.Log.Candle(Btc, "1m", 240_000_000, "forming");
        }

        hub.Start();
        var client = hub.Connect();
        Assert.True(client.Subscribe("{}", Resume("log-1", (Candles, 1))).GetProperty("recovered").GetBoolean());

        Assert.Equal(
            ["3 final 0", "6 final 0", "9 final 0", "10 revised 0", "15 forming 4"],
            client.NextData().Select(one => $"{one.GetProperty("seq")} {one.GetProperty("data").GetProperty("state")} {one.GetProperty("conflated")}"));
    }

    [Fact]
    public void Quotes_TheNewestStandsForThoseMissed()
    {
        var hub = new StillHub();
        for (var i = 0; i < 10; i++)
        {
            hub.Log.Quote(Btc, i);
        }

        hub.Start();
        var client = hub.Connect();
        client.Subscribe("{}", Resume("log-1", ($"{Btc}:quote", 2)));
        var quote = Assert.Single(client.NextData());
        Assert.Equal((9, 6, false), (quote.GetProperty("seq").GetInt32(), quote.GetProperty("conflated").GetInt32(), quote.GetProperty("snapshot").GetBoolean()));

        // Who has missed nothing gets nothing.
        var current = hub.Connect();
        Assert.True(current.Subscribe("{}", Resume("log-1", ($"{Btc}:quote", 9))).GetProperty("recovered").GetBoolean());
        Assert.Empty(current.NextData());
    }

    [Fact]
    public void Books_UpdatesGoOnWhereTheClientWas()
    {
        var hub = new StillHub();
        hub.Log.Book(Btc, 0, "snapshot");
        for (var i = 1; i < 10; i++)
        {
            hub.Log.Book(Btc, i, "update");
        }

        hub.Start();
        var client = hub.Connect();
        client.Subscribe("{}", Resume("log-1", ($"{Btc}:book", 6)));
        Assert.Equal([7, 8, 9], client.NextData().Select(one => one.GetProperty("seq").GetInt32()));
    }

    [Fact]
    public void MovedFromAGatewayThatIsAhead_GetsNothingTwice()
    {
        var log = new MemoryLog();
        for (var i = 0; i < 10; i++)
        {
            log.Trade(Btc, i);
        }

        var behind = new StillHub(log).Start();
        for (var i = 10; i < 20; i++)
        {
            log.Trade(Btc, i);
        }

        var client = behind.Connect();
        Assert.True(client.Subscribe("{}", Resume("log-1", (Trades, 14))).GetProperty("recovered").GetBoolean());
        Assert.Empty(client.NextData());
        behind.Read();
        log.Trade(Btc, 20);
        behind.Read();
        Assert.Equal(Enumerable.Range(15, 6), client.NextData().Select(one => one.GetProperty("seq").GetInt32()));
    }

    [Fact]
    public void TwoGatewaysOverOneLog_GiveTheSameNumbers()
    {
        var log = new MemoryLog();
        for (var i = 0; i < 50; i++)
        {
            log.Trade(Btc, i);
            log.Candle(Btc, "1m", i * 60_000_000L, "final");
        }

        var first = new StillHub(log).Start();
        var second = new StillHub(log).Start(window: 10);
        var (one, other) = (first.Connect(), second.Connect());
        one.Subscribe();
        other.Subscribe();
        for (var i = 50; i < 100; i++)
        {
            log.Trade(Btc, i);
            log.Candle(Btc, "1m", i * 60_000_000L, "final");
        }

        first.Read();
        second.Read();
        Assert.Equal(Live(one), Live(other));
        Assert.Equal(100, Live(one).Count);

        static List<string> Live(TestClient client) =>
            [.. client.Texts.Where(text => text.Contains("\"snapshot\":false", StringComparison.Ordinal))];
    }

    [Fact]
    public void AnotherLog_IsToldAndBeginsWithSnapshots()
    {
        var hub = HubWithTrades(100);
        var client = hub.Connect();
        client.Subscribe();
        client.NextData();

        var next = new MemoryLog("log-2");
        hub.Replace(next);
        next.Trade(Btc, 1000);
        next.Trade(Btc, 1001);
        hub.Begin();
        Assert.False(hub.View.IsCaughtUp);
        hub.Read();
        next.Trade(Btc, 1002);
        hub.Read();

        var epoch = client.Messages.Single(one => one.GetProperty("type").GetString() == "epoch");
        Assert.Equal("""{"type":"epoch","epoch":"log-2","recovered":false}""", epoch.GetRawText());
        Assert.Equal(
            ["1 True log-2", "2 False log-2"],
            client.NextData().Select(one => $"{one.GetProperty("seq")} {one.GetProperty("snapshot")} {one.GetProperty("epoch")}"));
        Assert.False(hub.Connect().Subscribe("{}", Resume("log-1", (Trades, 99))).GetProperty("recovered").GetBoolean());
        Assert.True(hub.Connect().Subscribe("{}", Resume("log-2", (Trades, 1))).GetProperty("recovered").GetBoolean());
    }

    [Fact]
    public void WhileALogIsRead_RequestsWaitForIt()
    {
        var hub = new StillHub();
        hub.Log.Trade(Btc, 1);
        hub.Begin();
        var client = hub.Connect();
        client.Subscribe();
        Assert.Empty(client.Received);
        hub.Read();
        Assert.Equal(["ack", "data"], client.Messages.Select(one => one.GetProperty("type").GetString()));
    }

    [Fact]
    public void ReplayLongerThanOnePortion_IsWholeAndGoesOnLive()
    {
        var hub = HubWithTrades(5000);
        var client = hub.Connect();
        client.Subscribe("{}", Resume("log-1", (Trades, 0)));
        hub.Log.Trade(Btc, 6000);
        hub.Read();
        Assert.Equal(Enumerable.Range(1, 5000), client.NextData().Select(one => one.GetProperty("seq").GetInt32()));
    }

    [Fact]
    public void FarAheadOfThisGateway_WaitsWithoutWork_AndGoesOnWhenTheLogComesThere()
    {
        var hub = new StillHub();
        var streams = Enumerable.Range(0, 64).Select(i => $"binance:C{i}-USDT").ToList();
        streams.ForEach(one => hub.Log.Trade(one, 1));
        hub.Start();
        var places = streams.ConvertAll(one => ($"{one}:trade", hub.View.PositionOf(TopicKind.Trades, hub.Log.PartitionOf(one)) + 100L)).ToArray();
        var clients = Enumerable.Range(0, 4).Select(_ => hub.Connect()).ToList();
        clients.ForEach(client => Assert.True(client.Subscribe("{}", Resume("log-1", places)).GetProperty("recovered").GetBoolean()));

        // Nothing is left to do, and a record makes none.
        Assert.Equal(HubWork.None, hub.State.Turn());
        hub.Log.Trade(streams[0], 2);
        hub.State.Take(hub.Log.All[^1].Topic, hub.Log.All[^1].Record);
        Assert.Equal(HubWork.None, hub.State.Turn());
        for (var i = 0; i < 150; i++)
        {
            streams.ForEach(one => hub.Log.Trade(one, i));
            hub.Read();
        }

        clients[3].Leave();
        var sent = clients[0].NextData().GroupBy(one => one.GetProperty("stream").GetString()!).ToDictionary(one => one.Key, one => one.ToList());
        Assert.Equal(64, sent.Count);
        foreach (var (stream, seq) in places)
        {
            Assert.All(sent[stream], one => Assert.True(one.GetProperty("seq").GetInt64() > seq));
            SubscriptionTests.AssertUnbroken(clients[1], stream, hub.View.Streams.Find(stream)!.LastSeq);
        }
    }

    [Fact]
    public void FarAhead_WhoLeavesOrUnsubscribesLeavesNothingBehind()
    {
        var hub = HubWithTrades(10);
        var (one, other) = (hub.Connect(), hub.Connect());
        one.Subscribe("{}", Resume("log-1", (Trades, 500)));
        other.Subscribe("{}", Resume("log-1", (Trades, 500)));
        Assert.Equal(2, hub.Desk.Ahead);
        one.Send("""{"op":"unsubscribe"}""");
        other.Leave();
        Assert.Equal(0, hub.Desk.Ahead);
    }

    [Fact]
    public void ManyReplaysAtOnce_AreCutIntoPiecesOfATurn()
    {
        var hub = new StillHub();
        var streams = Enumerable.Range(0, 64).Select(i => $"binance:C{i}-USDT").ToList();
        for (var i = 0; i < 100; i++)
        {
            streams.ForEach(one => hub.Log.Trade(one, i));
        }

        hub.Start();
        var clients = Enumerable.Range(0, 4).Select(_ => hub.Connect()).ToList();
        var places = streams.ConvertAll(one => ($"{one}:trade", -1L)).ToArray();
        clients.ForEach(client => client.Send($$"""{"op":"subscribe","id":"1","filters":{}{{Resume("log-1", places)}}}""", settle: false));
        var (most, turns) = (0, 0);
        for (var before = Sent(); hub.State.Turn() == HubWork.More; before = Sent())
        {
            most = Math.Max(most, Sent() - before);
            turns++;
        }

        // One portion at most beyond what a turn may cost.
        Assert.InRange(most, 1, new HubOptions().TurnMessages + 512);
        Assert.InRange(turns, 4 * 6400 / (new HubOptions().TurnMessages + 512), 200);
        Assert.All(clients, client => Assert.Equal(6400, client.NextData().Count));

        int Sent() => clients.Sum(client => client.Received.Count);
    }

    private static StillHub HubWithTrades(int count, int window = 10_000, HubOptions? options = null)
    {
        var hub = new StillHub(options: options);
        for (var i = 0; i < count; i++)
        {
            hub.Log.Trade(Btc, i);
        }

        return hub.Start(window);
    }

    private static string Resume(string epoch, params (string Stream, long Seq)[] places)
    {
        var streams = string.Join(',', places.Select(place => string.Create(CultureInfo.InvariantCulture, $"\"{place.Stream}\":{place.Seq}")));
        return $",\"resume\":{{\"epoch\":\"{epoch}\",\"streams\":{{{streams}}}}}";
    }
}
