using System.Text;
using Pipeline.Fanout;
using Pipeline.Fanout.Handshake;

namespace Pipeline.SocketIo.Tests.Fanout;

public sealed class HandshakeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Handshake_OfTheStandard_IsAnswered(bool belowHttp)
    {
        await using var host = await LinkHost.StartAsync(belowHttp: belowHttp);
        await using var stream = await host.OpenAsync();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(LinkHost.Handshake("Origin: https://a.example\r\nX-Two: a\r\nX-Two: b\r\n")));
        var head = await LinkHost.HeadAsync(stream);

        // The example of RFC 6455 §1.3.
        Assert.StartsWith("HTTP/1.1 101 Switching Protocols\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Upgrade: websocket\r\n", head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Connection: Upgrade\r\n", head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("/ws", Assert.Single(host.Requests).Path);
    }

    [Theory]
    [InlineData("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 12", 426)]
    [InlineData("Sec-WebSocket-Version: 13\r\n", "", 426)]
    [InlineData("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", 400)]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25j", 400)]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ==", "????????????????????????", 400)]
    [InlineData("Host: x\r\n", "", 400)]
    [InlineData("Host: x\r\n", "Host: x\r\nHost: y\r\n", 400)]
    [InlineData("Host: x\r\n", "Host: x\r\nBad Name: y\r\n", 400)]
    [InlineData("Host: x\r\n", "Host : x\r\n", 400)]
    [InlineData("Host: x\r\n", "Host: x\r\n folded: y\r\n", 400)]
    [InlineData("GET /ws HTTP/1.1", "GET /ws HTTP/1.1 ", 400)]
    [InlineData("GET /ws HTTP/1.1", "GET /ws HTTP/2.0", 505)]
    [InlineData("GET /ws HTTP/1.1", "GET /w\u0001s HTTP/1.1", 200)]
    [InlineData("GET /ws HTTP/1.1", "POST /ws HTTP/1.1", 200)]
    [InlineData("Upgrade: websocket", "Upgrade: h2c", 200)]
    [InlineData("Connection: keep-alive, Upgrade", "Connection: keep-alive", 200)]
    [InlineData("GET /ws", "GET /elsewhere", 200)]
    public async Task Handshake_ThatIsWrong_IsRefusedOrLeftToHttp(string right, string wrong, int status)
    {
        await using var host = await LinkHost.StartAsync();
        await using var stream = await host.OpenAsync();
        var request = LinkHost.Handshake();
        Assert.Contains(right, request, StringComparison.Ordinal);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request.Replace(right, wrong, StringComparison.Ordinal)));
        var head = await LinkHost.HeadAsync(stream);

        Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
        Assert.Equal(status == 426, head.Contains("Sec-WebSocket-Version: 13\r\n", StringComparison.Ordinal));
        Assert.Empty(host.Links.Links);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refusal_ByTheGate_CarriesStatusBodyAndRetryAfter(bool belowHttp)
    {
        await using var host = await LinkHost.StartAsync(belowHttp: belowHttp);
        host.Answer = new LinkDecision { Status = 503, Body = """{"code":"FULL"}""", RetryAfterSeconds = 7 };
        await using var stream = await host.OpenAsync();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(LinkHost.Handshake()));
        var head = await LinkHost.HeadAsync(stream);
        var body = new byte[15];
        await stream.ReadExactlyAsync(body);

        Assert.StartsWith("HTTP/1.1 503 Service Unavailable\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 7\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json\r\n", head, StringComparison.Ordinal);
        Assert.Equal("""{"code":"FULL"}""", Encoding.ASCII.GetString(body));
        Assert.Equal(1, host.Links.Refusals[503]);
    }

    [Fact]
    public async Task Handshake_ByteByByte_IsAnswered()
    {
        await using var host = await LinkHost.StartAsync();
        await using var stream = await host.OpenAsync();
        foreach (var b in Encoding.ASCII.GetBytes(LinkHost.Handshake()))
        {
            await stream.WriteAsync(new[] { b });
        }

        Assert.StartsWith("HTTP/1.1 101 ", await LinkHost.HeadAsync(stream), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_InPieces_GoesOnToHttpWhole()
    {
        await using var host = await LinkHost.StartAsync();
        await using var stream = await host.OpenAsync();
        foreach (var part in new[] { "G", "ET / HTTP", "/1.1\r\nHost: x\r", "\n\r", "\n" })
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(part));
            await stream.FlushAsync();
            await Task.Yield();
        }

        Assert.StartsWith("HTTP/1.1 200 ", await LinkHost.HeadAsync(stream), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handshake_AsALaterRequestOfItsConnection_IsServedOverHttp()
    {
        await using var host = await LinkHost.StartAsync();
        await using var stream = await host.OpenAsync();
        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        Assert.StartsWith("HTTP/1.1 200 ", await LinkHost.HeadAsync(stream), StringComparison.Ordinal);
        var rest = new byte[256];
        var body = "";
        while (!body.EndsWith("0\r\n\r\n", StringComparison.Ordinal))
        {
            body += Encoding.ASCII.GetString(rest, 0, await stream.ReadAsync(rest));
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(LinkHost.Handshake()));
        Assert.StartsWith("HTTP/1.1 101 ", await LinkHost.HeadAsync(stream), StringComparison.Ordinal);
        await stream.WriteAsync(ClientFrames.Text("over http"));
        Assert.Equal("over http", Encoding.ASCII.GetString((await LinkHost.FrameAsync(stream)).Payload));
    }

    [Fact]
    public async Task Head_LongerThanAllowed_IsLeftToHttp()
    {
        await using var host = await LinkHost.StartAsync(serverOptions: new LinkServerOptions { MaxHeadBytes = 1024 });
        await using var stream = await host.OpenAsync();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(LinkHost.Handshake("X-Long: " + new string('x', 40_000) + "\r\n")));

        Assert.StartsWith("HTTP/1.1 431 ", await LinkHost.HeadAsync(stream), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_ThatDoesNotCome_TimesOut()
    {
        await using var host = await LinkHost.StartAsync();
        await using var stream = await host.OpenAsync();
        await stream.WriteAsync("GET /ws HTTP/1.1\r\nHost:"u8.ToArray());
        await LinkHost.UntilAsync(() => host.Links.HeadsAwaited == 1, "the head is awaited");
        host.Advance(9);
        Assert.Equal(1, host.Links.HeadsAwaited);
        host.Advance(2);

        Assert.StartsWith("HTTP/1.1 408 ", await LinkHost.HeadAsync(stream), StringComparison.Ordinal);
        Assert.Equal(0, await stream.ReadAsync(new byte[1]));
        Assert.Equal(0, host.Links.HeadsAwaited);
    }

    [Fact]
    public async Task Path_IsDecoded_AndTheQueryIsNot()
    {
        await using var host = await LinkHost.StartAsync();
        await using var stream = await host.OpenAsync();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(LinkHost.Handshake(path: "/w%73?token=a%20b")));
        Assert.StartsWith("HTTP/1.1 101 ", await LinkHost.HeadAsync(stream), StringComparison.Ordinal);

        var request = Assert.Single(host.Requests);
        Assert.Equal(("/ws", "?token=a%20b"), (request.Path, request.Query));
        Assert.Equal(System.Net.IPAddress.Loopback, request.Address);
    }

    [Fact]
    public async Task Address_NamedByAProxy_IsWhoAsks()
    {
        var options = new LinkServerOptions { ClientAddress = request => System.Net.IPAddress.Parse(request.Header("X-Forwarded-For")!) };
        await using var host = await LinkHost.StartAsync(serverOptions: options);
        await using var stream = await host.OpenAsync();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(LinkHost.Handshake("X-Forwarded-For: 192.0.2.9\r\n")));
        await LinkHost.HeadAsync(stream);

        Assert.Equal("192.0.2.9", Assert.Single(host.Requests).Address.ToString());
        Assert.Equal("192.0.2.9", Assert.Single(host.Links.Links).Address.ToString());
    }

    [Theory]
    [InlineData("permessage-deflate", true)]
    [InlineData("permessage-deflate; client_max_window_bits", true)]
    [InlineData("permessage-deflate; client_max_window_bits=10; server_no_context_takeover", true)]
    [InlineData("permessage-deflate; server_max_window_bits=15", true)]
    [InlineData("permessage-deflate; server_max_window_bits=10", false)]
    [InlineData("permessage-deflate; server_max_window_bits=10, permessage-deflate", true)]
    [InlineData("permessage-deflate; surprise", false)]
    [InlineData("x-webkit-deflate-frame", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Deflate_Offer_IsTakenWhenItCanBeMet(string? offer, bool taken) => Assert.Equal(taken, DeflateOffer.IsAcceptable(offer));

    [Fact]
    public void Token_InAList_IsFoundWhateverItsCase()
    {
        Assert.True(HandshakeRules.HasToken("keep-alive, upGRADE", "upgrade"));
        Assert.False(HandshakeRules.HasToken("upgraded", "upgrade"));
        Assert.False(HandshakeRules.HasToken(null, "upgrade"));
    }
}
