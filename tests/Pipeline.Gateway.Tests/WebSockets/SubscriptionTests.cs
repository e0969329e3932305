using System.Runtime.CompilerServices;
using System.Text.Json;
using Pipeline.Fanout;
using Pipeline.Gateway.Tests.Hub;
using Pipeline.Gateway.WebSockets;

namespace Pipeline.Gateway.Tests.WebSockets;

public sealed class SubscriptionTests
{
    private const string Btc = "binance:BTC-USDT";
    private const string Eth = "binance:ETH-USDT";

    [Fact]
    public void Subscribe_AnswersAckThenSnapshotThenLive()
    {
        var hub = new StillHub();
        hub.Log.Trade(Btc, 1);
        hub.Log.Candle(Btc, "1m", 0, "final");
        hub.Log.Candle(Btc, "1m", 60_000_000, "forming");
        hub.Start();
        var client = hub.Connect();

        var ack = client.Subscribe("""{"exchange":["binance"],"symbols":["BTC-USDT"],"dataTypes":["trade","candle:1m"]}""");

        Assert.Equal("""{"type":"ack","id":"1","filterId":"f1","streams":2}""", ack.GetRawText());
        var snapshot = client.NextData();
        Assert.Equal([(0, true), (0, true), (1, true)], snapshot.Select(one => (one.GetProperty("seq").GetInt32(), one.GetProperty("snapshot").GetBoolean())));
        hub.Log.Trade(Btc, 2);
        hub.Log.Trade(Eth, 2);
        hub.Read();
        var live = Assert.Single(client.NextData());
        Assert.Equal(
            "binance:BTC-USDT:trade 1 0 log-1 0 False 2",
            string.Join(' ', "stream seq prev epoch conflated snapshot".Split(' ').Select(live.GetProperty).Append(live.GetProperty("data").GetProperty("id"))));
    }

    [Fact]
    public void Data_HoldsTheRecordUnchanged()
    {
        var hub = new StillHub().Start();
        var client = hub.Connect();
        client.Subscribe();

        var record = hub.Log.Trade("binance:币安人生-USDT", 7);
        hub.Read();

        Assert.EndsWith($"\"data\":{record.ValueText}}}", client.Texts[^1], StringComparison.Ordinal);
        Assert.Equal("binance:币安人生-USDT:trade", client.Last.GetProperty("stream").GetString());
    }

    [Fact]
    public void Subscribe_DuringABurst_MissesNothingAndRepeatsNothing()
    {
        var hub = new StillHub();
        hub.Log.Trade(Btc, 0);
        hub.Log.Candle(Btc, "1m", 0, "final");
        hub.Start();
        var clients = new Queue<TestClient>();
        for (var i = 1; i <= 1000; i++)
        {
            // In the middle of what arrives: some before, some after, some while its streams are not joined yet.
            hub.Log.Trade(Btc, 2 * i);
            hub.Log.Candle(Btc, "1m", i * 60_000_000L, "forming");
            hub.Read();
            var client = hub.Connect();
            client.Send("""{"op":"subscribe","filters":{"dataTypes":["trade","candle:1m"]}}""", settle: i % 2 == 0);
            clients.Enqueue(client);
            hub.Log.Trade(Btc, (2 * i) + 1);
            hub.Log.Candle(Btc, "1m", i * 60_000_000L, "final");
            hub.Read();
            if (clients.Count > 10 || i == 1000)
            {
                AssertUnbroken(clients.Peek(), $"{Btc}:trade", 2 * i);
                AssertUnbroken(clients.Peek(), $"{Btc}:candle:1m", 2 * i);
                Assert.True(clients.Peek().Received.Count > 4, "It has seen live data.");
                clients.Dequeue().Leave();
            }
        }
    }

    [Fact]
    public void Subscribe_TwoFiltersThatMatchTheSameStream_DeliversItOnce()
    {
        var hub = new StillHub().Start();
        hub.Log.Trade(Btc, 1);
        hub.Read();
        var client = hub.Connect();
        client.Send("""{"op":"subscribe","filterId":"a","filters":{"dataTypes":["trade"]}}""");
        client.Send("""{"op":"subscribe","filterId":"b","filters":{"symbols":["BTC-USDT"]}}""");
        Assert.Single(client.NextData());

        hub.Log.Trade(Btc, 2);
        hub.Read();
        Assert.Single(client.NextData());

        // One of them is left: still once. None is left: nothing.
        Assert.Equal(1, client.Send("""{"op":"unsubscribe","filterId":"a"}""").GetProperty("streams").GetInt32());
        hub.Log.Trade(Btc, 3);
        hub.Read();
        Assert.Single(client.NextData());
        Assert.Equal(0, client.Send("""{"op":"unsubscribe"}""").GetProperty("streams").GetInt32());
        hub.Log.Trade(Btc, 4);
        hub.Read();
        Assert.Empty(client.NextData());
    }

