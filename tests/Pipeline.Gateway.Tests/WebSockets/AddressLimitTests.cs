using System.Net;
using System.Text.Json;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Topology;
using Pipeline.Gateway.Security;
using Pipeline.Gateway.Tests.Hub;
using Pipeline.Gateway.Tests.Security;
using Pipeline.Gateway.WebSockets;
using Pipeline.Gateway.WebSockets.Requests;

namespace Pipeline.Gateway.Tests.WebSockets;

/// <summary>What the clients of one address may do together on <c>/ws</c>.</summary>
public sealed class AddressLimitTests : IDisposable
{
    private static readonly IPAddress One = IPAddress.Parse("198.51.100.1");
    private static readonly IPAddress Other = IPAddress.Parse("198.51.100.2");

    private readonly PipelineMetrics _metrics = new();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Messages_BeyondTheRateOfTheAddress_AreRefusedAndNobodyIsBlamed()
    {
        var hub = Make(new GatewayLimits { MaxMessagesPerSecondPerAddress = 4 }).Start();
        var (one, two, other) = (hub.Connect(address: One), hub.Connect(address: One), hub.Connect(address: Other));
        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal("pong", TypeOf((i % 2 == 0 ? one : two).Send("""{"op":"ping"}"""))));

        var refused = two.Send("""{"op":"subscribe","id":"a-7"}""");
        Assert.Equal(
            ("error", "a-7", ErrorCodes.RateLimited, 1000),
            (TypeOf(refused), refused.GetProperty("id").GetString(), CodeOf(refused), refused.GetProperty("retryAfterMs").GetInt32()));
        Assert.Equal(0, hub.Desk.Filters);
        Assert.Equal("pong", TypeOf(other.Send("""{"op":"ping"}""")));

