using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Pipeline.Core.Topology;
using Pipeline.Gateway.Tests.Hosting;
using Pipeline.Gateway.Tests.Security;

namespace Pipeline.Gateway.Tests.Candles;

/// <summary>Whom the candle service lets in, over polling as over WebSockets, and how it lets go.</summary>
public sealed class CandleEntranceTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private static readonly GatewayOptions Guarded = new() { Tokens = ["sesame-1"], Jwt = new GatewayJwtOptions { Secret = Secret, Audience = "pipeline" } };

    [Fact]
    public async Task Polling_TooManyOfOneAddress_Is429_UntilOneLeaves()
    {
        await using var gateway = await CandleClient.StartAsync(new GatewayOptions { Limits = new GatewayLimits { MaxConnectionsPerAddress = 1 } });
        var sid = await CandleClient.OpenPollingAsync(gateway);
        using var second = await CandleClient.AskAsync(gateway);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal("5", second.Headers.RetryAfter!.ToString());
        Assert.Contains("pipeline_gateway_refused_total{reason=\"address\"} 1", await gateway.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);

        Assert.Equal(200, await CandleClient.PostAsync(gateway, sid, "1"));
        await CandleClient.OpenPollingAsync(gateway);
    }

    [Fact]
    public async Task Polling_CountsWithWebSockets_AndOnceWhenItGoesOver()
    {
        await using var gateway = await CandleClient.StartAsync(new GatewayOptions { MaxConnections = 2 });
        var sid = await CandleClient.OpenPollingAsync(gateway);
        using (var over = new ClientWebSocket())
        {
            var address = new UriBuilder(gateway.Address) { Scheme = "ws", Path = "/socket.io/", Query = "EIO=4&transport=websocket&sid=" + sid }.Uri;
            await over.ConnectAsync(address, CancellationToken.None);
            using (var beyond = await CandleClient.AskAsync(gateway))
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, beyond.StatusCode);
            }

            await CandleClient.SendAsync(over, "2probe");
            Assert.Equal("3probe", await CandleClient.NextAsync(over));
            await CandleClient.SendAsync(over, "5");
            await CandleClient.SendAsync(over, "40");
            Assert.StartsWith("40{", await CandleClient.NextAsync(over), StringComparison.Ordinal);
            var other = await CandleClient.OpenPollingAsync(gateway);
            Assert.Equal(200, await CandleClient.PostAsync(gateway, other, "1"));
        }
    }

    [Fact]
    public async Task Polling_BehindAProxy_CountsForWhomItNames()
    {
        var options = new GatewayOptions { Limits = new GatewayLimits { MaxConnectionsPerAddress = 1 }, TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] };
        await using var gateway = await CandleClient.StartAsync(options);
        await CandleClient.OpenPollingAsync(gateway, "", ("X-Forwarded-For", "198.51.100.1"));
        await CandleClient.OpenPollingAsync(gateway, "", ("X-Forwarded-For", "198.51.100.2"));
        using var again = await CandleClient.AskAsync(gateway, "", ("X-Forwarded-For", "198.51.100.1"));

        Assert.Equal(HttpStatusCode.TooManyRequests, again.StatusCode);
    }

    [Fact]
    public async Task Polling_WhileMemoryIsShort_Is503()
    {
        var memory = 0L;
        await using var gateway = await CandleClient.StartAsync(memory: () => Interlocked.Read(ref memory));
        await CandleClient.OpenPollingAsync(gateway);
        Interlocked.Exchange(ref memory, 1L << 40);
        await RunningGateway.UntilAsync(() => gateway.Metrics.ToString() is not null && IsTight(gateway));

        using var answer = await CandleClient.AskAsync(gateway);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("short of memory", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        static bool IsTight(RunningGateway gateway) => gateway.Client.GetStringAsync("/metrics").Result.Contains("pipeline_gateway_memory_exceeded_total 1", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drain_WhilePolling_SaysGoodbyeAndWaits()
    {
        await using var gateway = await CandleClient.StartAsync();
        var sid = await CandleClient.OpenPollingAsync(gateway);
        await CandleClient.PostAsync(gateway, sid, "40");
        Assert.StartsWith("40{", await CandleClient.PollAsync(gateway, sid), StringComparison.Ordinal);
        var poll = CandleClient.PollAsync(gateway, sid);

        Assert.True(await gateway.Host.DrainAsync());
        Assert.EndsWith("1", await poll, StringComparison.Ordinal);
        using var answer = await CandleClient.AskAsync(gateway);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task OwnPage_WithOriginsListed_IsLetIn()
    {
        await using var gateway = await CandleClient.StartAsync(new GatewayOptions { Origins = ["https://app.example"] });
        foreach (var origin in new[] { "http://gw.example", "https://app.example" })
        {
            using var polling = await CandleClient.AskAsync(gateway, "", ("Origin", origin), ("Host", "gw.example"));
            Assert.Equal(HttpStatusCode.OK, polling.StatusCode);
            using var client = await CandleClient.OpenAsync(gateway, "", options =>
            {
                options.SetRequestHeader("Origin", origin);
                options.SetRequestHeader("Host", "gw.example");
            });
        }

        using var foreign = await CandleClient.AskAsync(gateway, "", ("Origin", "https://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
    }

    [Fact]
    public async Task Token_InAuth_LetsIn_OverEitherTransport()
    {
        await using var gateway = await CandleClient.StartAsync(Guarded);
        using var client = await CandleClient.OpenAsync(gateway);
        await CandleClient.SendAsync(client, CandleClient.Auth("sesame-2"));
        Assert.Equal("""44{"message":"UNAUTHORIZED"}""", await CandleClient.NextAsync(client));
        await CandleClient.SendAsync(client, CandleClient.Auth("sesame-1"));
        Assert.StartsWith("40{", await CandleClient.NextAsync(client), StringComparison.Ordinal);
        Assert.StartsWith("42[\"connection_success\"", await CandleClient.NextAsync(client), StringComparison.Ordinal);

        var sid = await CandleClient.OpenPollingAsync(gateway);
        Assert.Equal(200, await CandleClient.PostAsync(gateway, sid, CandleClient.Auth("sesame-1")));
        Assert.StartsWith("40{", await CandleClient.PollAsync(gateway, sid), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("&access_token=sesame-1", null, null)]
    [InlineData("", "Authorization", "Bearer sesame-1")]
    [InlineData("", "Sec-WebSocket-Protocol", "pipeline.v1, bearer.sesame-1")]
    public async Task Token_OfTheHandshake_LetsIn(string query, string? header, string? value)
    {
        await using var gateway = await CandleClient.StartAsync(Guarded);
        using var client = await CandleClient.OpenAsync(gateway, query, options =>
        {
            if (header == "Sec-WebSocket-Protocol")
            {
                Array.ForEach(value!.Split(", "), options.AddSubProtocol);
            }
            else if (header is not null)
            {
                options.SetRequestHeader(header, value);
            }
        });
        await CandleClient.SendAsync(client, "40");

        Assert.StartsWith("40{", await CandleClient.NextAsync(client), StringComparison.Ordinal);
        Assert.Equal(header == "Sec-WebSocket-Protocol" ? "pipeline.v1" : null, client.SubProtocol);
    }

    [Fact]
    public async Task Token_WrongAtTheHandshake_Is401()
    {
        await using var gateway = await CandleClient.StartAsync(Guarded);
        using var polling = await CandleClient.AskAsync(gateway, "&access_token=sesame-2");
        Assert.Equal(HttpStatusCode.Unauthorized, polling.StatusCode);
        await Assert.ThrowsAsync<WebSocketException>(() => CandleClient.OpenAsync(gateway, "&access_token=sesame-2"));
    }

    [Fact]
    public async Task Token_Never_IsLetGoSoon()
    {
        await using var gateway = await CandleClient.StartAsync(Guarded);
        using var silent = await CandleClient.OpenAsync(gateway);
        var began = TimeProvider.System.GetTimestamp();
        using var refused = await CandleClient.OpenAsync(gateway);
        await CandleClient.SendAsync(refused, "40");
        Assert.StartsWith("44{", await CandleClient.NextAsync(refused), StringComparison.Ordinal);

        Assert.StartsWith("close ", await CandleClient.NextAsync(silent), StringComparison.Ordinal);
        Assert.StartsWith("close ", await CandleClient.NextAsync(refused), StringComparison.Ordinal);
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(25));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Token_ThatEnds_ClosesAsOnWs(bool inAuth)
    {
        await using var gateway = await CandleClient.StartAsync(Guarded);

        // The leeway for clocks that differ is 30 s.
        var end = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 22;
        var jwt = JwtValidatorTests.Sign("""{"alg":"HS256"}""", $$"""{"aud":"pipeline","exp":{{end}}}""", Secret);
        using var client = await CandleClient.OpenAsync(gateway, inAuth ? "" : "&access_token=" + jwt);
        await CandleClient.SendAsync(client, inAuth ? CandleClient.Auth(jwt) : "40");
        Assert.StartsWith("40{", await CandleClient.NextAsync(client), StringComparison.Ordinal);
        Assert.StartsWith("42[\"connection_success\"", await CandleClient.NextAsync(client), StringComparison.Ordinal);

        var told = await CandleClient.NextAsync(client);
        Assert.StartsWith("42[\"error\",{\"code\":\"UNAUTHORIZED\"", told, StringComparison.Ordinal);
        Assert.Equal("close 4005 TOKEN_EXPIRED retryAfterMs=0 reconnect=yes", await CandleClient.NextAsync(client));
        Assert.True(DateTimeOffset.UtcNow.ToUnixTimeSeconds() >= end + 30);
    }

    [Fact]
    public async Task Listed_ToAStranger_HasNoAddresses()
    {
        await using var gateway = await RunningGateway.StartAsync(new GatewayOptions { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] });
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new UriBuilder(gateway.Address) { Scheme = "ws", Path = "/ws" }.Uri, CancellationToken.None);
        await RunningGateway.UntilAsync(() => gateway.Host.Figures.Sessions.Count == 1);

        using var answer = await gateway.SendAsync(HttpMethod.Get, "/api/websocket/stats?connections=1", ("X-Forwarded-For", "198.51.100.1"));
        var stranger = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["connections"]!.AsArray().Single()!["metadata"]!;
        Assert.Equal((null, null), ((string?)stranger["address"], (string?)stranger["subject"]));
        var here = (await gateway.GetAsync("/api/websocket/stats?connections=1"))["connections"]!.AsArray().Single()!["metadata"]!;
        Assert.Equal("127.0.0.1", (string?)here["address"]);
    }

    [Fact]
    public async Task Ws_MessageTooLarge_SaysWhatTheTableSays()
    {
        await using var gateway = await RunningGateway.StartAsync(new GatewayOptions { Limits = new GatewayLimits { MaxMessageBytes = 1024 } });
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new UriBuilder(gateway.Address) { Scheme = "ws", Path = "/ws" }.Uri, CancellationToken.None);
        await client.SendAsync(new byte[4096], WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

        Assert.Equal("close 1009 MESSAGE_TOO_LARGE reconnect=no", await CandleClient.NextAsync(client));
    }
}
