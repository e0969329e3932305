using System.Text.Json.Nodes;
using Pipeline.Core.Candles;
using Pipeline.Gateway.Candles;
using static Pipeline.Gateway.Tests.Candles.CandleStack;

namespace Pipeline.Gateway.Tests.Candles;

public sealed class CandleServiceTests
{
    private const string Mint = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v";

    [Fact]
    public async Task Connect_TellsIdTimeAndIntervals()
    {
        await using var stack = new CandleStack(hasHistory: false);

        var (client, _) = stack.Connect("abc");

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
        await using var stack = new CandleStack(hasHistory: false);
        stack.Add(CandleRecord.At(0));
        await stack.SettleAsync();
        var (client, session) = stack.Connect(strings: true);

        await SendAsync(session, "subscribe", """{"symbol":"binance:BTC-USDT","interval":"1m"}""");
        stack.Add(CandleRecord.At(1));
        await stack.SettleAsync();

        Assert.Equal(["kline:binance:BTC-USDT:1m:s"], stack.Outlet.Rooms);
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
        await using var stack = new CandleStack(hasHistory: false);
        stack.Add(CandleRecord.At(0));
        await stack.SettleAsync();
        var (client, session) = stack.Connect();

        await SendAsync(session, "subscribe", new JsonObject { ["symbol"] = symbol, ["interval"] = interval }.ToJsonString());
        stack.Add(CandleRecord.At(1));
        await stack.SettleAsync();

        Assert.Equal([$"kline:{symbol}:{interval}"], stack.Outlet.Rooms);
        var update = Assert.Single(client.Of("kline_data"));
        Assert.Equal((symbol, interval), ((string)update["symbol"]!, (string)update["interval"]!));
        Assert.Equal(1, (long)client.Of("history_data")[0]["total_count"]!);
    }

