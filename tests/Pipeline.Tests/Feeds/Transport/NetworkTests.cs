using System.Net;
using System.Net.Sockets;
using System.Text;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Transport;
using Pipeline.TestKit.Feeds;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Feeds.Transport;

/// <summary>The real transport through proxies and TLS on the loopback interface, in real time.</summary>
public sealed class NetworkTests : IDisposable
{
    private const string Login = "me:s3cret%40home";

    private readonly TestAuthority _authority = new();
    private readonly PipelineMetrics _metrics = new();

    public void Dispose()
    {
        _authority.Dispose();
        _metrics.Dispose();
    }

    [Theory]
    [InlineData("http", null, false)]
    [InlineData("http", Login, false)]
    [InlineData("http", Login, true)]
    [InlineData("socks5", null, false)]
    [InlineData("socks5", Login, false)]
    [InlineData("socks5", Login, true)]
    public async Task Proxy_OpensTheWay_AndTheBytesOfTheVenueAloneAreCounted(string scheme, string? login, bool isSecure)
    {
        using var certificate = isSecure ? _authority.Issue() : null;
        await using var venue = new LoopbackVenue(TwoFramesAsync, certificate: certificate);
        var plain = login is null ? null : Uri.UnescapeDataString(login);
        await using var proxy = scheme == "http" ? LoopbackProxy.Http(plain) : LoopbackProxy.Socks5(plain);
        var network = new NetworkOptions
        {
            Proxies = [login is null ? proxy.Address : proxy.With(login)],
            CertificateAuthority = isSecure ? _authority.PemFile : null,
        };

        using var socket = await ConnectAsync(venue.Address, network);

        Assert.Equal(["one", new string('x', 300)], [await ReadAsync(socket), await ReadAsync(socket)]);
        Assert.Equal(1, proxy.Tunnels);
        Assert.Equal((2 + 3) + (4 + 300), socket.WireBytes);
        Assert.False(socket.IsCompressed);
    }

