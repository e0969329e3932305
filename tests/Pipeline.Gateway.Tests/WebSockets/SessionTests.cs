using System.Text;
using Pipeline.Core.Market;
using Pipeline.Gateway.Tests.Hub;
using Pipeline.Gateway.WebSockets;
using Pipeline.Gateway.WebSockets.Requests;

namespace Pipeline.Gateway.Tests.WebSockets;

public sealed class SessionTests
{
    [Theory]
    [InlineData("", ErrorCodes.InvalidJson)]
    [InlineData("hello", ErrorCodes.InvalidJson)]
    [InlineData("[]", ErrorCodes.InvalidJson)]
    [InlineData("null", ErrorCodes.InvalidJson)]
    [InlineData("""{"op":"ping"} {}""", ErrorCodes.InvalidJson)]
    [InlineData("""{"op":"ping",}""", ErrorCodes.InvalidJson)]
    [InlineData("""{"op":"subscribe","filters":{"symbols":["\ud800"]}}""", ErrorCodes.InvalidJson)]
    [InlineData("""{"op":"subscribe","filters":{"symbols":[[[[[[[[[["x"]]]]]]]]]]}}""", ErrorCodes.InvalidFilter)]
    [InlineData("{}", ErrorCodes.UnknownOp)]
    [InlineData("""{"op":"publish"}""", ErrorCodes.UnknownOp)]
    [InlineData("""{"op":7}""", ErrorCodes.InvalidRequest)]
    [InlineData("""{"op":"ping","op":"ping"}""", ErrorCodes.InvalidRequest)]
    [InlineData("""{"op":"ping","id":"<script>"}""", ErrorCodes.InvalidRequest)]
    [InlineData("""{"op":"ping","id":1.5}""", ErrorCodes.InvalidRequest)]
    [InlineData("""{"op":"ping","filterId":"x"}""", ErrorCodes.InvalidRequest)]
    [InlineData("""{"op":"subscribe","filter":{}}""", ErrorCodes.InvalidRequest)]
    [InlineData("""{"op":"subscribe","maxRate":-1}""", ErrorCodes.InvalidRequest)]
    [InlineData("""{"op":"subscribe","filters":[]}""", ErrorCodes.InvalidFilter)]
    [InlineData("""{"op":"subscribe","filters":{"symbol":["BTC-USDT"]}}""", ErrorCodes.InvalidFilter)]
    [InlineData("""{"op":"subscribe","filters":{"symbols":"BTC-USDT"}}""", ErrorCodes.InvalidFilter)]
    [InlineData("""{"op":"subscribe","filters":{"symbols":["<b>"]}}""", ErrorCodes.InvalidFilter)]
    [InlineData("""{"op":"subscribe","filters":{"dataTypes":["candle:7m"]}}""", ErrorCodes.InvalidFilter)]
    [InlineData("""{"op":"subscribe","filters":{"minor":1}}""", ErrorCodes.InvalidFilter)]
    [InlineData("""{"op":"subscribe","resume":{}}""", ErrorCodes.InvalidResume)]
    [InlineData("""{"op":"subscribe","resume":{"epoch":"e","streams":{"x":"1"}}}""", ErrorCodes.InvalidResume)]
    [InlineData("""{"op":"unsubscribe","filterId":"nope"}""", ErrorCodes.UnknownFilter)]
    public void BadRequest_IsAnsweredWithItsCodeAndNothingOfItIsRepeated(string json, string code)
    {
        var client = new StillHub().Start().Connect();
        var error = client.Send(json);
        Assert.Equal(("error", code), (error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
        Assert.DoesNotContain("script", error.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("nope", error.GetRawText(), StringComparison.Ordinal);
        Assert.Null(client.Closed);
    }

    [Theory]
    [InlineData("\"a-1\"")]
    [InlineData("17")]
    public void Id_IsToldAgainAsItWasGiven(string id)
    {
        var client = new StillHub().Start().Connect();
        Assert.Equal(id, client.Send($$"""{"op":"ping","id":{{id}}}""").GetProperty("id").GetRawText());
        Assert.Equal(id, client.Send($$"""{"op":"subscribe","id":{{id}},"filters":[]}""").GetProperty("id").GetRawText());
    }

    [Fact]
    public void Garbage_IsClosedWithItsCodeAfterTenMessages()
    {
        var client = new StillHub().Start().Connect();
        var random = new Random(1);
        var bytes = new byte[200];
        for (var i = 0; i < 9; i++)
        {
            random.NextBytes(bytes);
            client.SendRaw(bytes);
            Assert.Null(client.Closed);
        }

        client.SendRaw(bytes);
        Assert.Equal((CloseCodes.TooManyErrors.Code, CloseCodes.TooManyErrors.Reason), client.Closed);
        Assert.Equal(10, client.Received.Count);
    }

    [Fact]
    public void Errors_AreForgottenOneInTenSeconds()
    {
        var hub = new StillHub().Start();
        var client = hub.Connect();
        for (var i = 0; i < 50; i++)
        {
            client.Send("{}");
            hub.Advance(TimeSpan.FromSeconds(10));
            hub.Read();
        }

        // It had subscribed to nothing all the time.
        Assert.Equal(CloseCodes.NoSubscription.Code, client.Closed?.Code);
    }

    [Fact]
    public void TenThousandSubscribes_AreRefusedThenUnheardThenClosed()
    {
        var hub = new StillHub().Start();
        var client = hub.Connect();
        var handled = 0;
        for (var i = 0; i < 10_000 && client.Closed is null; i++)
        {
            client.Send($$"""{"op":"subscribe","filterId":"f{{i}}"}""");
            handled = i;
        }

        Assert.Equal((CloseCodes.RateLimited.Code, CloseCodes.RateLimited.Reason), client.Closed);
        Assert.InRange(handled, 900, 1100);
        Assert.Equal(100, client.Messages.Count(one => one.GetProperty("type").GetString() == "ack"));
        var error = Assert.Single(client.Messages, one => one.GetProperty("type").GetString() == "error");
        Assert.Equal((ErrorCodes.RateLimited, 1000), (error.GetProperty("code").GetString(), error.GetProperty("retryAfterMs").GetInt32()));
        Assert.Equal(100, hub.Desk.Filters);
    }

    [Fact]
    public void Penalty_EndsAndDoubles()
    {
        var hub = new StillHub(sessions: new SessionOptions { MessageBurst = 1, MessagesPerSecond = 1 }).Start();
        var client = hub.Connect();
        Assert.Equal("pong", Ping());
        Assert.Equal("error", Ping());
        hub.Clock.Advance(TimeSpan.FromSeconds(0.99));
        Assert.Null(Ping());
        hub.Clock.Advance(TimeSpan.FromSeconds(0.02));
        Assert.Equal("pong", Ping());
        var error = client.Send("""{"op":"ping"}""");
        Assert.Equal(2000, error.GetProperty("retryAfterMs").GetInt32());

        string? Ping() => client.Send("""{"op":"ping"}""") is { ValueKind: not System.Text.Json.JsonValueKind.Undefined } answer
            ? answer.GetProperty("type").GetString()
            : null;
    }

    [Fact]
    public void Binary_IsClosed()
    {
        var client = new StillHub().Start().Connect();
        client.SendRaw([1, 2, 3], isBinary: true);
        Assert.Equal(CloseCodes.Unsupported.Code, client.Closed?.Code);
    }

    [Fact]
    public void WithoutSubscription_IsClosedAfterAMinute_AndWithOneStaysForEver()
    {
        var hub = new StillHub().Start();
        var (idle, busy, quitter) = (hub.Connect(), hub.Connect(), hub.Connect());
        hub.Advance(TimeSpan.FromSeconds(50));
        busy.Subscribe();
        quitter.Subscribe();
        quitter.Send("""{"op":"unsubscribe"}""");
        hub.Advance(TimeSpan.FromSeconds(9));
        Assert.Null(idle.Closed);
        hub.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(CloseCodes.NoSubscription.Code, idle.Closed?.Code);
        Assert.Null(quitter.Closed);
        hub.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(CloseCodes.NoSubscription.Code, quitter.Closed?.Code);
        hub.Advance(TimeSpan.FromDays(30));
        Assert.Null(busy.Closed);
    }

    [Fact]
    public void Token_EndsTheSession()
    {
        var hub = new StillHub().Start();
        var client = hub.Connect(MarketTime.Now(hub.Clock) + 90_000_000);
        client.Subscribe();
        hub.Advance(TimeSpan.FromSeconds(89));
        Assert.Null(client.Closed);
        hub.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(CloseCodes.TokenExpired.Code, client.Closed?.Code);
    }

    [Fact]
    public void Limits_OfFiltersSymbolsAndStreams()
    {
        var hub = new StillHub(sessions: new SessionOptions { MaxFilters = 2, MaxSymbols = 3, MaxStreams = 5 });
        for (var i = 0; i < 6; i++)
        {
            hub.Log.Trade($"binance:C{i}-USDT", 1);
        }

        hub.Start();
        var client = hub.Connect();
        Assert.Equal(ErrorCodes.SubscriptionLimit, client.Send("""{"op":"subscribe"}""").GetProperty("code").GetString());
        Assert.Equal(
            ErrorCodes.SubscriptionLimit,
            client.Send("""{"op":"subscribe","filters":{"symbols":["A1","A2","A3","A4"]}}""").GetProperty("code").GetString());
        Assert.Equal("auto-1", client.Send("""{"op":"subscribe","filters":{"symbols":["C0-USDT"]}}""").GetProperty("filterId").GetString()!.Replace("auto-2", "auto-1", StringComparison.Ordinal));
        Assert.Equal("ack", client.Send("""{"op":"subscribe","filters":{"dataTypes":["ticker"]}}""").GetProperty("type").GetString());
        Assert.Equal(ErrorCodes.SubscriptionLimit, client.Send("""{"op":"subscribe"}""").GetProperty("code").GetString());
        Assert.Equal(2, hub.Desk.Filters);
    }

    [Fact]
    public void StreamsThatAppearBeyondTheLimit_AreToldOnce()
    {
        var hub = new StillHub(sessions: new SessionOptions { MaxStreams = 3 }).Start();
        var client = hub.Connect();
        client.Subscribe();
        for (var i = 0; i < 6; i++)
        {
            hub.Log.Trade($"binance:C{i}-USDT", 1);
        }

        hub.Read();
        Assert.Equal(3, client.NextData().Count);
        Assert.Single(client.Messages, one => one.GetProperty("type").GetString() == "error");
        client.Send("""{"op":"unsubscribe"}""");
        Assert.All(hub.State.Streams.All, stream => Assert.Equal(0, stream.Subscribers));
    }

    [Fact]
    public void HubThatTakesNoCommand_IsToldAndNothingHangs()
    {
        var hub = new StillHub().Start();
        var client = hub.Connect();
        hub.TakesCommands = false;
        var error = client.Subscribe();
        Assert.Equal((ErrorCodes.Unavailable, 1000), (error.GetProperty("code").GetString(), error.GetProperty("retryAfterMs").GetInt32()));
        client.Leave();
        Assert.Equal(0, hub.Desk.Count);
    }

    [Fact]
    public void MaxRate_GoesToTheLink()
    {
        var client = new StillHub().Start().Connect();
        client.Subscribe("{}", ""","maxRate":2.5""");
        Assert.Equal(2.5, client.MaximumRate);
    }

    [Fact]
    public void ListAndStats_TellWhatTheClientHas()
    {
        var hub = new StillHub();
        hub.Log.Trade("binance:BTC-USDT", 1);
        hub.Start();
        var client = hub.Connect();
        client.Subscribe();
        Assert.Equal(
            """{"type":"list","id":"2","filters":[{"filterId":"f1","streams":1,"names":["binance:BTC-USDT:trade"]}]}""",
            client.Send("""{"op":"list","id":"2"}""").GetRawText());
        var stats = client.Send("""{"op":"getStats"}""");
        Assert.Equal((1, 1, 3), (stats.GetProperty("filters").GetInt32(), stats.GetProperty("streams").GetInt32(), stats.GetProperty("messagesReceived").GetInt32()));
        Assert.Equal(1, Assert.Single(hub.Protocol.Sessions).Streams);
    }

    [Fact]
    public void CloseCodes_AreDistinctFitTheFrameAndSayWhatToDo()
    {
        Assert.Equal(CloseCodes.All.Count, CloseCodes.All.Select(one => one.Code).Distinct().Count());
        Assert.Equal(CloseCodes.All.Select(one => one.Code).Order(), CloseCodes.All.Select(one => one.Code));
        Assert.All(CloseCodes.All, one =>
        {
            Assert.InRange(Encoding.UTF8.GetByteCount(one.Reason), 1, 123);
            Assert.NotEmpty(one.Advice);
        });
    }
}
