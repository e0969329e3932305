using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Core.Candles;
using Pipeline.Core.Market;
using Pipeline.Fanout;
using Pipeline.Gateway.Candles;
using Pipeline.Gateway.History;
using Pipeline.Gateway.Hub;
using static Pipeline.Gateway.Tests.Candles.CandleStack;

namespace Pipeline.Gateway.Tests.Candles;

public sealed class CandleServiceTests : IAsyncLifetime, IAsyncDisposable
{
    private const string Mint = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v";

    /// <summary>Without history, and everything as it is by default; tests of anything else make one of their own.</summary>
    private readonly CandleStack _stack = new(hasHistory: false);

    public Task InitializeAsync() => _stack.SettleAsync();

    public ValueTask DisposeAsync() => _stack.DisposeAsync();

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Fact]
    public async Task Connect_TellsIdTimeAndIntervals()
    {
        var (client, _) = _stack.Connect("abc");

        var hello = Assert.Single(client.Of("connection_success"));
        Assert.Equal("abc", (string)hello["client_id"]!);
        Assert.Equal(1_767_657_600_000, (long)hello["server_time"]!);
        Assert.Equal(
            ["s1", "s5", "s15", "s30", "m1", "m3", "m5", "m15", "m30", "h1", "h2", "h4", "h6", "h12", "d1", "w1"],
            hello["supported_intervals"]!.AsArray().Select(one => (string)one!));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Subscribe_ConfirmsThenHistoryThenUpdates_InTheRecordsOwnDigits(bool hasHistory)
    {
        await using var stack = new CandleStack(hasHistory: hasHistory);
        stack.Add(CandleRecord.At(0));
        stack.Add(CandleRecord.At(1, state: "forming", updates: 2));
        await stack.SettleAsync();
        var (client, session) = stack.Connect();

        var ack = await SendAsync(session, "subscribe", """{"symbol":"BTC-USDT","interval":"m1","subscription_id":"mine"}""");
        stack.Add(CandleRecord.At(1, updates: 3));
        stack.Add(CandleRecord.At(0, state: "revised", updates: 5, revision: 1));
        await stack.SettleAsync();

        Assert.Equal(["connection_success", "subscription_confirmed", "history_data", "kline_data", "kline_data"], client.Raw.Select(one => one.Name));
        Assert.Equal("""{"symbol":"BTC-USDT","interval":"m1","subscription_id":"mine"}""", client.Text(1));
        Assert.Equal(client.Text(1), ack.ToJsonString());
        Assert.Equal(
            """{"symbol":"BTC-USDT","interval":"m1","data":["""
            + """{"time":1767571200,"open":91230.5,"high":91240.1234567890123,"low":0.00000000000000000123,"close":91234,"volume":123456789012345678901234.000001,"is_final":true,"update_type":"final","update_count":4},"""
            + """{"time":1767571260,"open":91230.5,"high":91240.1234567890123,"low":0.00000000000000000123,"close":91234,"volume":123456789012345678901234.000001,"is_final":false,"update_type":"realtime","update_count":2}"""
            + """],"has_more":false,"total_count":2}""",
            client.Text(2));
        var live = client.Of("kline_data");
        Assert.Equal("BTC-USDT", (string)live[0]["symbol"]!);
        Assert.Equal("m1", (string)live[0]["interval"]!);
        Assert.True((long)live[0]["timestamp"]! > 1_700_000_000_000);
        Assert.Equal((1_767_571_260, true, "final", 3), Row(live[0]["data"]!));
        Assert.Equal((1_767_571_200, true, "revised", 5), Row(live[1]["data"]!));
        Assert.Contains("\"volume\":123456789012345678901234.000001,", client.Text(3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscribe_WithStrings_GetsTheSameDigitsInQuotesInARoomOfItsOwn()
    {
        _stack.Add(CandleRecord.At(0));
        await _stack.SettleAsync();
        var (client, session) = _stack.Connect(strings: true);

        await SubscribeAsync(session, "binance:BTC-USDT", "1m");
        _stack.Add(CandleRecord.At(1));
        await _stack.SettleAsync();

        Assert.Equal(["kline:binance:BTC-USDT:1m:s"], _stack.Outlet.Rooms);
        Assert.Equal("91240.1234567890123", (string)client.Of("history_data")[0]["data"]![0]!["high"]!);
        Assert.Equal("0.00000000000000000123", (string)client.Of("kline_data")[0]["data"]!["low"]!);
    }

    [Theory]
    [InlineData("BTC-USDT", "m1")]
    [InlineData("binance:BTC-USDT", "1m")]
    [InlineData("BINANCE:BTCUSDT", "1")]
    [InlineData("BTC/USDT", "1m")]
    [InlineData("btcusdt", "1m")]
    public async Task Subscribe_EverySpelling_IsAnsweredInItself(string symbol, string interval)
    {
        _stack.Add(CandleRecord.At(0));
        await _stack.SettleAsync();
        var (client, session) = _stack.Connect();

        await SubscribeAsync(session, symbol, interval);
        _stack.Add(CandleRecord.At(1));
        await _stack.SettleAsync();

        Assert.Equal([$"kline:{symbol}:{interval}"], _stack.Outlet.Rooms);
        var update = Assert.Single(client.Of("kline_data"));
        Assert.Equal((symbol, interval), ((string)update["symbol"]!, (string)update["interval"]!));
        Assert.Equal(1, (long)client.Of("history_data")[0]["total_count"]!);
    }

    [Fact]
    public async Task Subscribe_Mint_NeedsNotBeKnownYet()
    {
        var (client, session) = _stack.Connect();

        await SubscribeAsync(session, Mint, "s1");
        _stack.Add(CandleRecord.At(0, "1s", instrument: $"solana:{Mint}"));
        await _stack.SettleAsync();

        Assert.Equal(0, (long)client.Of("history_data")[0]["total_count"]!);
        Assert.Equal(Mint, (string)Assert.Single(client.Of("kline_data"))["symbol"]!);
        Assert.Equal((1, 1, 1), _stack.Service.Rooms.Figures);
    }

    [Theory]
    [InlineData("subscribe", """{"symbol":"NO-SUCH","interval":"m1"}""", "INVALID_SYMBOL")]
    [InlineData("subscribe", """{"symbol":"EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt10","interval":"m1"}""", "INVALID_SYMBOL")]
    [InlineData("subscribe", """{"symbol":"<script>","interval":"m1"}""", "INVALID_SYMBOL")]
    [InlineData("subscribe", """{"symbol":"BTC-USDT","interval":"m7"}""", "INVALID_INTERVAL")]
    [InlineData("subscribe", """{"symbol":"BTC-USDT","interval":"1M"}""", "INVALID_INTERVAL")]
    [InlineData("subscribe", """{"symbol":"BTC-USDT"}""", "INVALID_REQUEST")]
    [InlineData("subscribe", """{"symbol":7,"interval":"m1"}""", "INVALID_REQUEST")]
    [InlineData("subscribe", """{"symbol":"\ud800","interval":"m1"}""", "INVALID_REQUEST")]
    [InlineData("subscribe", """{"symbol":"BTC-USDT","interval":"m1","subscription_id":{}}""", "INVALID_REQUEST")]
    [InlineData("subscribe", """["BTC-USDT","m1"]""", "INVALID_REQUEST")]
    [InlineData("subscribe", null, "INVALID_REQUEST")]
    [InlineData("unsubscribe", """{"symbol":"BTC-USDT","interval":"m1"}""", "NOT_SUBSCRIBED")]
    [InlineData("unsubscribe", "{}", "INVALID_REQUEST")]
    [InlineData("history", """{"symbol":"BTC-USDT","interval":"m1","limit":0}""", "INVALID_REQUEST")]
    [InlineData("history", """{"symbol":"BTC-USDT","interval":"m1","limit":"10"}""", "INVALID_REQUEST")]
    [InlineData("history", """{"symbol":"BTC-USDT","interval":"m1","to":1.5}""", "INVALID_REQUEST")]
    [InlineData("publish", "{}", "INVALID_REQUEST")]
    public async Task Event_ThatIsWrong_IsRefusedWithACodeAndWithoutAnEcho(string name, string? payload, string code)
    {
        var (client, session) = _stack.Connect();

        var ack = await SendAsync(session, name, payload);

        var error = Assert.Single(client.Of("error"));
        Assert.Equal(code, (string)error["code"]!);
        Assert.Equal(error.ToJsonString(), ack.ToJsonString());
        Assert.DoesNotContain("<", error.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(_stack.Outlet.Rooms);
    }

    [Fact]
    public async Task Subscribe_NameOfSeveralVenues_TakesTheDefaultVenueOrRefuses()
    {
        await using var without = new CandleStack(hasHistory: false, defaultVenue: null);
        await without.SettleAsync();
        var (_, session) = _stack.Connect();
        var (unsure, unsureSession) = without.Connect();

        await SubscribeAsync(session);
        await SubscribeAsync(session, symbol: "SOL-USDT");
        await SubscribeAsync(unsureSession);

        Assert.Equal(["kline:BTC-USDT:m1", "kline:SOL-USDT:m1"], _stack.Outlet.Rooms);
        Assert.Equal("INVALID_SYMBOL", (string)unsure.Of("error")[0]["code"]!);
    }

    [Fact]
    public async Task History_LimitAndTo_AreKeptOverStoreAndMemory()
    {
        await using var stack = new CandleStack();
        for (var i = 0; i < 1_200; i++)
        {
            stack.Add(CandleRecord.At(i));
        }

        await stack.SettleAsync();
        stack.Add(CandleRecord.At(1_200, state: "forming"));
        var (client, session) = stack.Connect();
        await stack.SettleAsync();

        await SendAsync(session, "history", """{"symbol":"BTC-USDT","interval":"m1"}""");
        await SendAsync(session, "history", """{"symbol":"BTC-USDT","interval":"m1","limit":5000}""");
        await SendAsync(session, "history", $$"""{"symbol":"BTC-USDT","interval":"m1","limit":3,"to":{{Second(10)}}}""");
        await SendAsync(session, "history", $$"""{"symbol":"BTC-USDT","interval":"m1","to":{{Second(3)}}}""");
        await SendAsync(session, "history", """{"symbol":"BTC-USDT","interval":"m1","to":-5}""");
        await SendAsync(session, "history", """{"symbol":"BTC-USDT","interval":"h1"}""");

        var answers = client.Of("history_data");
        Assert.Equal((100, 1_101, 1_200, true, 1_201), Summary(answers[0]));
        Assert.Equal((1_000, 201, 1_200, true, 1_201), Summary(answers[1]));
        Assert.Equal((3, 7, 9, true, 1_201), Summary(answers[2]));
        Assert.Equal((3, 0, 2, false, 1_201), Summary(answers[3]));
        Assert.Equal((0, -1, -1, false, 1_201), Summary(answers[4]));
        Assert.Equal((0, -1, -1, false, 0), Summary(answers[5]));
        Assert.Empty(stack.Outlet.Rooms);
    }

    [Fact]
    public async Task Subscriptions_AreLimitedAndCountedOncePerRoom()
    {
        await using var stack = new CandleStack(hasHistory: false, options: new CandleServiceOptions { MaxSubscriptionsPerClient = 2 });
        await stack.SettleAsync();
        var (client, session) = stack.Connect();

        await SubscribeAsync(session);
        await SubscribeAsync(session);
        await SubscribeAsync(session, interval: "m5");
        var refused = await SubscribeAsync(session, interval: "h1");
        await UnsubscribeAsync(session, interval: "m5");
        await SubscribeAsync(session, interval: "h1");

        Assert.Equal("SUBSCRIPTION_LIMIT", (string)refused["code"]!);
        Assert.Equal(4, client.Of("subscription_confirmed").Count);
        Assert.Equal(["kline:BTC-USDT:h1", "kline:BTC-USDT:m1"], stack.Outlet.Rooms);
    }

    [Fact]
    public async Task Unsubscribe_ByNameOrId_EndsUpdates()
    {
        var (client, session) = _stack.Connect();
        await SendAsync(session, "subscribe", """{"symbol":"BTC-USDT","interval":"m1","subscription_id":7}""");
        await SubscribeAsync(session, symbol: "BTC/USDT");

        var first = await SendAsync(session, "unsubscribe", """{"subscription_id":7}""");
        var second = await UnsubscribeAsync(session, symbol: "BTC/USDT");
        _stack.Add(CandleRecord.At(0));
        await _stack.SettleAsync();

        Assert.Equal("""{"symbol":"BTC-USDT","interval":"m1","subscription_id":7}""", first.ToJsonString());
        Assert.Equal("sub-1", (string)second["subscription_id"]!);
        Assert.Equal(2, client.Of("unsubscription_confirmed").Count);
        Assert.Empty(client.Of("kline_data"));
        Assert.Equal((0, 0, 0), _stack.Service.Rooms.Figures);
    }

    [Fact]
    public async Task Client_WithoutSubscription_IsLetGoAfterTheTimeout()
    {
        var (idle, _) = _stack.Connect("idle");
        var (busy, session) = _stack.Connect("busy");
        await SubscribeAsync(session);

        _stack.Time.Advance(TimeSpan.FromSeconds(59.9));
        Assert.False(idle.IsDisconnected);
        _stack.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(idle.IsDisconnected);
        _stack.Time.Advance(TimeSpan.FromHours(1));
        Assert.False(busy.IsDisconnected);

        // Without its last subscription the time begins anew.
        await UnsubscribeAsync(session);
        _stack.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.True(busy.IsDisconnected);
    }

    [Fact]
    public async Task Client_ThatHasGone_LeavesNothingBehind()
    {
        var (_, session) = _stack.Connect();
        for (var i = 0; i < 10; i++)
        {
            await SubscribeAsync(session, interval: Core.Market.CandleInterval.All[i].Name);
        }

        Assert.Equal((10, 1, 10), _stack.Service.Rooms.Figures);
        session.Dispose();
        session.Dispose();
        await _stack.SettleAsync();

        Assert.Equal((0, 0, 0), _stack.Service.Rooms.Figures);
        Assert.Equal(0, _stack.Service.Connections);
        Assert.Empty(_stack.Outlet.Rooms);
        Assert.Equal(0, _stack.Time.PendingTimers);
    }

    [Fact]
    public async Task Client_WhoseConnectionBroke_KeepsItsRoomsUntilItIsTooLate()
    {
        var (_, session) = _stack.Connect();
        await SubscribeAsync(session);

        session.Suspend(session.Client, TimeSpan.FromMinutes(2));
        Assert.Equal((0, 1), (_stack.Service.Connections, _stack.Service.Rooms.Figures.Subscriptions));
        _stack.Time.Advance(TimeSpan.FromSeconds(119));
        Assert.True(session.TryResume(new FakeKlineClient("c1", _stack.Outlet)));
        _stack.Time.Advance(TimeSpan.FromHours(1));
        await _stack.SettleAsync();
        Assert.Equal((1, 1), (_stack.Service.Connections, _stack.Service.Rooms.Figures.Subscriptions));

        session.Suspend(session.Client, TimeSpan.FromMinutes(2));
        _stack.Time.Advance(TimeSpan.FromMinutes(2));
        await _stack.SettleAsync();
        Assert.False(session.TryResume(new FakeKlineClient("c1", _stack.Outlet)));
        Assert.Equal((0, 0, 0), _stack.Service.Rooms.Figures);
        Assert.Equal(0, _stack.Time.PendingTimers);
    }

    [Fact]
    public async Task Clients_WhoseConnectionsBroke_AreBoundedInNumberAndRooms_TheOldestGoFirst()
    {
        var suspended = new SuspendedSessions(maxSessions: 3, maxBytes: 4608);
        await using var stack = new CandleStack(hasHistory: false, suspended: suspended);
        await stack.SettleAsync();
        var sessions = Enumerable.Range(0, 6).Select(number => stack.Connect($"c{number}").Session).ToList();
        await SubscribeAsync(sessions[0]);
        foreach (var session in sessions.Take(4))
        {
            session.Suspend(session.Client, TimeSpan.FromMinutes(2));
        }

        await stack.SettleAsync();
        Assert.Equal((3, 1), (suspended.Count, suspended.Evicted));
        Assert.False(sessions[0].TryClaim());
        Assert.Equal((0, 0, 0), stack.Service.Rooms.Figures);
        Assert.True(sessions[1].TryClaim());
        Assert.Equal(2, suspended.Count);

        // A thousand bytes for a session, half as much again for each room.
        foreach (var interval in new[] { "m1", "m5" })
        {
            await SubscribeAsync(sessions[4], interval: interval);
        }

        sessions[4].Suspend(sessions[4].Client, TimeSpan.FromMinutes(2));
        Assert.Equal((1, 3), (suspended.Count, suspended.Evicted));
        Assert.True(sessions[4].TryResume(new FakeKlineClient("c4", stack.Outlet)));
        Assert.Equal((0, 0L), (suspended.Count, suspended.Bytes));
        Assert.Equal(2, stack.Service.Rooms.Figures.Subscriptions);
        Assert.Equal(2, stack.Service.Connections);
        Assert.True(sessions[1].TryResume(new FakeKlineClient("c1", stack.Outlet)));
        Assert.Equal(3, stack.Service.Connections);
    }

    [Fact]
    public async Task Client_ThatSendsTooMuch_IsToldSo()
    {
        var (client, session) = _stack.Connect();

        for (var i = 0; i < 400; i++)
        {
            await SendAsync(session, "nonsense", null);
        }

        var codes = client.Of("error").Select(error => (string)error["code"]!).ToList();
        Assert.Equal(300, codes.Count(code => code == "INVALID_REQUEST"));
        Assert.Equal(100, codes.Count(code => code == "RATE_LIMITED"));
        _stack.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("INVALID_REQUEST", (string)(await SendAsync(session, "nonsense", null))["code"]!);
    }

    [Fact]
    public async Task Update_IsEncodedOncePerRoom_AndOnlyFormingOnesMayBeReplaced()
    {
        for (var i = 0; i < 50; i++)
        {
            var (_, session) = _stack.Connect($"c{i}", strings: i % 2 == 0);
            await SubscribeAsync(session);
        }

        _stack.Add(CandleRecord.At(0, state: "forming", updates: 1));
        _stack.Add(CandleRecord.At(0, state: "final", updates: 2));
        _stack.Add(CandleRecord.At(0, state: "revised", updates: 3, revision: 1));
        await _stack.SettleAsync();

        Assert.Equal(
            [
                ("kline:BTC-USDT:m1:s", Delivery.Conflatable), ("kline:BTC-USDT:m1", Delivery.Conflatable),
                ("kline:BTC-USDT:m1:s", Delivery.Required), ("kline:BTC-USDT:m1", Delivery.Required),
                ("kline:BTC-USDT:m1:s", Delivery.Required), ("kline:BTC-USDT:m1", Delivery.Required),
            ],
            _stack.Outlet.Published);
        Assert.Equal((6, 150), (_stack.Service.Published, _stack.Service.Sent));
    }

    /// <summary>At a first start a collector writes the past while the present goes on.</summary>
    [Fact]
    public async Task CandlesOfThePast_AreHistoryAndReachNobodyWhoWatches()
    {
        await using var stack = new CandleStack();
        stack.Add(CandleRecord.At(10));
        await stack.SettleAsync();
        var (client, session) = stack.Connect();
        await SendAsync(session, "subscribe", """{"symbol":"BTC-USDT","interval":"m1"}""");

        stack.Add(CandleRecord.At(7) with { Source = "venue" });
        stack.Add(CandleRecord.At(11, state: "forming", updates: 1));
        stack.Add(CandleRecord.At(8) with { Source = "venue" });
        stack.Add(CandleRecord.At(11, updates: 2));
        stack.Add(CandleRecord.At(10, state: "revised", updates: 5, revision: 1) with { Source = "mixed" });
        await stack.SettleAsync();
        var history = await SendAsync(session, "history", """{"symbol":"BTC-USDT","interval":"m1"}""");

        Assert.Equal(
            [(Second(11), false, "realtime", 1), (Second(11), true, "final", 2), (Second(10), true, "revised", 5)],
            client.Of("kline_data").Select(one => Row(one["data"]!)));
        Assert.Equal([Second(7), Second(8), Second(10), Second(11)], history["data"]!.AsArray().Select(one => (long)one!["time"]!));
    }

    [Fact]
    public async Task Final_TakesThePlaceOfTheFormingOneThatWaits()
    {
        var (_, session) = _stack.Connect();
        await SubscribeAsync(session);

        _stack.Add(CandleRecord.At(0, state: "forming", updates: 1));
        _stack.Add(CandleRecord.At(0, state: "final", updates: 2));
        _stack.Add(CandleRecord.At(1, state: "forming", updates: 1));
        _stack.Add(CandleRecord.At(0, state: "revised", updates: 3, revision: 1));
        await _stack.SettleAsync();

        var waiting = new List<(long, bool, string, int)>();
        while (_stack.Outlet.Waiting.TryTake(out var item))
        {
            waiting.Add(Row(JsonNode.Parse(item.Message.Payload.Span)!["data"]!));
        }

        Assert.Equal([(Second(0), true, "final", 2), (Second(1), false, "realtime", 1), (Second(0), true, "revised", 3)], waiting);
    }

    [Fact]
    public async Task Spellings_OfOneSeries_AreAFewForAClientAndBoundedForAll()
    {
        var (_, greedy) = _stack.Connect();
        var answers = new List<JsonNode>();
        foreach (var symbol in (string[])["BTC-USDT", "btc-usdt", "BTC/USDT", "btcusdt", "BTCUSDT"])
        {
            answers.Add(await SubscribeAsync(greedy, symbol));
        }

        Assert.Equal([null, null, null, null, "SUBSCRIPTION_LIMIT"], answers.Select(one => (string?)one["code"]));

        // Every way of writing a name in both cases, each by a client of its own.
        var refused = 0;
        for (var i = 1; i < 128; i++)
        {
            var odd = string.Concat("btcusdt".Select((c, at) => (i >> at & 1) == 1 ? char.ToUpperInvariant(c) : c));
            var (_, session) = _stack.Connect($"odd-{i}");
            var answer = await SubscribeAsync(session, odd);
            refused += (string?)answer["code"] == "SUBSCRIPTION_LIMIT" ? 1 : 0;
        }

        // All in capitals is plain; who writes it as others do is served all the same.
        Assert.Equal(126 - 16, refused);
        var (_, ordinary) = _stack.Connect("ordinary");
        Assert.Null((await SubscribeAsync(ordinary, "binance:BTC-USDT", "1m"))["code"]);
        Assert.Equal(4 + 1 + 16 + 1, _stack.Service.Rooms.Figures.Rooms);
    }

    [Fact]
    public async Task Client_ThatHasGone_IsForgottenAlsoByAHubThatHasTooMuchToDo()
    {
        var service = new CandleService(new CandleServiceOptions(), null, null, _stack.Outlet, _stack.Time);
        service.Attach(new FullHub(), _stack.Hub.Instruments, _stack.Addresses, "binance");
        var session = service.Connect(new FakeKlineClient("c1", _stack.Outlet), strings: false);
        service.Rooms.Join(session, KlineRoom.Make("BTC-USDT", "m1", false, new CandleSeries("binance:BTC-USDT", CandleInterval.Parse("1m"))));
        Assert.Equal((1, 1, 1), service.Rooms.Figures);

        session.Dispose();

        Assert.Equal((0, 0, 0), service.Rooms.Figures);
    }

    [Fact]
    public async Task Client_BackOnAnotherConnection_IsNotSuspendedByTheOldOne()
    {
        var (old, session) = _stack.Connect();
        await SubscribeAsync(session);
        var fresh = new FakeKlineClient("c1", _stack.Outlet);

        Assert.True(session.TryResume(fresh));
        session.Suspend(old, TimeSpan.FromMinutes(2));
        session.End(old);
        _stack.Time.Advance(TimeSpan.FromHours(1));
        _stack.Add(CandleRecord.At(0));
        await _stack.SettleAsync();

        Assert.Equal((1, 1), (_stack.Service.Connections, _stack.Service.Rooms.Figures.Subscriptions));
        Assert.Single(fresh.Of("kline_data"));

        // What the old connection still says is not the client's word any more.
        await session.HandleAsync(old, "unsubscribe", JsonDocument.Parse("""{"symbol":"BTC-USDT","interval":"m1"}""").RootElement);
        Assert.Equal(1, _stack.Service.Rooms.Figures.Subscriptions);
    }

    [Fact]
    public async Task Client_WhoseConnectionIsReplacedWhileItSubscribes_IsInTheRoomAndHasOneRequestOnItsWay()
    {
        await using var stack = new CandleStack(hasHistory: false, options: new CandleServiceOptions { MaxSubscriptionsPerClient = 1 });
        await stack.SettleAsync();
        var (old, session) = stack.Connect();
        using var goOn = new ManualResetEventSlim();
        var busy = stack.Hub.AskAsync(_ => goOn.Wait(TimeSpan.FromSeconds(30)));
        var first = session.HandleAsync(old, "subscribe", JsonDocument.Parse("""{"symbol":"BTC-USDT","interval":"m1"}""").RootElement);
        var fresh = new FakeKlineClient("c1", stack.Outlet);
        Assert.True(session.TryResume(fresh));
        var second = session.HandleAsync(fresh, "subscribe", JsonDocument.Parse("""{"symbol":"BTC-USDT","interval":"m5"}""").RootElement);
        goOn.Set();
        await busy;
        await first;

        Assert.Equal("SUBSCRIPTION_LIMIT", (string)JsonNode.Parse((await second).Span)!["code"]!);
        stack.Add(CandleRecord.At(0));
        await stack.SettleAsync();
        Assert.Single(fresh.Of("kline_data"));
    }

    [Fact]
    public async Task History_OfAStoreThatTheHubDoesNotReach_IsRefusedAfterAFewTries()
    {
        await using var stack = new CandleStack();
        stack.Add(CandleRecord.At(0));
        await stack.SettleAsync();
        var hub = new LateHub(stack.Log.LogId);
        var history = new CandleHistory(stack.Store, null, new CandleBoard(), stack.Time);
        var range = new HistoryRange(new Pipeline.History.SeriesKey("binance", "BTC-USDT", CandleInterval.Parse("1m")), 10);

        var answer = history.AnswerAsync(hub, range);
        while (!answer.IsCompleted)
        {
            stack.Time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        await Assert.ThrowsAsync<HubUnavailableException>(() => answer);
        Assert.InRange(hub.Asked, 2, 10);
        hub.Position = 1;
        Assert.Single((await history.AnswerAsync(hub, range)).Candles);
        Assert.Equal(1, history.Latency.Count);
    }

    /// <summary>Takes only what must not be left out.</summary>
    private sealed class FullHub : ICandleHub
    {
        public Task<T> AskAsync<T>(Func<ICandleTail, T> question, CancellationToken cancellation = default) => throw new HubUnavailableException();

        public bool Post(Action<ICandleTail> command, bool force = false)
        {
            if (force)
            {
                command(null!);
            }

            return force;
        }
    }

    /// <summary>Has not read what the store has.</summary>
    private sealed class LateHub(string logId) : ICandleHub, ICandleTail
    {
        public int Asked { get; private set; }

        public long Position { get; set; }

        public string LogId => logId;

        public Task<T> AskAsync<T>(Func<ICandleTail, T> question, CancellationToken cancellation = default)
        {
            Asked++;
            return Task.FromResult(question(this));
        }

        public bool Post(Action<ICandleTail> command, bool force = false) => true;

        public int PartitionOf(CandleSeries series) => CandleRecord.PartitionOf(series.Instrument, 2);

        public long PositionOf(int partition) => Position;

        public IReadOnlyList<StreamRecord> CandlesAfter(CandleSeries series, int partition, long offset) => [];

        public void Release(int partition, long offset)
        {
        }
    }

    private static Task<JsonNode> SubscribeAsync(KlineSession session, string symbol = "BTC-USDT", string interval = "m1") =>
        SendAsync(session, "subscribe", new JsonObject { ["symbol"] = symbol, ["interval"] = interval }.ToJsonString());

    private static Task<JsonNode> UnsubscribeAsync(KlineSession session, string symbol = "BTC-USDT", string interval = "m1") =>
        SendAsync(session, "unsubscribe", new JsonObject { ["symbol"] = symbol, ["interval"] = interval }.ToJsonString());

    private static (long, bool, string, int) Row(JsonNode row) =>
        ((long)row["time"]!, (bool)row["is_final"]!, (string)row["update_type"]!, (int)row["update_count"]!);

    private static long Second(int index) => (CandleRecord.Start / 1_000_000) + (index * 60);

    private static (int Count, int First, int Last, bool HasMore, long Total) Summary(JsonNode answer)
    {
        var times = answer["data"]!.AsArray().Select(row => (int)(((long)row!["time"]! - Second(0)) / 60)).ToList();
        Assert.Equal(times.Order(), times);
        return (times.Count, times.FirstOrDefault(-1), times.LastOrDefault(-1), (bool)answer["has_more"]!, (long)answer["total_count"]!);
    }
}