    [Theory]
    [InlineData("http", "me:wrong", 407)]
    [InlineData("http", null, 407)]
    [InlineData("socks5", "me:wrong", null)]
    [InlineData("socks5", null, null)]
    public async Task Proxy_ThatWantsAnotherLogin_IsTheProxysFault_AndNoPasswordIsTold(string scheme, string? login, int? status)
    {
        await using var venue = new LoopbackVenue(TwoFramesAsync);
        await using var proxy = scheme == "http" ? LoopbackProxy.Http("me:s3cret") : LoopbackProxy.Socks5("me:s3cret");

        var failure = await FailAsync(venue.Address, new NetworkOptions { Proxies = [login is null ? proxy.Address : proxy.With(login)] });

        Assert.Equal((DisconnectionReason.Proxy, status), (failure.Reason, failure.HttpStatus));
        Assert.Contains($"{scheme}://127.0.0.1:{proxy.Address.Port}", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", failure.ToString(), StringComparison.Ordinal);
        Assert.Null(failure.Advice);
        Assert.Equal(0, proxy.Tunnels);
    }

    [Fact]
    public async Task Proxy_ThatCannotReachTheVenue_IsTheProxysFault()
    {
        await using var proxy = LoopbackProxy.Http(answer: "HTTP/1.1 502 Bad Gateway");

        var failure = await FailAsync(new Uri("wss://stream.venue.test:9443/ws"), new NetworkOptions { Proxies = [proxy.Address] });

        Assert.Equal((DisconnectionReason.Proxy, 502), (failure.Reason, failure.HttpStatus));
        Assert.Contains("stream.venue.test:9443", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    [InlineData("socks4")]
    [InlineData("socks4a")]
    [InlineData("socks5")]
    public async Task Proxy_WhereNobodyListens_IsTheProxysFault(string scheme)
    {
        var failure = await FailAsync(
            new Uri("wss://127.0.0.1:9443/ws"), new NetworkOptions { Proxies = [new Uri($"{scheme}://me:s3cret@127.0.0.1:{FreePort()}")] });

        Assert.Equal(DisconnectionReason.Proxy, failure.Reason);
        Assert.Contains("cannot be reached", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxy_WhoseNameIsUnknown_IsTheProxysFaultAndNotTheVenues()
    {
        var failure = await FailAsync(new Uri("ws://127.0.0.1:9/ws"), new NetworkOptions { Proxies = [new Uri("http://no-such-proxy.invalid:3128")] });

        Assert.Equal(DisconnectionReason.Proxy, failure.Reason);
    }

    [Fact]
    public async Task Venue_ThatRefusesThroughAProxy_IsTheVenuesRefusal()
    {
        await using var venue = new LoopbackVenue(TwoFramesAsync, "HTTP/1.1 451 Unavailable For Legal Reasons\r\nContent-Length: 0");
        await using var proxy = LoopbackProxy.Socks5();

        var failure = await FailAsync(venue.Address, new NetworkOptions { Proxies = [proxy.Address] });

        Assert.Equal((DisconnectionReason.Handshake, 451), (failure.Reason, failure.HttpStatus));
        Assert.Contains("through socks5://", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.Advice);
    }

    [Fact]
    public async Task List_GoesToTheNextProxyAfterThreeFailures()
    {
        await using var venue = new LoopbackVenue(TwoFramesAsync);
        await using var broken = LoopbackProxy.Http(answer: "HTTP/1.1 503 Service Unavailable");
        await using var good = LoopbackProxy.Socks5();
        var transport = new ClientWebSocketTransport(new NetworkOptions { Proxies = [broken.Address, good.Address] });
        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<FeedConnectException>(() => transport.ConnectAsync(venue.Address, new WebSocketOptions(), default));
        }

        using var socket = await transport.ConnectAsync(venue.Address, new WebSocketOptions(), default);

        Assert.Equal("one", await ReadAsync(socket));
        Assert.Equal((3, 1), (broken.Connections, good.Tunnels));
    }

    [Fact]
    public async Task Environment_IsHonouredWhereNoProxyIsNamed()
    {
        await using var venue = new LoopbackVenue(TwoFramesAsync);
        await using var proxy = LoopbackProxy.Http("me:s3cret");

        // The framework's reading of HTTPS_PROXY=http://me:s3cret@host:port.
        var transport = new ClientWebSocketTransport(new NetworkOptions(), null, new WebProxy(proxy.With("me:s3cret")));
        var address = new UriBuilder(venue.Address) { Host = "stream.venue.test" }.Uri;
        using var socket = await transport.ConnectAsync(address, new WebSocketOptions(), default);
        Assert.Equal("one", await ReadAsync(socket));
        Assert.Equal(1, proxy.Tunnels);

        using var direct = await transport.ConnectAsync(venue.Address, new WebSocketOptions(), default);
        Assert.Equal((1, 1), (proxy.Tunnels, proxy.Connections));

        transport = new ClientWebSocketTransport(new NetworkOptions(), null, new WebProxy(proxy.With("me:wrong")));
        var failure = await Assert.ThrowsAsync<FeedConnectException>(() => transport.ConnectAsync(address, new WebSocketOptions(), default));
        Assert.Equal((DisconnectionReason.Proxy, 407), (failure.Reason, failure.HttpStatus));
        Assert.DoesNotContain("wrong", failure.ToString(), StringComparison.Ordinal);
    }

    // F16: whoever is connected to keeps silent.
    [Theory]
    [InlineData(null, DisconnectionReason.Timeout)]
    [InlineData("http", DisconnectionReason.Proxy)]
    [InlineData("socks5", DisconnectionReason.Proxy)]
    public async Task Silence_EndsWithTheConnectTimeout_AndTellsWhose(string? scheme, DisconnectionReason expected)
    {
        await using var proxy = LoopbackProxy.Silent(scheme ?? "http");
        var address = scheme is null ? new UriBuilder(proxy.Address) { Scheme = "ws" }.Uri : new Uri("ws://127.0.0.1:9/ws");
        var network = new NetworkOptions { Proxies = scheme is null ? [] : [proxy.Address] };
        var options = new WebSocketOptions { AutoReconnect = false, ConnectTimeout = TimeSpan.FromMilliseconds(300) };
        await using var connection = new FeedConnection(
            ConnectionWorld.Source, address, new ClientWebSocketTransport(network), options, TimeProvider.System, TimeProvider.System, _metrics);
        var lost = new TaskCompletionSource<DisconnectionInfo>();
        connection.DisconnectionHappened.Subscribe(info => lost.TrySetResult(info));
        connection.Start();

        var end = await lost.Task.WaitAsync(RealTime.Bound);

        Assert.Equal((expected, false), (end.Reason, end.WasConnected));
        Assert.InRange(end.Lasted.TotalSeconds, 0.29, 10);
        Assert.Equal(TimeSpan.FromSeconds(10), new WebSocketOptions().ConnectTimeout);
    }

    [Fact]
    public async Task Tls_OfAnAuthorityNobodyKnows_IsToldWithItsCause()
    {
        using var certificate = _authority.Issue();
        await using var venue = new LoopbackVenue(TwoFramesAsync, certificate: certificate);

        var failure = await FailAsync(venue.Address, new NetworkOptions());

        Assert.Equal(DisconnectionReason.Tls, failure.Reason);
        Assert.Contains("issued by CN=Test Authority", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_WithTheAuthorityOfAFile_IsTrusted_AndOthersAreNot()
    {
        using var certificate = _authority.Issue();
        using var stranger = new TestAuthority("CN=Stranger");
        await using var venue = new LoopbackVenue(TwoFramesAsync, certificate: certificate);

        using var socket = await ConnectAsync(venue.Address, new NetworkOptions { CertificateAuthority = _authority.PemFile });
        Assert.Equal("one", await ReadAsync(socket));

        var failure = await FailAsync(venue.Address, new NetworkOptions { CertificateAuthority = stranger.PemFile });
        Assert.Equal(DisconnectionReason.Tls, failure.Reason);
        Assert.Contains(stranger.PemFile, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_ForAnotherName_IsRefusedWhoeverIssuedIt()
    {
        using var certificate = _authority.Issue("stream.venue.test");
        await using var venue = new LoopbackVenue(TwoFramesAsync, certificate: certificate);

        var failure = await FailAsync(venue.Address, new NetworkOptions { CertificateAuthority = _authority.PemFile });

        Assert.Equal(DisconnectionReason.Tls, failure.Reason);
        Assert.Contains("is not for 127.0.0.1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_WithAFileThatIsNotThere_SaysSo()
    {
        using var certificate = _authority.Issue();
        await using var venue = new LoopbackVenue(TwoFramesAsync, certificate: certificate);

        var failure = await FailAsync(venue.Address, new NetworkOptions { CertificateAuthority = "/no/such/authority.pem" });

        Assert.Equal(DisconnectionReason.Tls, failure.Reason);
        Assert.Contains("/no/such/authority.pem cannot be read", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("429 Too Many Requests\r\nRetry-After: 17", 429, 17d)]
    [InlineData("503 Service Unavailable\r\nRetry-After: Thu, 01 Jan 2026 00:02:00 GMT", 503, 120d)]
    [InlineData("418 I'm a teapot", 418, 120d)]
    [InlineData("418 I'm a teapot\r\nretry-after: 300", 418, 300d)]
    [InlineData("429 Too Many Requests", 429, null)]
    [InlineData("429 Too Many Requests\r\nRetry-After: soon", 429, null)]
    public async Task Handshake_RetryAfter_IsRead(string answer, int status, double? seconds)
    {
        await using var venue = new LoopbackVenue(TwoFramesAsync, $"HTTP/1.1 {answer}\r\nContent-Length: 0");
        var transport = new ClientWebSocketTransport(null, new TestTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));

        var failure = await Assert.ThrowsAsync<FeedConnectException>(
            () => transport.ConnectAsync(venue.Address, new WebSocketOptions(), default).WaitAsync(RealTime.Bound));

        Assert.Equal((DisconnectionReason.Handshake, status, seconds), (failure.Reason, failure.HttpStatus, failure.RetryAfter?.TotalSeconds));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rest_GoesTheSameWay(bool isSecure)
    {
        using var certificate = isSecure ? _authority.Issue() : null;
        await using var venue = new LoopbackVenue(TwoFramesAsync, "HTTP/1.1 204 No Content\r\nConnection: close", certificate);
        await using var broken = LoopbackProxy.Http(answer: "HTTP/1.1 503 Service Unavailable");
        await using var good = LoopbackProxy.Socks5("me:s3cret");
        var network = new NetworkOptions
        {
            Proxies = [broken.With("me:other"), good.With("me:s3cret")],
            CertificateAuthority = isSecure ? _authority.PemFile : null,
        };
        using var http = new HttpClient(VenueHttp.CreateHandler(network)) { Timeout = RealTime.Bound };
        var address = new UriBuilder(venue.Address) { Scheme = isSecure ? "https" : "http" }.Uri;

        // A plain request is answered by the first proxy itself; TLS asks it for a way, in vain.
        for (var i = 0; i < 3 && isSecure; i++)
        {
            var failure = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(address));
            Assert.Equal(HttpRequestError.ProxyTunnelError, failure.HttpRequestError);
            Assert.DoesNotContain("other", failure.ToString(), StringComparison.Ordinal);
        }

        using var answer = await http.GetAsync(address);

        Assert.Equal(isSecure ? HttpStatusCode.NoContent : HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(isSecure ? 1 : 0, good.Tunnels);
    }

    [Fact]
    public async Task Rest_RefusedByTls_SaysWhy()
    {
        using var certificate = _authority.Issue();
        await using var venue = new LoopbackVenue(TwoFramesAsync, "HTTP/1.1 204 No Content", certificate);
        using var http = new HttpClient(VenueHttp.CreateHandler(new NetworkOptions())) { Timeout = RealTime.Bound };

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new UriBuilder(venue.Address) { Scheme = "https" }.Uri));

        Assert.Contains("issued by CN=Test Authority", failure.Message, StringComparison.Ordinal);
    }

    private static async Task TwoFramesAsync(LoopbackPeer peer)
    {
        await peer.SendTextAsync("one");
        await peer.SendTextAsync(new string('x', 300));
        await peer.HoldAsync();
    }

    private static Task<IFeedSocket> ConnectAsync(Uri address, NetworkOptions network) =>
        new ClientWebSocketTransport(network).ConnectAsync(address, new WebSocketOptions(), default).WaitAsync(RealTime.Bound);

    private static Task<FeedConnectException> FailAsync(Uri address, NetworkOptions network) =>
        Assert.ThrowsAsync<FeedConnectException>(() => ConnectAsync(address, network));

    private static async Task<string> ReadAsync(IFeedSocket socket)
    {
        var buffer = new byte[4096];
        var length = 0;
        while (true)
        {
            var result = await socket.ReceiveAsync(buffer.AsMemory(length), default).AsTask().WaitAsync(RealTime.Bound);
            length += result.Count;
            if (result.EndOfMessage)
            {
                return Encoding.UTF8.GetString(buffer, 0, length);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