    [Theory]
    [InlineData("""{"op":"unsubscribe"}""")]
    [InlineData("""{"op":"unsubscribe","filterId":"a"}""")]
    [InlineData("""{"op":"subscribe","filterId":"a","filters":{"dataTypes":["quote"]}}""")]
    public void Filter_ThatHasEnded_TakesNoStreamThatAppears(string ending)
    {
        var hub = new StillHub().Start();
        var client = hub.Connect();
        client.Send("""{"op":"subscribe","filterId":"a","filters":{"dataTypes":["trade"]}}""");
        client.Send(ending);
        client.Send("""{"op":"subscribe","filterId":"b","filters":{"symbols":["XRP-USDT"]}}""");

        hub.Log.Trade(Eth, 1);
        hub.Read();

        Assert.Empty(client.NextData());
    }

    [Fact]
    public void Clients_ThatLeave_AreForgotten_WhateverTheyAskedFor()
    {
        var hub = new StillHub();
        hub.Log.Trade(Btc, 1);
        hub.Start();

        var clients = ComeAndGo(hub);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.DoesNotContain(clients, one => one.IsAlive);
        hub.Log.Trade(Eth, 1);
        hub.Read();
        Assert.Equal((0, 0), (hub.Desk.Count, hub.Desk.Filters));
    }

    [Fact]
    public void Subscribe_SameFilterIdAgain_ReplacesItAndLeavesCommonStreamsAlone()
    {
        var hub = new StillHub();
        hub.Log.Trade(Btc, 1);
        hub.Log.Trade(Eth, 1);
        hub.Start();
        var client = hub.Connect();
        client.Subscribe("""{"symbols":["BTC-USDT"],"exchange":["binance"]}""");
        client.NextData();

        client.Subscribe("""{"symbols":["BTC-USDT","ETH-USDT"],"exchange":["binance"]}""");
        Assert.Equal([$"{Eth}:trade"], client.NextData().Select(one => one.GetProperty("stream").GetString()));
        client.Subscribe("""{"symbols":["ETH-USDT"],"exchange":["binance"]}""");
        hub.Log.Trade(Btc, 2);
        hub.Log.Trade(Eth, 2);
        hub.Read();

        Assert.Equal([$"{Eth}:trade"], client.NextData().Select(one => one.GetProperty("stream").GetString()));
        Assert.Single(client.Send("""{"op":"list"}""").GetProperty("filters").EnumerateArray());
    }

    [Fact]
    public void StreamThatAppears_ReachesMatchingWildcardsFromItsFirstRecordOn()
    {
        var hub = new StillHub().Start();
        var all = hub.Connect();
        var trades = hub.Connect();
        var other = hub.Connect();
        all.Subscribe();
        trades.Subscribe("""{"dataTypes":["trade"]}""");
        other.Subscribe("""{"exchange":["okx"]}""");

        hub.Log.Trade(Btc, 1);
        hub.Log.Trade(Btc, 2);
        hub.Log.Quote(Btc, 3);
        hub.Read();

        Assert.Equal(3, all.NextData().Count(one => !one.GetProperty("snapshot").GetBoolean()));
        Assert.Equal(2, trades.NextData().Count);
        Assert.Empty(other.NextData());
    }

    [Fact]
    public void UnknownSymbol_IsToldByItsPlace_AndIsServedWhenTheInstrumentComes()
    {
        var hub = new StillHub().Start();
        var client = hub.Connect();
        var ack = client.Subscribe("""{"symbols":["NEW/USDT","BTC/USDT"],"dataTypes":["trade"]}""");
        Assert.Equal("""{"type":"ack","id":"1","filterId":"f1","streams":0,"unknown":[0,1]}""", ack.GetRawText());

        hub.Log.Instrument("binance", "NEW-USDT", "NEWUSDT");
        hub.Read();
        hub.Log.Trade("binance:NEW-USDT", 1);
        hub.Read();

        Assert.Equal("binance:NEW-USDT:trade", Assert.Single(client.NextData()).GetProperty("stream").GetString());
    }

