using System.Net;
using System.Text.Json.Nodes;
using Pipeline.Core.Topology;
using Pipeline.Gateway.Tests.Candles;
using Pipeline.Gateway.Tests.Hosting;
using Pipeline.Gateway.Tests.Security;

namespace Pipeline.Gateway.Tests.Http;

/// <summary>Clients of every service in <c>/api/websocket/stats?connections=1</c>.</summary>
public sealed class ClientListTests
{
    private const string List = "/api/websocket/stats?connections=1";

    [Fact]
    public async Task Clients_OfBothServices_AreListedInTheOrderTheyCame_AndTheSumsFit()
    {
        await using var gateway = await CandleClient.StartAsync();
        gateway.Source.AddInstrument("binance", "BTC-USDT", "BTCUSDT");
        gateway.Source.AddTrade(1, RunningGateway.Now);
        await gateway.UntilToldAsync(2);
        using var ws = await WsClient.OpenAsync(gateway);
        await WsClient.AskAsync(ws, """{"op":"subscribe","filters":{"dataTypes":["trade"]}}""");
        using var candles = await CandleClient.JoinAsync(gateway);
        await CandleClient.SubscribeAsync(candles, "m1");
        await CandleClient.SubscribeAsync(candles, "m5");
        await CandleClient.SubscribeAsync(candles, "nonsense");
        var sid = await CandleClient.OpenPollingAsync(gateway);
        await CandleClient.PostAsync(gateway, sid, "40");
        await CandleClient.PollAsync(gateway, sid);

        var stats = await gateway.GetAsync(List);
        var rows = stats["connections"]!.AsArray();
        Assert.Equal(["ws", "socket.io", "socket.io"], rows.Select(row => (string)row!["protocol"]!));
        Assert.Equal([1, 2, 0], rows.Select(row => (int)row!["metadata"]!["streams"]!));
        Assert.Equal([1, null, null], rows.Select(row => (int?)row!["metadata"]!["filters"]));
        Assert.Equal([1, 3, 0], rows.Select(row => (int)row!["metadata"]!["messagesReceived"]!));
        Assert.Equal([0, 1, 0], rows.Select(row => (int)row!["errors"]!));
        Assert.All(rows, row => Assert.Equal(("open", "127.0.0.1"), ((string)row!["state"]!, (string)row["metadata"]!["address"]!)));
        Assert.All(rows, row => Assert.InRange((long)row!["connectedAt"]!, RunningGateway.Now - 60_000_000, (long)row["lastActivity"]!));
        Assert.All(rows, row => Assert.True((long)row!["messagesSent"]! > 0 && (long)row["bytesSent"]! > (long)row["messagesSent"]!));
        Assert.Equal((3, 3, 3L), ((int)stats["totalConnections"]!, (int)stats["activeConnections"]!, (long)stats["totalSubscriptions"]!));
        Assert.Equal(1, (int)stats["errorsEncountered"]!);
    }

    [Fact]
    public async Task Clients_AreListedPageByPage_WhateverTheySpeak()
    {
        await using var gateway = await CandleClient.StartAsync();
        using var first = await WsClient.JoinAsync(gateway);
        using var second = await CandleClient.JoinAsync(gateway);
        using var third = await WsClient.JoinAsync(gateway);

        var all = Ids(await gateway.GetAsync(List));
        var page = await gateway.GetAsync(List + "&limit=2&offset=1");
        Assert.Equal(3, all.Distinct().Count());
        Assert.Equal(all.Skip(1), Ids(page));
        Assert.Equal((1, 3), ((int)page["offset"]!, (int)page["activeConnections"]!));
    }

    [Fact]
    public async Task Client_WhoseConnectionBroke_IsNotListedWhileItIsWaitedFor()
    {
        await using var gateway = await CandleClient.StartAsync();
        var candles = await CandleClient.JoinAsync(gateway);
        gateway.Source.AddInstrument("binance", "BTC-USDT", "BTCUSDT");
        await gateway.UntilToldAsync(1);
        await CandleClient.SubscribeAsync(candles, "m1");
        candles.Abort();
        candles.Dispose();
        await RunningGateway.UntilAsync(() => gateway.Host.Figures.Sessions.Count == 0);

        var stats = await gateway.GetAsync(List);
        Assert.Empty(stats["connections"]!.AsArray());
        Assert.Equal((1, 0, 0L), ((int)stats["totalConnections"]!, (int)stats["activeConnections"]!, (long)stats["totalSubscriptions"]!));
        Assert.Equal(1, (int)(await gateway.GetAsync("/api/kline/status"))["data"]!["stats"]!["suspended_clients"]!);
    }

    [Fact]
    public async Task Subject_OfATokenThatCameWithJoining_IsToldToTheOperator()
    {
        const string secret = "0123456789abcdef0123456789abcdef";
        await using var gateway = await CandleClient.StartAsync(
            new GatewayOptions { Jwt = new GatewayJwtOptions { Secret = secret, Audience = "pipeline" }, AdminToken = "admin-token" });
        var end = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 600;
        using var client = await CandleClient.OpenAsync(gateway);
        await CandleClient.SendAsync(client, CandleClient.Auth(JwtValidatorTests.Sign("""{"alg":"HS256"}""", $$"""{"sub":"alice","aud":"pipeline","exp":{{end}}}""", secret)));
        Assert.StartsWith("40{", await CandleClient.NextAsync(client), StringComparison.Ordinal);
        Assert.StartsWith("42[", await CandleClient.NextAsync(client), StringComparison.Ordinal);

        using var answer = await gateway.SendAsync(HttpMethod.Get, List, ("Authorization", "Bearer admin-token"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var row = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["connections"]!.AsArray().Single()!;
        Assert.Equal("alice", (string?)row["metadata"]!["subject"]);
    }

    private static List<string> Ids(JsonNode stats) => [.. stats["connections"]!.AsArray().Select(row => (string)row!["id"]!)];
}
