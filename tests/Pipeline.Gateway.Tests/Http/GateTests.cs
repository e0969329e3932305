using System.Net;
using System.Text.Json.Nodes;
using Pipeline.Core.Topology;
using Pipeline.Gateway.Tests.Hosting;
using Pipeline.Gateway.Tests.Security;

namespace Pipeline.Gateway.Tests.Http;

/// <summary>Who may ask for what over HTTP, and what every answer says to browsers.</summary>
public sealed class GateTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private static readonly GatewayOptions Guarded = new() { Tokens = ["sesame-1"], Jwt = new GatewayJwtOptions { Secret = Secret, Audience = "pipeline" } };

    [Theory]
    [InlineData("/api/time")]
    [InlineData("/nothing")]
    [InlineData("/swagger/index.html")]
    [InlineData("/")]
    public async Task EveryAnswer_HasSecurityHeaders(string path)
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var answer = await gateway.Client.GetAsync(path);
        string Of(string name) => string.Join(',', answer.Headers.GetValues(name));

        Assert.Equal(("nosniff", "DENY", "no-referrer", "same-origin"),
            (Of("X-Content-Type-Options"), Of("X-Frame-Options"), Of("Referrer-Policy"), Of("Cross-Origin-Opener-Policy")));
        Assert.Contains("default-src 'none'; script-src 'self'; ", Of("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", Of("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal(path.StartsWith("/swagger", StringComparison.Ordinal), Of("Content-Security-Policy").Contains("unsafe-inline", StringComparison.Ordinal));
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("/api/time")]
    [InlineData("/api/nothing")]
    [InlineData("/API/time")]
    [InlineData("/metrics")]
    [InlineData("/udf/config")]
    public async Task Token_Missing_Is401(string path)
    {
        await using var gateway = await RunningGateway.StartAsync(Guarded);
        using var answer = await gateway.Client.GetAsync(path);

        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (answer.StatusCode, answer.Headers.WwwAuthenticate.Single().ToString()));
        Assert.Equal("UNAUTHORIZED", (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]!);
    }

    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    [InlineData("/openapi.json")]
    [InlineData("/")]
    public async Task Token_NotNeeded_ForProbesAndPage(string path)
    {
        await using var gateway = await RunningGateway.StartAsync(Guarded);
        using var answer = await gateway.Client.GetAsync(path);

        Assert.True(answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Token_Good_LetsIn_AndAnyOtherDoesNot()
    {
        await using var gateway = await RunningGateway.StartAsync(Guarded);
        var end = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string Signed(string header, long expiry) => JwtValidatorTests.Sign(header, $$"""{"aud":"pipeline","exp":{{expiry}}}""", Secret);

        Assert.Equal(HttpStatusCode.OK, await AskAsync("Bearer sesame-1"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync("Bearer " + Signed("""{"alg":"HS256"}""", end + 600)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("Bearer " + Signed("""{"alg":"HS256"}""", end - 600)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("Bearer " + Signed("""{"alg":"none"}""", end + 600)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("Bearer sesame-2"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync("Basic sesame-1"));
        using var query = await gateway.Client.GetAsync("/api/time?access_token=sesame-1");
        Assert.Equal(HttpStatusCode.Unauthorized, query.StatusCode);

        async Task<HttpStatusCode> AskAsync(string authorization)
        {
            using var answer = await gateway.SendAsync(HttpMethod.Get, "/api/time", ("Authorization", authorization));
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Polling_IsGuardedLikeAHandshake()
    {
        await using var gateway = await RunningGateway.StartAsync(Guarded);
        using var bare = await gateway.Client.GetAsync("/socket.io/?EIO=4&transport=polling");
        using var wrong = await gateway.Client.GetAsync("/socket.io/?EIO=4&transport=polling&access_token=sesame-2");
        using var bearing = await gateway.Client.GetAsync("/socket.io/?EIO=4&transport=polling&access_token=sesame-1");
        using var foreign = await gateway.SendAsync(HttpMethod.Get, "/socket.io/?access_token=sesame-1", ("Origin", "https://evil.example"));

        // Nobody serves it here: who is let through finds no such path. A token may come later, when the client joins; a wrong one may not.
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (bare.StatusCode, bearing.StatusCode));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden), (wrong.StatusCode, foreign.StatusCode));
    }

    [Theory]
    [InlineData("/api/time")]
    [InlineData("/socket.io/?EIO=4&transport=polling&sid=unknown")]
    public async Task Requests_TooOften_Are429(string path)
    {
        await using var gateway = await RunningGateway.StartAsync(new GatewayOptions { Limits = new GatewayLimits { MaxRequestsPerSecond = 1 } });
        var began = TimeProvider.System.GetTimestamp();
        var let = 0;
        while (true)
        {
            using var answer = await gateway.Client.GetAsync(path);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                Assert.Equal("1", answer.Headers.RetryAfter!.ToString());
                break;
            }

            let++;
        }

        // Ten at once, and one more for each second that it took.
        Assert.InRange(let, 10, 10 + (int)TimeProvider.System.GetElapsedTime(began).TotalSeconds + 1);
        using var probe = await gateway.Client.GetAsync("/livez");
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
    }

    [Fact]
    public async Task Flush_FromThisMachine_AnswersItsSums()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var answer = await gateway.SendAsync(HttpMethod.Post, "/api/websocket/flush");

        Assert.Equal((HttpStatusCode.OK, """{"clients":0,"messages":0,"bytes":0}"""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("Host", "evil.example")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task Flush_PassedOnOrFromAPage_Is403(string header, string value)
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var answer = await gateway.SendAsync(HttpMethod.Post, "/api/websocket/flush", (header, value));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("FORBIDDEN", (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]!);
    }

    [Fact]
    public async Task Flush_WithAdminToken_NeedsItFromHereToo()
    {
        await using var gateway = await RunningGateway.StartAsync(Guarded with { AdminToken = "admin-token" });

        Assert.Equal(HttpStatusCode.OK, await FlushAsync("Bearer admin-token"));
        Assert.Equal(HttpStatusCode.Unauthorized, await FlushAsync("Bearer sesame-1"));
        Assert.Equal(HttpStatusCode.Unauthorized, await FlushAsync("Bearer admin-tokem"));
        Assert.Equal(HttpStatusCode.Unauthorized, await FlushAsync(""));

        async Task<HttpStatusCode> FlushAsync(string authorization)
        {
            using var answer = await gateway.SendAsync(HttpMethod.Post, "/api/websocket/flush", ("Authorization", authorization));
            return answer.StatusCode;
        }
    }

    [Theory]
    [InlineData("https://app.example", true)]
    [InlineData("http://localhost:5173", true)]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    public async Task Origin_Allowed_MayReadTheAnswer(string origin, bool expected)
    {
        await using var gateway = await RunningGateway.StartAsync(new GatewayOptions { Origins = ["https://app.example"] });
        using var answer = await gateway.SendAsync(HttpMethod.Get, "/api/time", ("Origin", origin));
        using var preflight = await gateway.SendAsync(
            HttpMethod.Options, "/api/time", ("Origin", origin), ("Access-Control-Request-Method", "GET"));

        Assert.Equal(expected ? [origin] : [], answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var given) ? given : []);
        Assert.Equal((HttpStatusCode.NoContent, expected), (preflight.StatusCode, preflight.Headers.Contains("Access-Control-Allow-Origin")));
        Assert.Contains("Origin", answer.Headers.Vary);
    }

    [Fact]
    public async Task Request_TooLarge_IsRefused()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var content = new ByteArrayContent(new byte[2048]);
        using var flush = await gateway.Client.PostAsync("/api/websocket/flush", content);
        using var header = await gateway.SendAsync(HttpMethod.Get, "/api/time", ("X-Long", new string('x', 20_000)));
        using var line = await gateway.SendAsync(HttpMethod.Get, "/api/time?x=" + new string('x', 10_000));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, flush.StatusCode);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, header.StatusCode);
        Assert.Equal(HttpStatusCode.RequestUriTooLong, line.StatusCode);
    }
}