    [Fact]
    public void MinorQuotes_GoOnlyToThoseWhoAsk()
    {
        var hub = new StillHub();
        hub.Log.Quote(Btc, 1);
        hub.Log.Quote(Btc, 2, minor: true);
        hub.Start();
        var plain = hub.Connect();
        var keen = hub.Connect();
        plain.Subscribe();
        keen.Subscribe("""{"minor":true}""");
        hub.Log.Quote(Btc, 3, minor: true);
        hub.Log.Quote(Btc, 4);
        hub.Read();

        Assert.Equal([1, 4], UpdateIds(plain));
        Assert.Equal([2, 3, 4], UpdateIds(keen));
    }

    [Fact]
    public void Book_SnapshotIsTheLastWholeBookWithTheUpdatesSince()
    {
        var hub = new StillHub();
        hub.Log.Book(Btc, 1, "update");
        hub.Log.Book(Btc, 2, "snapshot");
        hub.Log.Book(Btc, 3, "update");
        hub.Log.Book(Btc, 4, "snapshot");
        hub.Log.Book(Btc, 5, "update");
        hub.Log.Book(Btc, 6, "update");
        hub.Start();
        var client = hub.Connect();
        client.Subscribe();
        hub.Log.Book(Btc, 7, "update");
        hub.Read();

        Assert.Equal([4, 5, 6, 7], UpdateIds(client));
    }

    [Fact]
    public void Snapshot_TellsOpenHolesAndTheHealthOfEachKind()
    {
        var hub = new StillHub();
        hub.Log.Gap(Btc, 10, "open");
        hub.Log.Gap(Btc, 20, "open");
        hub.Log.Gap(Btc, 10, "repaired");
        hub.Log.Health(Btc, "trade", "starting");
        hub.Log.Health(Btc, "quote", "fresh");
        hub.Log.Health(Btc, "trade", "fresh");
        hub.Start();
        var client = hub.Connect();
        var ack = client.Subscribe("""{"dataTypes":["gap","health"]}""");

        Assert.Equal(2, ack.GetProperty("streams").GetInt32());
        var data = client.NextData();
        Assert.Equal(["20 open", "10 repaired"], data.Where(one => one.GetProperty("stream").GetString()!.EndsWith("gap", StringComparison.Ordinal))
            .Select(one => $"{one.GetProperty("data").GetProperty("fromId")} {one.GetProperty("data").GetProperty("state")}"));
        Assert.Equal(["quote fresh", "trade fresh"], data.Where(one => one.GetProperty("stream").GetString()!.EndsWith("health", StringComparison.Ordinal))
            .Select(one => $"{one.GetProperty("data").GetProperty("dataType")} {one.GetProperty("data").GetProperty("state")}"));
    }

    [Fact]
    public void Delivery_TradesAndFinalsAreRequired_AndTheRestReplacesItsOwnKind()
    {
        var hub = new StillHub().Start();
        var client = hub.Connect();
        client.Subscribe();
        hub.Log.Trade(Btc, 1);
        hub.Log.Quote(Btc, 1);
        hub.Log.Candle(Btc, "1m", 0, "forming");
        hub.Log.Candle(Btc, "1m", 0, "final");
        hub.Read();

        var data = client.Received.Where(one => one.Message.GetProperty("type").GetString() == "data").ToList();
        Assert.Equal([Delivery.Required, Delivery.Conflatable, Delivery.Conflatable, Delivery.Required], data.Select(one => one.Delivery));
        Assert.Null(data[0].Key);

        // A final takes the place of its forming one.
        Assert.Same(data[2].Key, data[3].Key);
        Assert.NotNull(data[3].Key);
        Assert.NotSame(data[1].Key, data[2].Key);
    }

    [Fact]
    public void ManyStreams_AreJoinedAsFastAsTheClientTakesThem()
    {
        var hub = new StillHub();
        for (var i = 0; i < 2000; i++)
        {
            hub.Log.Trade($"binance:C{i}-USDT", 1);
        }

        hub.Start();
        var slow = hub.Connect();
        slow.WaitingBytes = long.MaxValue;
        Assert.Equal(2000, slow.Subscribe().GetProperty("streams").GetInt32());
        Assert.Empty(slow.NextData());

        // Another one is not kept waiting.
        var quick = hub.Connect();
        quick.Subscribe();
        Assert.Equal(2000, quick.NextData().Count);

        // What comes meanwhile is in the snapshot, and once.
        hub.Log.Trade("binance:C1999-USDT", 2);
        hub.Read();
        slow.WaitingBytes = 0;
        hub.Advance(TimeSpan.FromMilliseconds(10));
        var data = slow.NextData();
        Assert.Equal(2000, data.Count);
        Assert.Equal(2, data.Single(one => one.GetProperty("stream").GetString() == "binance:C1999-USDT:trade").GetProperty("data").GetProperty("id").GetInt32());
    }

