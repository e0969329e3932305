using System.Net;
using System.Text.Json.Nodes;
using Pipeline.Core.Topology;
using Pipeline.Gateway.Tests.Candles;
using Pipeline.Gateway.Tests.Hosting;

namespace Pipeline.Gateway.Tests.Http;

/// <summary><c>POST /api/websocket/disconnect</c>.</summary>
public sealed class DisconnectTests
{
    private const string Path = "/api/websocket/disconnect?id=";
    private const string Closing = "close 4007 DISCONNECTED retryAfterMs=10000 reconnect=yes";

    [Fact]
    public async Task Ws_IsClosedWith4007_AndNobodyElseIs()
    {
        await using var gateway = await CandleClient.StartAsync();
        using var one = await WsClient.JoinAsync(gateway);
        using var other = await WsClient.JoinAsync(gateway);
        var ids = await IdsAsync(gateway);

        Assert.Equal((HttpStatusCode.OK, """{"disconnected":1}"""), await PostAsync(gateway, ids[0]));
        Assert.Equal(Closing, await CandleClient.NextAsync(one));
        Assert.Equal("pong", (string)(await WsClient.AskAsync(other, """{"op":"ping"}"""))["type"]!);
        one.Dispose();
        await RunningGateway.UntilAsync(() => gateway.Host.Figures.Sessions.Count == 1);
        Assert.Equal([ids[1]], await IdsAsync(gateway));
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(gateway, ids[0])).Status);
        Assert.Equal(1, gateway.Host.Links.Closures[4007]);
    }

    [Fact]
    public async Task SocketIo_OverAWebSocket_IsToldAndClosed_AndNotWaitedFor()
    {
        await using var gateway = await CandleClient.StartAsync();
        gateway.Source.AddInstrument("binance", "BTC-USDT", "BTCUSDT");
        await gateway.UntilToldAsync(1);
        using var client = await CandleClient.JoinAsync(gateway);
        await CandleClient.SubscribeAsync(client, "m1");
        Assert.StartsWith("42[\"history_data\"", await CandleClient.NextAsync(client), StringComparison.Ordinal);
        var id = Assert.Single(await IdsAsync(gateway));
        Assert.Equal(20, id.Length);

        Assert.Equal((HttpStatusCode.OK, """{"disconnected":1}"""), await PostAsync(gateway, id));
        Assert.Equal("41", await CandleClient.NextAsync(client));
        Assert.Equal(Closing, await CandleClient.NextAsync(client));
        Assert.Empty(await IdsAsync(gateway));
        var status = (await gateway.GetAsync("/api/kline/status"))["data"]!["stats"]!;
        Assert.Equal((0, 0), ((int)status["active_connections"]!, (int)status["suspended_clients"]!));
    }

    [Fact]
    public async Task SocketIo_ThatPolls_IsToldWithItsNextPoll()
    {
        await using var gateway = await CandleClient.StartAsync();
        var sid = await CandleClient.OpenPollingAsync(gateway);
        await CandleClient.PostAsync(gateway, sid, "40");
        Assert.StartsWith("40{", await CandleClient.PollAsync(gateway, sid), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(gateway, Assert.Single(await IdsAsync(gateway)))).Status);
        var last = await CandleClient.PollAsync(gateway, sid);
        Assert.EndsWith("41\u001e1", last, StringComparison.Ordinal);
        Assert.Empty(await IdsAsync(gateway));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("9223372036854775807")]
    [InlineData("9999999999999999999")]
    [InlineData("AAAAAAAAAAAAAAAAAAA_")]
    public async Task Id_OfNobody_Is404(string id)
    {
        await using var gateway = await CandleClient.StartAsync();
        var (status, body) = await PostAsync(gateway, id);

        Assert.Equal((HttpStatusCode.NotFound, """{"code":"NOT_FOUND","message":"No client of this id is connected.","retryAfterMs":0}"""), (status, body));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1%0A")]
    [InlineData("12345678901234567890x")]
    [InlineData("AAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAA%20")]
    [InlineData("%3Cscript%3E")]
    [InlineData("1&id=2")]
    [InlineData("1&all=1")]
    public async Task Id_Malformed_Is400(string id)
    {
        await using var gateway = await CandleClient.StartAsync();
        var (status, body) = await PostAsync(gateway, id);

        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_PARAMETER"), (status, (string)JsonNode.Parse(body)!["code"]!));
        Assert.DoesNotContain("script", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Id_LeftOut_Is400()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var answer = await gateway.SendAsync(HttpMethod.Post, "/api/websocket/disconnect");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("id is missing.", (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["message"]!);
    }

    [Fact]
    public async Task WithAdminToken_NeedsIt()
    {
        await using var gateway = await RunningGateway.StartAsync(new GatewayOptions { AdminToken = "admin-token" });
        using var client = await WsClient.JoinAsync(gateway);
        var id = gateway.Host.Figures.Sessions.Single().Id;

        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(gateway, id)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(gateway, id, ("Authorization", "Bearer sesame-1"))).Status);
        Assert.Single(gateway.Host.Figures.Sessions);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(gateway, id, ("Authorization", "Bearer admin-token"))).Status);
        Assert.Equal(Closing, await CandleClient.NextAsync(client));
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task PassedOnOrFromAPage_Is403(string header, string value)
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var client = await WsClient.JoinAsync(gateway);

        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(gateway, gateway.Host.Figures.Sessions.Single().Id, (header, value))).Status);
        Assert.Equal("pong", (string)(await WsClient.AskAsync(client, """{"op":"ping"}"""))["type"]!);
    }

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(RunningGateway gateway, string id, params (string Name, string Value)[] headers)
    {
        using var answer = await gateway.SendAsync(HttpMethod.Post, Path + id, headers);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<List<string>> IdsAsync(RunningGateway gateway) =>
        [.. (await gateway.GetAsync("/api/websocket/stats?connections=1"))["connections"]!.AsArray().Select(row => (string)row!["id"]!)];
}