        // As many refusals as would end a client that sends too much by itself, or nonsense.
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(ErrorCodes.RateLimited, CodeOf(one.Send("""{"op":"ping"}""")));
        }

        Assert.Null(one.Closed);
        Assert.Equal(51, AddressQuotaTests.Refused(_metrics, "messages"));
        hub.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("pong", TypeOf(one.Send("""{"op":"ping"}""")));
        Assert.Equal("open", hub.Protocol.Sessions[0].State);
    }

    [Fact]
    public void Messages_OfAClientThatIsNotHeard_CostItsNeighboursNothing()
    {
        var hub = Make(new GatewayLimits { MaxMessagesPerSecondPerAddress = 4 }, new SessionOptions { MessageBurst = 10 }).Start();
        var (loud, quiet) = (hub.Connect(address: One), hub.Connect(address: One));
        for (var i = 0; i < 500; i++)
        {
            loud.Send("""{"op":"ping"}""");
        }

        Assert.Equal(10, loud.Messages.Count(one => TypeOf(one) == "pong"));
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal("pong", TypeOf(quiet.Send("""{"op":"ping"}"""))));
    }

    [Fact]
    public void Messages_ThatAreNoRequests_CountToo()
    {
        var hub = Make(new GatewayLimits { MaxMessagesPerSecondPerAddress = 1 }).Start();
        var client = hub.Connect(address: One);
        Assert.All(Enumerable.Range(0, 5), _ => Assert.Equal(ErrorCodes.InvalidJson, CodeOf(client.Send("nonsense"))));

        Assert.Equal(ErrorCodes.RateLimited, CodeOf(hub.Connect(address: One).Send("""{"op":"ping"}""")));
    }

    [Fact]
    public void Streams_BeyondTheLimitOfTheAddress_AreRefused_UntilSomeAreGivenBack()
    {
        var hub = HubWithStreams(new GatewayLimits { MaxStreamsPerAddress = 3 });
        var (one, two, other) = (hub.Connect(address: One), hub.Connect(address: One), hub.Connect(address: Other));
        Assert.Equal("ack", TypeOf(Take(one, "a", 0, 1)));
        Assert.Equal(ErrorCodes.SubscriptionLimit, CodeOf(Take(two, "a", 2, 3)));
        Assert.Equal((1, 1), (hub.Desk.Filters, AddressQuotaTests.Refused(_metrics, "streams")));
        Assert.Equal("ack", TypeOf(Take(two, "a", 2)));
        Assert.Equal("ack", TypeOf(Take(other, "a", 0, 1, 2)));
        AssertStreams(hub, 3, 3);

        // Of its two filters both take one stream, which counts once, and until the second lets go of it.
        Assert.Equal("ack", TypeOf(Take(one, "b", 1)));
        one.Send("""{"op":"unsubscribe","filterId":"a"}""");
        AssertStreams(hub, 2, 3);
        Assert.Equal("ack", TypeOf(Take(two, "b", 3)));
        one.Send("""{"op":"unsubscribe"}""");
        AssertStreams(hub, 2, 3);
    }

    [Fact]
    public void Streams_OfAFilterThatIsReplaced_MakeRoomForThoseOfTheNext()
    {
        var hub = HubWithStreams(new GatewayLimits { MaxStreamsPerAddress = 3 });
        var (one, two) = (hub.Connect(address: One), hub.Connect(address: One));
        Take(one, "a", 0, 1);
        Take(two, "a", 0);

        Assert.Equal("ack", TypeOf(Take(one, "a", 1, 2)));
        Assert.Equal("ack", TypeOf(Take(one, "a", 3, 4)));
        Assert.Equal(ErrorCodes.SubscriptionLimit, CodeOf(Take(one, "a", 3, 4, 5)));
        Assert.Equal("ack", TypeOf(Take(one, "a", 5)));
        AssertStreams(hub, 2, 0);
        Assert.Equal("ack", TypeOf(Take(two, "a", 0, 5)));
        AssertStreams(hub, 3, 0);
    }

    [Fact]
    public void Streams_ThatAppearBeyondTheLimit_AreToldOnce_AndOtherAddressesHaveTheirOwn()
    {
        var hub = Make(new GatewayLimits { MaxStreamsPerAddress = 3 }).Start();
        var (one, two, other) = (hub.Connect(address: One), hub.Connect(address: One), hub.Connect(address: Other));
        one.Subscribe();
        two.Subscribe();
        other.Subscribe("""{"dataTypes":["trade"]}""");
        Write(hub, 5);
        hub.Read();

        Assert.Equal((3, 3), (one.NextData().Count + two.NextData().Count, other.NextData().Count));
        Assert.All(new[] { one, two, other }, client => Assert.Equal(
            ErrorCodes.SubscriptionLimit, CodeOf(Assert.Single(client.Messages, message => TypeOf(message) == "error"))));
        AssertStreams(hub, 3, 3);
        one.Send("""{"op":"unsubscribe"}""");
        two.Send("""{"op":"unsubscribe"}""");
        AssertStreams(hub, 0, 3);
        Assert.Equal("ack", TypeOf(Take(two, "a", 0, 1, 4)));
    }

    [Fact]
    public void Streams_OfAClientThatLeaves_AreGivenBackOnce()
    {
        var hub = HubWithStreams(new GatewayLimits { MaxStreamsPerAddress = 3 });
        var (one, two) = (hub.Connect(address: One), hub.Connect(address: One));
        Take(one, "a", 0, 1);
        Take(one, "b", 1, 2);
        one.Leave();
        one.Leave();

        AssertStreams(hub, 0, 0);
        Assert.Equal("ack", TypeOf(Take(two, "a", 0, 1, 2)));
        Assert.Equal(ErrorCodes.SubscriptionLimit, CodeOf(Take(two, "b", 3)));
    }

    [Fact]
    public void Quota_IsHeldByEachClientUntilTheHubHasForgottenIt()
    {
        var hub = HubWithStreams(new GatewayLimits());
        var (one, two) = (hub.Connect(address: One), hub.Connect(address: One));
        var quota = QuotaOf(hub, One);
        one.Leave();
        one.Leave();
        Assert.False(quota.IsUnused);
        hub.HoldsCommands = true;
        two.Leave();
        Assert.False(quota.IsUnused);
        hub.RunHeld();
        Assert.True(quota.IsUnused);
    }

    [Fact]
    public async Task Streams_OfAClientThatLeavesWhileTheHubIsBusy_AreGivenBack()
    {
        var hub = HubWithStreams(new GatewayLimits());
        var client = hub.Connect(address: One);
        hub.HoldsCommands = true;
        var asked = client.SendLater("""{"op":"subscribe","filters":{"symbols":["C0-USDT","C1-USDT"]}}""");
        client.Leave();
        hub.RunHeld();
        await asked;

        AssertStreams(hub, 0, 0);
        Assert.All(hub.State.Streams.All, stream => Assert.Equal(0, stream.Subscribers));
    }

    [Fact]
    public async Task Streams_OfAClientThatLeavesBeforeTheLogIsRead_AreNotTaken()
    {
        var hub = Make(new GatewayLimits());
        Write(hub, 3);
        hub.Begin();
        var client = hub.Connect(address: One);
        await client.SendLater("""{"op":"subscribe"}""");
        client.Leave();
        hub.Read();

        AssertStreams(hub, 0, 0);
    }

    [Fact]
    public void Streams_OfAnotherLog_AreStillThoseOfTheirClients()
    {
        var hub = HubWithStreams(new GatewayLimits { MaxStreamsPerAddress = 3 });
        var client = hub.Connect(address: One);
        Take(client, "a", 0, 1);
        var log = new MemoryLog("log-2");
        hub.Replace(log);
        Write(hub, 6);
        hub.Start();

        AssertStreams(hub, 2, 0);
        client.Leave();
        AssertStreams(hub, 0, 0);
    }

    private static string? TypeOf(JsonElement message) => message.GetProperty("type").GetString();

    private static string? CodeOf(JsonElement message) => message.GetProperty("code").GetString();

    private static JsonElement Take(TestClient client, string filter, params int[] streams)
    {
        var symbols = string.Join(',', streams.Select(static i => $"\"C{i}-USDT\""));
        return client.Send($$"""{"op":"subscribe","filterId":"{{filter}}","filters":{"symbols":[{{symbols}}]} }""");
    }

    private static void Write(StillHub hub, int count)
    {
        for (var i = 0; i < count; i++)
        {
            hub.Log.Trade($"binance:C{i}-USDT", 1);
        }
    }

    /// <summary>What counts for the addresses is what their clients have.</summary>
    private static void AssertStreams(StillHub hub, int one, int other)
    {
        Assert.Equal((one, other), (QuotaOf(hub, One).Streams, QuotaOf(hub, Other).Streams));
        Assert.Equal(one + other, hub.State.Streams.All.Sum(stream => stream.Subscribers));
    }

    private static AddressQuota QuotaOf(StillHub hub, IPAddress address)
    {
        var quota = hub.Addresses.QuotaOf(address);
        quota.Release();
        return quota;
    }

    private StillHub Make(GatewayLimits limits, SessionOptions? sessions = null) => new(sessions: sessions, limits: limits, metrics: _metrics);

    private StillHub HubWithStreams(GatewayLimits limits)
    {
        var hub = Make(limits);
        Write(hub, 6);
        return hub.Start();
    }
}
