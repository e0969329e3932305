using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Core.Topology;
using Pipeline.Gateway.Candles;
using Pipeline.Gateway.Security;
using Pipeline.Gateway.Tests.Security;
using static Pipeline.Gateway.Tests.Candles.CandleStack;

namespace Pipeline.Gateway.Tests.Candles;

/// <summary>What the clients of one address may do together at the candle service.</summary>
public sealed class CandleAddressTests : IAsyncLifetime, IAsyncDisposable
{
    private static readonly IPAddress One = IPAddress.Parse("198.51.100.1");
    private static readonly IPAddress Other = IPAddress.Parse("198.51.100.2");

    private readonly CandleStack _stack = new(
        hasHistory: false, limits: new GatewayLimits { MaxMessagesPerSecondPerAddress = 20, MaxStreamsPerAddress = 3 });

    public Task InitializeAsync() => _stack.SettleAsync();

    public ValueTask DisposeAsync() => _stack.DisposeAsync();

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Fact]
    public async Task Events_BeyondTheRateOfTheAddress_AreRefused()
    {
        var (_, one) = _stack.Connect("c1", address: One);
        var (_, two) = _stack.Connect("c2", address: One);
        var (_, other) = _stack.Connect("c3", address: Other);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal("INVALID_REQUEST", (string)(await SendAsync(i % 2 == 0 ? one : two, "nonsense", null))["code"]!);
        }

        Assert.Equal("RATE_LIMITED", (string)(await SubscribeAsync(one))["code"]!);
        Assert.Equal("RATE_LIMITED", (string)(await SubscribeAsync(two))["code"]!);
        Assert.Null((await SubscribeAsync(other))["code"]);
        Assert.Equal(2, AddressQuotaTests.Refused(_stack.Metrics, "messages"));
        _stack.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null((await SubscribeAsync(one))["code"]);
    }

    [Fact]
    public async Task Rooms_BeyondTheLimitOfTheAddress_AreRefused_UntilSomeAreGivenBack()
    {
        var (client, one) = _stack.Connect("c1", address: One);
        var (_, two) = _stack.Connect("c2", address: One);
        var (_, other) = _stack.Connect("c3", address: Other);
        Assert.Null((await SubscribeAsync(one, "m1"))["code"]);
        Assert.Null((await SubscribeAsync(one, "m5"))["code"]);
        Assert.Null((await SubscribeAsync(two, "m1"))["code"]);

        Assert.Equal("SUBSCRIPTION_LIMIT", (string)(await SubscribeAsync(one, "h1"))["code"]!);
        Assert.Equal((2, 1), (client.Of("subscription_confirmed").Count, AddressQuotaTests.Refused(_stack.Metrics, "streams")));
        Assert.Null((await SubscribeAsync(one, "m1"))["code"]);
        Assert.Null((await SubscribeAsync(other, "h1"))["code"]);
        await AssertRoomsAsync(3, 1);
        await SendAsync(one, "unsubscribe", """{"symbol":"BTC-USDT","interval":"m5"}""");
        Assert.Null((await SubscribeAsync(two, "h1"))["code"]);
        await AssertRoomsAsync(3, 1);
        one.End(client);
        await AssertRoomsAsync(2, 1);
        Assert.Equal(["kline:BTC-USDT:h1", "kline:BTC-USDT:m1"], _stack.Outlet.Rooms);
    }

    [Fact]
    public async Task Rooms_OfAClientWhoseConnectionBroke_CountUntilItIsTooLate()
    {
        var (client, session) = _stack.Connect("c1", address: One);
        await SubscribeAsync(session, "m1");
        await SubscribeAsync(session, "m5");
        session.Suspend(client, TimeSpan.FromMinutes(2));
        await AssertRoomsAsync(2, 0);
        var (_, neighbour) = _stack.Connect("c2", address: One);
        await SubscribeAsync(neighbour, "m1");
        Assert.Equal("SUBSCRIPTION_LIMIT", (string)(await SubscribeAsync(neighbour, "m5"))["code"]!);

        Assert.True(session.TryResume(new FakeKlineClient("c1", _stack.Outlet, One)));
        await AssertRoomsAsync(3, 0);
        session.Suspend(session.Client, TimeSpan.FromMinutes(2));
        _stack.Time.Advance(TimeSpan.FromMinutes(2));
        await AssertRoomsAsync(1, 0);
        Assert.Null((await SubscribeAsync(neighbour, "m5"))["code"]);
    }

    [Fact]
    public async Task Rooms_OfAClientBackFromAnotherAddress_CountThere()
    {
        var (client, session) = _stack.Connect("c1", address: One);
        await SubscribeAsync(session, "m1");
        await SubscribeAsync(session, "m5");
        var (_, there) = _stack.Connect("c2", address: Other);
        await SubscribeAsync(there, "m1");
        await SubscribeAsync(there, "m5");
        session.Suspend(client, TimeSpan.FromMinutes(2));

        Assert.True(session.TryResume(new FakeKlineClient("c1", _stack.Outlet, Other)));
        await AssertRoomsAsync(0, 4);
        Assert.Equal("SUBSCRIPTION_LIMIT", (string)(await SubscribeAsync(session, "h1"))["code"]!);
        session.End(session.Client);
        await AssertRoomsAsync(0, 2);
        Assert.Null((await SubscribeAsync(there, "h1"))["code"]);
    }

    [Fact]
    public async Task Rooms_OfAClientBackAndGoneAtOnce_AreGivenBackAtBothAddresses()
    {
        var (client, session) = _stack.Connect("c1", address: One);
        await SubscribeAsync(session, "m1");
        session.Suspend(client, TimeSpan.FromMinutes(2));
        using var goOn = new ManualResetEventSlim();
        var busy = _stack.Hub.AskAsync(_ => goOn.Wait(TimeSpan.FromSeconds(30)));
        Assert.True(session.TryResume(new FakeKlineClient("c1", _stack.Outlet, Other)));
        session.End(session.Client);
        goOn.Set();
        await busy;

        await AssertRoomsAsync(0, 0);
    }

    [Fact]
    public async Task Quota_IsHeldByEachClientUntilTheHubHasForgottenIt()
    {
        var (here, there) = (QuotaOf(One), QuotaOf(Other));
        var (client, session) = _stack.Connect("c1", address: One);
        Assert.False(here.IsUnused);
        session.Suspend(client, TimeSpan.FromMinutes(2));
        Assert.True(session.TryResume(new FakeKlineClient("c1", _stack.Outlet, Other)));
        await _stack.SettleAsync();
        Assert.Equal((true, false), (here.IsUnused, there.IsUnused));
        session.End(session.Client);
        await _stack.SettleAsync();
        Assert.True(there.IsUnused);

        // It was on its way to another address when it ended.
        var late = _stack.Addresses.QuotaOf(One);
        await _stack.Hub.AskAsync(_ =>
        {
            session.MoveTo(late);
            return true;
        });
        Assert.True(here.IsUnused);
    }

    [Fact]
    public async Task Rooms_OfAClientThatGoesWhileItSubscribes_AreNotTaken()
    {
        var (client, session) = _stack.Connect("c1", address: One);
        using var goOn = new ManualResetEventSlim();
        var busy = _stack.Hub.AskAsync(_ => goOn.Wait(TimeSpan.FromSeconds(30)));
        var asked = SubscribeAsync(session, "m1");
        session.End(client);
        goOn.Set();
        await busy;

        Assert.Equal("NOT_SUBSCRIBED", (string)(await asked)["code"]!);
        await AssertRoomsAsync(0, 0);
    }

    private static Task<JsonNode> SubscribeAsync(KlineSession session, string interval = "m1") =>
        SendAsync(session, "subscribe", JsonSerializer.Serialize(new { symbol = "BTC-USDT", interval }));

    private AddressQuota QuotaOf(IPAddress address)
    {
        var quota = _stack.Addresses.QuotaOf(address);
        quota.Release();
        return quota;
    }

    /// <summary>What counts for the addresses, asked where it is counted, is what is in the rooms.</summary>
    private async Task AssertRoomsAsync(int one, int other)
    {
        var counted = await _stack.Hub.AskAsync(_ => (QuotaOf(One).Streams, QuotaOf(Other).Streams));
        Assert.Equal((one, other), counted);
        Assert.Equal(one + other, _stack.Service.Rooms.Figures.Subscriptions);
    }
}
