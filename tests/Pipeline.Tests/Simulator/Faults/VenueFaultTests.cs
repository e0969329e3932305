using System.Net;
using System.Text.Json;
using Pipeline.Simulator.Faults;
using Pipeline.Simulator.World;

namespace Pipeline.Tests.Simulator.Faults;

/// <summary>Faults of HTTP answers, of futures and of Bybit, on venues that have no more of them than they need.</summary>
public sealed class VenueFaultTests
{
    [Fact]
    public async Task F44_MakesSnapshotsTooOld_SoManyTimes()
    {
        await using var venue = await ScriptedVenue.StartAsync(SimulatedVenue.BinanceFutures);
        venue.Answer = () => """{"lastUpdateId":5000,"bids":[["1.0","2"]],"asks":[]}""";
        venue.Fault("""{"id":"F44","count":2,"parameters":{"behind":1000}}""");
        using var http = venue.Http();

        Assert.Equal("""{"lastUpdateId":4000,"bids":[["1.0","2"]],"asks":[]}""", await GetAsync(http));
        Assert.Equal("""{"lastUpdateId":4000,"bids":[["1.0","2"]],"asks":[]}""", await GetAsync(http));
        Assert.Equal("""{"lastUpdateId":5000,"bids":[["1.0","2"]],"asks":[]}""", await GetAsync(http));
    }