    [Fact]
    public async Task Subscribe_Mint_NeedsNotBeKnownYet()
    {
        await using var stack = new CandleStack(hasHistory: false);
        await stack.SettleAsync();
        var (client, session) = stack.Connect();

        await SendAsync(session, "subscribe", $$"""{"symbol":"{{Mint}}","interval":"s1"}""");
        stack.Add(CandleRecord.At(0, "1s", instrument: $"solana:{Mint}"));
        await stack.SettleAsync();

        Assert.Equal(0, (long)client.Of("history_data")[0]["total_count"]!);
        Assert.Equal(Mint, (string)Assert.Single(client.Of("kline_data"))["symbol"]!);
        Assert.Equal((1, 1, 1), stack.Service.Rooms.Figures);
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
        await using var stack = new CandleStack(hasHistory: false);
        await stack.SettleAsync();
        var (client, session) = stack.Connect();

        var ack = await SendAsync(session, name, payload);

        var error = Assert.Single(client.Of("error"));
        Assert.Equal(code, (string)error["code"]!);
        Assert.Equal(error.ToJsonString(), ack.ToJsonString());
        Assert.DoesNotContain("<", error.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(stack.Outlet.Rooms);
    }

    [Fact]
    public async Task Subscribe_NameOfSeveralVenues_TakesTheDefaultVenueOrRefuses()
    {
        await using var with = new CandleStack(hasHistory: false);
        await using var without = new CandleStack(hasHistory: false, defaultVenue: null);
        await with.SettleAsync();
        await without.SettleAsync();
        var (_, session) = with.Connect();
        var (unsure, unsureSession) = without.Connect();

        await SendAsync(session, "subscribe", """{"symbol":"BTC-USDT","interval":"m1"}""");
        await SendAsync(session, "subscribe", """{"symbol":"SOL-USDT","interval":"m1"}""");
        await SendAsync(unsureSession, "subscribe", """{"symbol":"BTC-USDT","interval":"m1"}""");

        Assert.Equal(["kline:BTC-USDT:m1", "kline:SOL-USDT:m1"], with.Outlet.Rooms);
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

        await SendAsync(session, "subscribe", """{"symbol":"BTC-USDT","interval":"m1"}""");
        await SendAsync(session, "subscribe", """{"symbol":"BTC-USDT","interval":"m1"}""");
        await SendAsync(session, "subscribe", """{"symbol":"BTC-USDT","interval":"m5"}""");
        var refused = await SendAsync(session, "subscribe", """{"symbol":"BTC-USDT","interval":"h1"}""");
        await SendAsync(session, "unsubscribe", """{"symbol":"BTC-USDT","interval":"m5"}""");
        await SendAsync(session, "subscribe", """{"symbol":"BTC-USDT","interval":"h1"}""");

        Assert.Equal("SUBSCRIPTION_LIMIT", (string)refused["code"]!);
        Assert.Equal(4, client.Of("subscription_confirmed").Count);
        Assert.Equal(["kline:BTC-USDT:h1", "kline:BTC-USDT:m1"], stack.Outlet.Rooms);
    }

    [Fact]
    public async Task Unsubscribe_ByNameOrId_EndsUpdates()
    {
        await using var stack = new CandleStack(hasHistory: false);
        await stack.SettleAsync();
        var (client, session) = stack.Connect();
        await SendAsync(session, "subscribe", """{"symbol":"BTC-USDT","interval":"m1","subscription_id":7}""");
        await SendAsync(session, "subscribe", """{"symbol":"BTC/USDT","interval":"m1"}""");

        var first = await SendAsync(session, "unsubscribe", """{"subscription_id":7}""");
        var second = await SendAsync(session, "unsubscribe", """{"symbol":"BTC/USDT","interval":"m1"}""");
        stack.Add(CandleRecord.At(0));
        await stack.SettleAsync();

        Assert.Equal("""{"symbol":"BTC-USDT","interval":"m1","subscription_id":7}""", first.ToJsonString());
        Assert.Equal("sub-1", (string)second["subscription_id"]!);
        Assert.Equal(2, client.Of("unsubscription_confirmed").Count);
        Assert.Empty(client.Of("kline_data"));
        Assert.Equal((0, 0, 0), stack.Service.Rooms.Figures);
    }

    [Fact]
    public async Task Client_WithoutSubscription_IsLetGoAfterTheTimeout()
    {
        await using var stack = new CandleStack(hasHistory: false);
        await stack.SettleAsync();
        var (idle, _) = stack.Connect("idle");
        var (busy, session) = stack.Connect("busy");
        await SendAsync(session, "subscribe", """{"symbol":"BTC-USDT","interval":"m1"}""");

        stack.Time.Advance(TimeSpan.FromSeconds(59.9));
        Assert.False(idle.IsDisconnected);
        stack.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(idle.IsDisconnected);
        stack.Time.Advance(TimeSpan.FromHours(1));
        Assert.False(busy.IsDisconnected);

        // Without its last subscription the time begins anew.
        await SendAsync(session, "unsubscribe", """{"symbol":"BTC-USDT","interval":"m1"}""");
        stack.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.True(busy.IsDisconnected);
    }

    [Fact]
    public async Task Client_ThatHasGone_LeavesNothingBehind()
    {
        await using var stack = new CandleStack(hasHistory: false);
        await stack.SettleAsync();
        var (_, session) = stack.Connect();
        for (var i = 0; i < 10; i++)
        {
            await SendAsync(session, "subscribe", $$"""{"symbol":"BTC-USDT","interval":"{{Core.Market.CandleInterval.All[i].Name}}"}""");
        }

        Assert.Equal((10, 1, 10), stack.Service.Rooms.Figures);
        session.Dispose();
        session.Dispose();
        await stack.SettleAsync();

        Assert.Equal((0, 0, 0), stack.Service.Rooms.Figures);
        Assert.Equal(0, stack.Service.Connections);
        Assert.Empty(stack.Outlet.Rooms);
        Assert.Equal(0, stack.Time.PendingTimers);
    }

    [Fact]
    public async Task Client_WhoseConnectionBroke_KeepsItsRoomsUntilItIsTooLate()
    {
        await using var stack = new CandleStack(hasHistory: false);
        await stack.SettleAsync();
        var (_, session) = stack.Connect();
        await SendAsync(session, "subscribe", """{"symbol":"BTC-USDT","interval":"m1"}""");

        session.Suspend(TimeSpan.FromMinutes(2));
        Assert.Equal((0, 1), (stack.Service.Connections, stack.Service.Rooms.Figures.Subscriptions));
        stack.Time.Advance(TimeSpan.FromSeconds(119));
        Assert.True(session.TryResume(new FakeKlineClient("c1", stack.Outlet)));
        stack.Time.Advance(TimeSpan.FromHours(1));
        await stack.SettleAsync();
        Assert.Equal((1, 1), (stack.Service.Connections, stack.Service.Rooms.Figures.Subscriptions));

        session.Suspend(TimeSpan.FromMinutes(2));
        stack.Time.Advance(TimeSpan.FromMinutes(2));
        await stack.SettleAsync();
        Assert.False(session.TryResume(new FakeKlineClient("c1", stack.Outlet)));
        Assert.Equal((0, 0, 0), stack.Service.Rooms.Figures);
        Assert.Equal(0, stack.Time.PendingTimers);
    }

    [Fact]
    public async Task Client_ThatSendsTooMuch_IsToldSo()
    {
        await using var stack = new CandleStack(hasHistory: false);
        await stack.SettleAsync();
        var (client, session) = stack.Connect();

        for (var i = 0; i < 400; i++)
        {
            await SendAsync(session, "nonsense", null);
        }

        var codes = client.Of("error").Select(error => (string)error["code"]!).ToList();
        Assert.Equal(300, codes.Count(code => code == "INVALID_REQUEST"));
        Assert.Equal(100, codes.Count(code => code == "RATE_LIMITED"));
        stack.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("INVALID_REQUEST", (string)(await SendAsync(session, "nonsense", null))["code"]!);
    }

    [Fact]
    public async Task Update_IsEncodedOncePerRoom_AndOnlyFormingOnesMayBeReplaced()
    {
        await using var stack = new CandleStack(hasHistory: false);
        await stack.SettleAsync();
        for (var i = 0; i < 50; i++)
        {
            var (_, session) = stack.Connect($"c{i}", strings: i % 2 == 0);
            await SendAsync(session, "subscribe", """{"symbol":"BTC-USDT","interval":"m1"}""");
        }

        stack.Add(CandleRecord.At(0, state: "forming", updates: 1));
        stack.Add(CandleRecord.At(0, state: "final", updates: 2));
        stack.Add(CandleRecord.At(0, state: "revised", updates: 3, revision: 1));
        await stack.SettleAsync();

        Assert.Equal(
            [
                ("kline:BTC-USDT:m1:s", true), ("kline:BTC-USDT:m1", true), ("kline:BTC-USDT:m1:s", false), ("kline:BTC-USDT:m1", false),
                ("kline:BTC-USDT:m1:s", false), ("kline:BTC-USDT:m1", false),
            ],
            stack.Outlet.Published.Select(one => (one.Room, one.Candle is not null)));
    }

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
