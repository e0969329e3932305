using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Core.Topology;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Security;
using Pipeline.Gateway.Tests.Hub;
using Pipeline.Gateway.Tests.Security;
using Pipeline.Gateway.WebSockets;

namespace Pipeline.Gateway.Tests.Hosting;

/// <summary>Whom the handshake lets in, and how a gateway ends, over real sockets.</summary>
public sealed class GatewayHostTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task Client_Connected_IsCountedAndListed()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var client = await WsClient.OpenAsync(gateway);
        await SendAsync(client, """{"op":"ping","id":"1"}""");
        Assert.Equal("pong", (string)(await ReceiveAsync(client))["type"]!);

        var stats = await gateway.GetAsync("/api/websocket/stats?connections=1");
        Assert.Equal((1, 1), ((int)stats["totalConnections"]!, (int)stats["activeConnections"]!));
        Assert.InRange((long)stats["lastActivity"]!, RunningGateway.Now - 60_000_000, RunningGateway.Now);
        var row = stats["connections"]!.AsArray().Single()!;
        Assert.Equal(
            ["id", "protocol", "connectedAt", "lastActivity", "messagesSent", "bytesSent", "errors", "state", "metadata"], row.AsObject().Select(one => one.Key));
        Assert.Equal(("ws", "open", "127.0.0.1"), ((string)row["protocol"]!, (string)row["state"]!, (string)row["metadata"]!["address"]!));
        Assert.Equal(1, gateway.Metrics.GatewayClientCount);

        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Never);
        await RunningGateway.UntilAsync(() => gateway.Metrics.GatewayClientCount == 0 && gateway.Host.Figures.Sessions.Count == 0);
        Assert.Equal(0, (int)(await gateway.GetAsync("/api/websocket/stats"))["activeConnections"]!);
        Assert.Contains("pipeline_gateway_disconnects_total{protocol=\"ws\",code=\"1000\"} 1", await gateway.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handshake_BeforeTheLogIsRead_Is503WithRetryAfter()
    {
        await using var gateway = await RunningGateway.StartAsync(begins: false);
        var (status, head, body) = await HandshakeAsync(gateway);

        Assert.Equal(503, status);
        Assert.Contains("Retry-After: 1", head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(("UNAVAILABLE", 1000), ((string)body["code"]!, (int)body["retryAfterMs"]!));
        gateway.Source.Begin();
        await RunningGateway.UntilAsync(() => gateway.Host.Figures.IsReady);
        using var client = await WsClient.OpenAsync(gateway);
    }

    [Fact]
    public async Task Handshake_BeyondMaxConnections_Is503_UntilOneLeaves()
    {
        await using var gateway = await RunningGateway.StartAsync(new GatewayOptions { MaxConnections = 2 });
        using var one = await WsClient.OpenAsync(gateway);
        using (var two = await WsClient.OpenAsync(gateway))
        {
            var (status, head, body) = await HandshakeAsync(gateway);
            Assert.Equal((503, "UNAVAILABLE", 5000), (status, (string)body["code"]!, (int)body["retryAfterMs"]!));
            Assert.Contains("Retry-After: 5", head, StringComparison.OrdinalIgnoreCase);
            await two.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Never);
        }

        await RunningGateway.UntilAsync(() => gateway.Metrics.GatewayClientCount == 1);
        using var three = await WsClient.OpenAsync(gateway);
        Assert.Equal(1, await RefusedAsync(gateway, "full"));
    }

    [Fact]
    public async Task Handshake_TooManyOfOneAddress_Is429_AndProxiesTellAddressesApart()
    {
        var options = new GatewayOptions { Limits = new GatewayLimits { MaxConnectionsPerAddress = 1 } };
        await using var gateway = await RunningGateway.StartAsync(options);
        using var one = await WsClient.OpenAsync(gateway);
        Assert.Equal(429, (await HandshakeAsync(gateway, "X-Forwarded-For: 198.51.100.1")).Status);

        await using var behind = await RunningGateway.StartAsync(options with { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] });
        using var other = await WsClient.OpenAsync(behind);
        Assert.Equal(101, (await HandshakeAsync(behind, "X-Forwarded-For: 198.51.100.1")).Status);
    }

    [Fact]
    public async Task Connections_ThatSendNothing_AreCountedByAddress()
    {
        var options = new GatewayOptions { Limits = new GatewayLimits { MaxSocketsPerAddress = 3 } };
        await using var gateway = await RunningGateway.StartAsync(options);
        var silent = new List<TcpClient>();
        for (var i = 0; i < 3; i++)
        {
            silent.Add(new TcpClient());
            await silent[i].ConnectAsync(gateway.Address.Host, gateway.Address.Port);
        }

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => UntilRefusedAsync(gateway));
        silent[0].Dispose();
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await CanAskAsync(gateway))
        {
            await Task.Delay(5, bound.Token);
        }

        Assert.InRange(await RefusedAsync(gateway, "sockets"), 1, long.MaxValue);
        silent.ForEach(one => one.Dispose());
    }

    [Fact]
    public async Task Connections_OfATrustedProxy_HaveALimitOfTheirOwn()
    {
        var options = new GatewayOptions
        {
            Limits = new GatewayLimits { MaxSocketsPerAddress = 1 },
            TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")],
        };
        await using var gateway = await RunningGateway.StartAsync(options);
        var clients = new List<ClientWebSocket>();
        for (var i = 0; i < 5; i++)
        {
            clients.Add(await WsClient.OpenAsync(gateway));
        }

        clients.ForEach(one => one.Dispose());
        await using var limited = await RunningGateway.StartAsync(options with { Limits = options.Limits with { MaxSocketsPerProxy = 2 } });
        using var one = await WsClient.OpenAsync(limited);
        using var two = await WsClient.OpenAsync(limited);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => UntilRefusedAsync(limited));
    }

    [Fact]
    public async Task Handshake_TooOften_Is429()
    {
        await using var gateway = await RunningGateway.StartAsync(new GatewayOptions { Limits = new GatewayLimits { MaxConnectsPerSecond = 1 } });
        var began = TimeProvider.System.GetTimestamp();
        var (let, status) = (0, 101);
        for (; status == 101; let += status == 101 ? 1 : 0)
        {
            status = (await HandshakeAsync(gateway)).Status;
        }

        // Ten at once, and one more for each second that it took.
        Assert.Equal(429, status);
        Assert.InRange(let, 10, 10 + (int)TimeProvider.System.GetElapsedTime(began).TotalSeconds + 1);
    }

    [Theory]
    [InlineData("http://evil.example", 403)]
    [InlineData("null", 403)]
    [InlineData("http://localhost:5173", 101)]
    [InlineData("https://app.example", 101)]
    public async Task Handshake_OfAPage_IsJudgedByItsOrigin(string origin, int expected)
    {
        await using var gateway = await RunningGateway.StartAsync(new GatewayOptions { Origins = ["https://app.example"] });

        Assert.Equal(expected, (await HandshakeAsync(gateway, $"Origin: {origin}")).Status);
    }

    [Fact]
    public async Task Handshake_WithToken_InEachOfItsPlaces()
    {
        var options = new GatewayOptions { Tokens = ["sesame-1"], Jwt = new GatewayJwtOptions { Secret = Secret, Audience = "pipeline" } };
        await using var gateway = await RunningGateway.StartAsync(options);
        var end = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 600;
        var jwt = JwtValidatorTests.Sign("""{"alg":"HS256"}""", $$"""{"sub":"alice","aud":"pipeline","exp":{{end}}}""", Secret);

        Assert.Equal(401, (await HandshakeAsync(gateway)).Status);
        Assert.Equal(401, (await HandshakeAsync(gateway, "Authorization: Bearer sesame-2")).Status);
        Assert.Equal(101, (await HandshakeAsync(gateway, "Authorization: Bearer sesame-1")).Status);
        Assert.Equal(101, (await HandshakeAsync(gateway, path: "/ws?access_token=sesame-1")).Status);
        var (status, head, _) = await HandshakeAsync(gateway, $"Sec-WebSocket-Protocol: {BearerToken.Subprotocol}, bearer.{jwt}");
        Assert.Equal(101, status);
        Assert.Contains("Sec-WebSocket-Protocol: pipeline.v1", head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(jwt, head, StringComparison.Ordinal);

        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol(BearerToken.Subprotocol);
        client.Options.AddSubProtocol($"bearer.{jwt}");
        await client.ConnectAsync(WebSocketOf(gateway), Never);
        Assert.Equal(BearerToken.Subprotocol, client.SubProtocol);
        Assert.Contains(gateway.Host.Figures.Sessions, session => session.Subject == "alice");
    }

    [Fact]
    public async Task Client_CutForWhatItSends_IsKeptOutForThePenalty()
    {
        await using var gateway = await RunningGateway.StartAsync(
            new GatewayOptions { Limits = new GatewayLimits { MaxMessageBytes = 1024, Penalty = TimeSpan.FromMinutes(5) } });
        using var client = await WsClient.OpenAsync(gateway);
        await client.SendAsync(new byte[4096], WebSocketMessageType.Text, endOfMessage: true, Never);
        var closing = await client.ReceiveAsync(new byte[256], Never);
        Assert.Equal((WebSocketMessageType.Close, (WebSocketCloseStatus)1009), (closing.MessageType, closing.CloseStatus));
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Never);
        await RunningGateway.UntilAsync(() => gateway.Metrics.GatewayClientCount == 0);

        var (status, _, body) = await HandshakeAsync(gateway);
        Assert.Equal((429, "RATE_LIMITED"), (status, (string)body["code"]!));
        Assert.InRange((int)body["retryAfterMs"]!, 200_000, 300_000);
    }

    [Fact]
    public async Task Drain_TellsClientsToGo_AndLetsNobodyIn()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var client = await WsClient.OpenAsync(gateway);
        var draining = gateway.Host.DrainAsync();
        var closing = await client.ReceiveAsync(new byte[256], Never);
        Assert.Equal(
            ((WebSocketCloseStatus)CloseCodes.GoingAway.Code, CloseCodes.GoingAway.Reason), (closing.CloseStatus!.Value, closing.CloseStatusDescription));
        Assert.Equal(503, (await HandshakeAsync(gateway)).Status);
        using var readiness = await gateway.Client.GetAsync("/readyz");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "the gateway is stopping\n"), (readiness.StatusCode, await readiness.Content.ReadAsStringAsync()));
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Never);

        Assert.True(await draining);
    }

    [Fact]
    public async Task Memory_AboveItsLimit_LetsTheSlowestGo_AndNobodyIn()
    {
        var options = new GatewayOptions { OutboxLimit = 256 << 20 };
        var memory = 0L;

        // However slow: what is too old must not be the reason first.
        await using var gateway = await RunningGateway.StartAsync(
            options, change: setup => setup with { Memory = () => Interlocked.Read(ref memory), MaxAge = TimeSpan.FromMinutes(10) });
        gateway.Source.AddTrade(0, RunningGateway.Now);
        using var sleeper = await WsClient.OpenAsync(gateway);
        using var reader = await WsClient.OpenAsync(gateway);
        const string subscribe = """{"op":"subscribe","id":"1","filters":{"dataTypes":["trade"]}}""";
        await SendAsync(sleeper, subscribe);
        await SendAsync(reader, subscribe);
        var reading = ReadToEndAsync(reader);
        await RunningGateway.UntilAsync(() => gateway.Host.Figures.Stats.TotalSubscriptions == 2);
        for (var id = 1; id <= 200; id++)
        {
            gateway.Source.AddTrade(id, RunningGateway.Now, padding: 100_000);
        }

        await RunningGateway.UntilAsync(() => gateway.Host.Hub.Counts.Records == 201 && gateway.Host.Links.WaitingBytes > 1_000_000);
        await RunningGateway.UntilAsync(() => gateway.Host.Links.Links.Count(link => link.WaitingBytes > 0) == 1);
        Interlocked.Exchange(ref memory, options.MemoryLimit + 1);
        await RunningGateway.UntilAsync(() => gateway.Host.Links.Closures.ContainsKey(CloseCodes.MemoryShed.Code) || gateway.Host.Links.WaitingBytes == 0);
        var (status, _, body) = await HandshakeAsync(gateway);
        Assert.Equal((503, "The gateway is short of memory."), (status, (string)body["message"]!));

        // Who does not read does not answer the close frame either, and is broken off.
        await RunningGateway.UntilAsync(() => gateway.Host.Links.Closures.ContainsKey(CloseCodes.MemoryShed.Code) && gateway.Host.Links.Count == 1);
        Assert.False(reading.IsCompleted);
        Interlocked.Exchange(ref memory, 0);
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await HandshakeAsync(gateway)).Status != 101)
        {
            await Task.Delay(20, bound.Token);
        }
    }

    [Fact]
    public async Task Hub_ThatCannotGoOn_SaysWhy_AndEndsAllTheSame()
    {
        var source = new MemorySource();
        var hub = new GatewayHub(source, new HubOptions(), TimeProvider.System, workers: [new BrokenWorker()]);
        hub.Start();
        source.Begin();

        Assert.Equal("broken", (await hub.Failed.WaitAsync(TimeSpan.FromMinutes(2))).Message);
        await Assert.ThrowsAsync<HubUnavailableException>(() => hub.AskAsync(_ => true));
        await hub.DisposeAsync();
    }

    [Fact]
    public async Task Https_WithPemFiles_ServesApiAndWebSocket()
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-gateway-");
        try
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            var (chainFile, keyFile) = (Path.Combine(folder.FullName, "chain.pem"), Path.Combine(folder.FullName, "key.pem"));
            await File.WriteAllTextAsync(chainFile, certificate.ExportCertificatePem());
            await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem());
            await using var gateway = await RunningGateway.StartAsync(
                new GatewayOptions { Listen = new Uri("https://127.0.0.1:1"), Certificate = chainFile, CertificateKey = keyFile });

            using var answer = await gateway.Client.GetAsync("/api/time");
            Assert.Equal("max-age=31536000", answer.Headers.GetValues("Strict-Transport-Security").Single());
            using var client = new ClientWebSocket();
            client.Options.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=localhost";
            await client.ConnectAsync(new UriBuilder(gateway.Address) { Scheme = "wss", Path = "/ws" }.Uri, Never);
            await SendAsync(client, """{"op":"ping","id":"1"}""");
            Assert.Equal("pong", (string)(await ReceiveAsync(client))["type"]!);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Start_PortTakenOrCertificateMissing_SaysWhatToDo()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var taken = await Assert.ThrowsAsync<IOException>(() => RunningGateway.StartAsync(
            change: setup => setup with { Options = setup.Options with { Listen = gateway.Address } }));
        Assert.Contains("Change gateway.listen in the topology.", taken.Message, StringComparison.Ordinal);

        var missing = await Assert.ThrowsAsync<IOException>(() => RunningGateway.StartAsync(
            new GatewayOptions { Listen = new Uri("https://127.0.0.1:1"), Certificate = "/nowhere/chain.pem" }));
        Assert.Contains("/nowhere/chain.pem", missing.Message, StringComparison.Ordinal);
    }

    private static Uri WebSocketOf(RunningGateway gateway) => new UriBuilder(gateway.Address) { Scheme = "ws", Path = "/ws" }.Uri;

    private static Task SendAsync(ClientWebSocket client, string json) =>
        client.SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text, endOfMessage: true, Never);

    private static async Task<JsonNode> ReceiveAsync(ClientWebSocket client)
    {
        var buffer = new byte[64 * 1024];
        var result = await client.ReceiveAsync(buffer, Never);
        return JsonNode.Parse(buffer.AsSpan(0, result.Count))!;
    }

    /// <summary>Reads until the other side closes; its code.</summary>
    private static async Task<int> ReadToEndAsync(ClientWebSocket client)
    {
        var buffer = new byte[256 * 1024];
        WebSocketReceiveResult part;
        do
        {
            part = await client.ReceiveAsync(buffer, Never);
        }
        while (part.MessageType != WebSocketMessageType.Close);
        return (int)part.CloseStatus!.Value;
    }

    private static async Task<long> RefusedAsync(RunningGateway gateway, string reason)
    {
        var line = (await gateway.Client.GetStringAsync("/metrics")).Split('\n')
            .Single(one => one.StartsWith($"pipeline_gateway_refused_total{{reason=\"{reason}\"}}", StringComparison.Ordinal));
        return long.Parse(line[(line.LastIndexOf(' ') + 1)..], null);
    }

    /// <summary>Asks until the connection is refused: those before it may not have been counted yet.</summary>
    private static async Task UntilRefusedAsync(RunningGateway gateway)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!bound.IsCancellationRequested)
        {
            using var fresh = new HttpClient { BaseAddress = gateway.Address };
            await fresh.GetStringAsync("/livez", bound.Token);
        }
    }

    private static async Task<bool> CanAskAsync(RunningGateway gateway)
    {
        try
        {
            using var fresh = new HttpClient { BaseAddress = gateway.Address };
            await fresh.GetStringAsync("/livez");
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>A handshake byte for byte, as far as its answer's head and body.</summary>
    private static async Task<(int Status, string Head, JsonNode Body)> HandshakeAsync(RunningGateway gateway, string header = "", string path = "/ws")
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
        var stream = socket.GetStream();
        var more = header.Length == 0 ? "" : header + "\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {gateway.Address.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n"));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var head = new StringBuilder();
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            head.Append(line).Append('\n');
        }

        var status = int.Parse(head.ToString().Split(' ')[1], null);
        return (status, head.ToString(), status == 101 ? new JsonObject() : JsonNode.Parse(await reader.ReadToEndAsync())!);
    }
}