    [Fact]
    public async Task F45_WarnsAndThenBans_OnThePathsAskedFor()
    {
        await using var venue = await ScriptedVenue.StartAsync(SimulatedVenue.BinanceSpot);
        venue.Fault("""{"id":"F45","parameters":{"warnings":2,"retryAfter":"90s","path":"*/depth"}}""");
        using var http = venue.Http();
        var statuses = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            using var answer = await http.GetAsync(new Uri("/api/v3/depth?symbol=BTCUSDT", UriKind.Relative));
            statuses.Add((int)answer.StatusCode);
            Assert.Equal("90", answer.Headers.GetValues("Retry-After").Single());
            Assert.StartsWith("{\"code\":-1003,", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var other = await http.GetAsync(new Uri("/api/v3/trades", UriKind.Relative));

        Assert.Equal([429, 429, 418], statuses);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Theory]
    [InlineData("503", true)]
    [InlineData("reset", false)]
    public async Task F45_MayAnswerOtherwise(string status, bool answers)
    {
        await using var venue = await ScriptedVenue.StartAsync(SimulatedVenue.BinanceSpot);
        venue.Fault($$$"""{"id":"F45","parameters":{"status":"{{{status}}}"}}""");
        using var http = venue.Http();
        var asking = http.GetAsync(new Uri("/any", UriKind.Relative));

        if (answers)
        {
            using var answer = await asking;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }
        else
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => asking);
        }
    }

    [Fact]
    public async Task F67_GivesAnOldAnswerAgain_UntilItIsTooOld()
    {
        await using var venue = await ScriptedVenue.StartAsync(SimulatedVenue.Okx);
        var asked = 0;
        venue.Answer = () => $"answer {++asked}";
        venue.Fault("""{"id":"F67","parameters":{"stale":"30s"}}""");
        using var http = venue.Http();
        var answers = new List<string> { await GetAsync(http), await GetAsync(http) };
        venue.Clock.Advance(TimeSpan.FromSeconds(31));
        answers.Add(await GetAsync(http));

        Assert.Equal(["answer 1", "answer 1", "answer 2"], answers);
    }

    [Fact]
    public async Task F67_AnswersLate()
    {
        await using var venue = await ScriptedVenue.StartAsync(SimulatedVenue.Bybit);
        var fault = venue.Fault("""{"id":"F67","parameters":{"delay":"5s","stale":"0s"}}""");
        using var http = venue.Http();
        var asking = GetAsync(http);
        while (fault.Struck == 0)
        {
            await Task.Yield();
        }

        Assert.False(asking.IsCompleted);
        while (!asking.IsCompleted)
        {
            venue.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal("{}", await asking);
    }

    [Fact]
    public async Task F62_MixesMarketsIntoAnArrayOfTwoFrames()
    {
        await using var venue = await ScriptedVenue.StartAsync(SimulatedVenue.BinanceFutures);
        await using var client = await venue.ConnectAsync();
        venue.Fault("""{"id":"F62"}""");
        venue.Publish("!markPrice@arr", """[{"s":"AUSDT","T":5},{"s":"BUSDT","T":5}]""");

        Assert.Equal("""[{"s":"AUSDT","T":5},{"s":"BTCUSD_PERP","T":0}]""", await client.ReadTextAsync());
        Assert.Equal("""[{"s":"BUSDT","T":5}]""", await client.ReadTextAsync());
    }

    [Fact]
    public async Task F63_IsAskedForByTheDialect()
    {
        await using var venue = await ScriptedVenue.StartAsync(SimulatedVenue.Bybit);
        await using var client = await venue.ConnectAsync();
        venue.Fault("""{"id":"F63","symbol":"BTCUSDT"}""");
        var faults = venue.Connections.Open[0].Connection.Faults;

        Assert.Null(faults.Strike(FaultId.F63, "orderbook.50.ETHUSDT"));
        Assert.NotNull(faults.Strike(FaultId.F63, "orderbook.50.BTCUSDT"));
        Assert.Null(faults.Strike(FaultId.F63, "orderbook.50.BTCUSDT"));
    }

    [Fact]
    public async Task F21_GivesAFuturesConnectionNoData()
    {
        await using var venue = await ScriptedVenue.StartAsync(SimulatedVenue.BinanceFutures);
        var fault = venue.Fault("""{"id":"F21"}""");
        await using var client = await venue.ConnectAsync();
        venue.Publish("btcusdt@aggTrade", "{}");
        venue.Board.End(fault.Handle);
        venue.Publish("btcusdt@aggTrade", "{\"a\":1}");

        Assert.Equal("{\"a\":1}", await client.ReadTextAsync());
    }

    [Fact]
    public async Task FaultOfAnotherVenue_StrikesNobodyHere()
    {
        await using var venue = await ScriptedVenue.StartAsync(SimulatedVenue.Okx);
        await using var client = await venue.ConnectAsync();
        venue.Fault("""{"id":"F40","venue":"bybit"}""");
        venue.Publish("trades:BTC-USDT", "{}");

        Assert.Equal("{}", await client.ReadTextAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"e\":\"trade\",\"p\":\"12")]
    [InlineData("[1,2]")]
    [InlineData("{\"data\":[{\"markPx\":\"\",\"seqId\":\"x\"}],\"b\":7,\"q\":\"\"}")]
    public async Task FramesOfAnotherShape_PassEveryFaultOfData(string payload)
    {
        await using var venue = await ScriptedVenue.StartAsync(SimulatedVenue.Okx);
        await using var client = await venue.ConnectAsync();
        foreach (var id in new[] { "F53", "F54", "F56", "F59", "F60" })
        {
            venue.Fault($$"""{"id":"{{id}}","stream":"*"}""");
        }

        venue.Publish("any:BTC-USDT", payload);
        venue.Board.EndAll();
        venue.Publish("any:BTC-USDT", "end");
        while (await client.ReadTextAsync() != "end")
        {
        }

        var frame = Pipeline.Simulator.Sockets.ServerFrame.Whole(1, System.Text.Encoding.UTF8.GetBytes(payload));
        Assert.Null(PayloadEdit.Joined(frame, frame));
    }

    [Fact]
    public void Escapes_ReadAsTheyWere()
    {
        var frame = Pipeline.Simulator.Sockets.ServerFrame.Whole(1, System.Text.Encoding.UTF8.GetBytes("""{"s":"币安人生USDT","p":"1"}"""));
        var escaped = PayloadEdit.PayloadOf(PayloadEdit.Escaped(frame)).ToArray();

        Assert.DoesNotContain(escaped, b => b > 127);
        Assert.Equal("币安人生USDT", JsonDocument.Parse(escaped).RootElement.GetProperty("s").GetString());
    }

    private static Task<string> GetAsync(HttpClient http) => http.GetStringAsync(new Uri("/api/v3/depth?symbol=BTCUSDT", UriKind.Relative));
}