    [Fact]
    public void Leave_ForgetsTheClientEverywhere()
    {
        var hub = new StillHub();
        hub.Log.Trade(Btc, 1);
        hub.Start();
        var client = hub.Connect();
        client.Subscribe("""{"symbols":["BTC-USDT","NONE-USDT"]}""");
        client.Leave();
        hub.Log.Trade(Btc, 2);
        hub.Log.Trade(Eth, 2);
        hub.Read();

        Assert.Equal((0, 0), (hub.Desk.Count, hub.Desk.Filters));
        Assert.All(hub.State.Streams.All, stream => Assert.Equal(0, stream.Subscribers));
        Assert.Empty(hub.Protocol.Sessions);
    }

    [Fact]
    public void Leave_ClientWithAToken_LetsItsLinkGoAtOnce()
    {
        var hub = new StillHub().Start();
        var gone = ConnectAndLeave(hub);
        GC.Collect();
        Assert.DoesNotContain(gone, link => link.TryGetTarget(out _));
    }

    [Fact]
    public void Replace_FilterAtTheLimit_CountsOnlyWhatIsLeft()
    {
        var hub = new StillHub(sessions: new SessionOptions { MaxStreams = 3 });
        for (var i = 0; i < 8; i++)
        {
            hub.Log.Trade($"binance:C{i}-USDT", 1);
        }

        hub.Start();
        var client = hub.Connect();
        client.Subscribe("""{"symbols":["C0-USDT","C1-USDT","C2-USDT"]}""");
        client.NextData();
        var other = client.Subscribe("""{"symbols":["C2-USDT","C3-USDT","C4-USDT"]}""");
        Assert.Equal(("ack", 3), (other.GetProperty("type").GetString(), other.GetProperty("streams").GetInt32()));
        Assert.Equal(["binance:C3-USDT:trade", "binance:C4-USDT:trade"], client.NextData().Select(one => one.GetProperty("stream").GetString()));
        Assert.Equal("SUBSCRIPTION_LIMIT", client.Subscribe("""{"symbols":["C4-USDT","C5-USDT","C6-USDT","C7-USDT"]}""").GetProperty("code").GetString());
        hub.Log.Trade("binance:C2-USDT", 2);
        hub.Log.Trade("binance:C4-USDT", 2);
        hub.Log.Trade("binance:C0-USDT", 2);
        hub.Read();
        Assert.Equal(["binance:C2-USDT:trade", "binance:C4-USDT:trade"], client.NextData().Select(one => one.GetProperty("stream").GetString()));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static List<WeakReference<TestClient>> ConnectAndLeave(StillHub hub)
    {
        var gone = new List<WeakReference<TestClient>>();
        for (var i = 0; i < 100; i++)
        {
            var client = hub.Connect(expires: hub.View.Now + 86_400_000_000);
            gone.Add(new WeakReference<TestClient>(client));
            client.Leave();
        }

        return gone;
    }

    internal static void AssertUnbroken(TestClient client, string stream, long lastSeq)
    {
        var data = client.Messages.Where(one => one.GetProperty("type").GetString() == "data" && one.GetProperty("stream").GetString() == stream).ToList();
        var seqs = data.Select(one => one.GetProperty("seq").GetInt64()).ToList();
        Assert.Equal(seqs.Order().Distinct(), seqs);
        var row = data.Where(one => one.TryGetProperty("prev", out _)).ToList();
        for (var i = 1; i < row.Count; i++)
        {
            Assert.Equal(row[i - 1].GetProperty("seq").GetInt64(), row[i].GetProperty("prev").GetInt64());
        }

        Assert.Equal(lastSeq, seqs[^1]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> ComeAndGo(StillHub hub)
    {
        string[] filters = ["{}", """{"symbols":["BTC-USDT"]}""", """{"symbols":["NEW-USDT"]}""", """{"symbols":["*-USDT"]}""", """{"dataTypes":["trade"]}"""];
        var clients = new List<WeakReference>();
        foreach (var filter in filters)
        {
            var client = hub.Connect();
            client.Send($$"""{"op":"subscribe","filters":{{filter}}}""");
            client.Leave();
            clients.Add(new WeakReference(client));
        }

        return clients;
    }

    private static IEnumerable<int> UpdateIds(TestClient client) =>
        client.NextData().Select(one => one.GetProperty("data").GetProperty("updateId").GetInt32());
}
