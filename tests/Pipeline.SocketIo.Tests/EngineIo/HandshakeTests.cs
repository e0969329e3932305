using System.Text.Json;
using Pipeline.Fanout;
using Pipeline.SocketIo.EngineIo;
using Pipeline.SocketIo.Tests.Wire;

namespace Pipeline.SocketIo.Tests.EngineIo;

public sealed class HandshakeTests : IDisposable
{
    private readonly EngineHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Polling_Open_TellsTimesAndUpgrades()
    {
        var response = await _host.RequestAsync("GET", "?EIO=4&transport=polling");

        Assert.Equal('0', response.Body[0]);
        var open = JsonDocument.Parse(response.Body[1..]).RootElement;
        Assert.Equal(["sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"], open.EnumerateObject().Select(one => one.Name));
        Assert.Equal(20, open.GetProperty("sid").GetString()!.Length);
        Assert.Equal("[\"websocket\"]", open.GetProperty("upgrades").GetRawText());
        Assert.Equal((300, 200, 1000), (open.GetProperty("pingInterval").GetInt32(), open.GetProperty("pingTimeout").GetInt32(), open.GetProperty("maxPayload").GetInt32()));
        Assert.Equal("no-store", response.Headers.CacheControl);
    }

    [Fact]
    public async Task WebSocket_Open_HasNoUpgrades()
    {
        var open = await _host.OpenSocket().NextAsync();

        Assert.Contains("\"upgrades\":[]", open, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "", 0)]
    [InlineData("GET", "?transport=polling", 5)]
    [InlineData("GET", "?EIO=3&transport=polling", 5)]
    [InlineData("GET", "?EIO=abc&transport=polling", 5)]
    [InlineData("GET", "?EIO=4", 0)]
    [InlineData("GET", "?EIO=4&transport=flash", 0)]
    [InlineData("GET", "?EIO=4&transport=websocket", 3)]
    [InlineData("POST", "?EIO=4&transport=polling", 2)]
    [InlineData("PUT", "?EIO=4&transport=polling", 2)]
    [InlineData("GET", "?EIO=4&transport=polling&sid=nobody", 1)]
    public async Task Request_OfNoUse_IsRefusedWithItsCode(string method, string query, int code)
    {
        var response = await _host.RequestAsync(method, query);

        Assert.Equal(400, response.Status);
        Assert.Equal(code, JsonDocument.Parse(response.Body).RootElement.GetProperty("code").GetInt32());
        Assert.Equal(0, _host.Server.Count);
    }

    [Theory]
    [InlineData("/engine.io/", "?EIO=4&transport=polling", 400)]
    [InlineData("/engine.io/", "?transport=websocket", 400)]
    [InlineData("/engine.io", "?EIO=3&transport=websocket", 400)]
    [InlineData("/engine.io/", "?EIO=4&transport=websocket&sid=nobody", 400)]
    [InlineData("/other", "?EIO=4&transport=websocket", 0)]
    public void WebSocket_OfNoUse_IsRefused(string path, string query, int status)
    {
        var decision = MemorySocket.Ask(_host.Server, path, query);

        Assert.Null(decision.Handler);
        Assert.Equal(status, decision.Status);
    }

    [Fact]
    public async Task Connections_AboveTheLimit_GetRetryAfter()
    {
        using var host = new EngineHost(_host.Options with { MaxConnections = 1, RetryAfterSeconds = 7 });
        await host.OpenPollingAsync();

        var polling = await host.RequestAsync("GET", "?EIO=4&transport=polling");
        var socket = MemorySocket.Ask(host.Server, "/engine.io/", "?EIO=4&transport=websocket");

        Assert.Equal((503, "7"), (polling.Status, polling.Headers.RetryAfter.ToString()));
        Assert.Equal((503, 7), (socket.Status, socket.RetryAfterSeconds));
        host.Advance(600);
        await host.OpenPollingAsync();
    }

    [Fact]
    public async Task Admit_Refusal_GoesToBothTransports()
    {
        using var host = new EngineHost(_host.Options with
        {
            Admit = handshake => handshake.GetQuery("token") == "a b" ? null : new EngineRefusal(401, "Who are you"),
        });

        var refused = await host.RequestAsync("GET", "?EIO=4&transport=polling&token=x");
        var taken = await host.RequestAsync("GET", "?EIO=4&transport=polling&token=a%20b");

        Assert.Equal((401, """{"code":4,"message":"Who are you"}"""), (refused.Status, refused.Body));
        Assert.Equal(200, taken.Status);
        Assert.Equal(401, MemorySocket.Ask(host.Server, "/engine.io/", "?EIO=4&transport=websocket").Status);
    }

    [Fact]
    public async Task Cors_ListedOriginOnly_IsLetIn()
    {
        using var host = new EngineHost(_host.Options with { Origins = new OriginPolicy(["https://a.example"]) });

        var listed = await host.RequestAsync("GET", "?EIO=4&transport=polling", origin: "https://a.example");
        var other = await host.RequestAsync("GET", "?EIO=4&transport=polling", origin: "https://b.example");
        var preflight = await host.RequestAsync("OPTIONS", "?EIO=4&transport=polling", origin: "https://a.example");

        Assert.Equal("https://a.example", listed.Headers.AccessControlAllowOrigin);
        Assert.Equal((403, ""), (other.Status, other.Headers.AccessControlAllowOrigin.ToString()));
        Assert.Equal((204, "GET, POST"), (preflight.Status, preflight.Headers.AccessControlAllowMethods.ToString()));
        Assert.Equal(403, MemorySocket.Ask(host.Server, "/engine.io/", "?EIO=4&transport=websocket", "https://b.example").Status);
    }

    [Fact]
    public async Task Cors_Star_LetsEveryoneIn()
    {
        using var host = new EngineHost(_host.Options with { Origins = new OriginPolicy(["*"]) });

        var response = await host.RequestAsync("GET", "?EIO=4&transport=polling", origin: "https://any.example");

        Assert.Equal("*", response.Headers.AccessControlAllowOrigin);
    }

    [Fact]
    public void Handshake_Printed_KeepsItsQueryToItself()
    {
        var handshake = new EngineHandshake("?token=secret", System.Net.IPAddress.Loopback, EngineTransports.Polling);

        Assert.DoesNotContain("secret", handshake.ToString(), StringComparison.Ordinal);
    }
}
