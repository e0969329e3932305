using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Fanout;
using Pipeline.SocketIo.Hosting;
using Pipeline.SocketIo.Tests.Wire;

namespace Pipeline.SocketIo.Tests.SocketIo;

/// <summary>The same over the real web server, where connections break in ways of their own.</summary>
public sealed class RealSocketTests : IAsyncLifetime, IDisposable
{
    private const string Polling = "/socket.io/?EIO=4&transport=polling";

    private SocketIoServer _server = null!;
    private LinkServer _links = null!;
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        await SocketIoWarmUp.RunAsync();
        _server = new SocketIoServer();
        _server.Of("/").On("echo", said => said.Socket.Emit("echoed", said.Arguments));
        _links = new LinkServer([_server], TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseLinks(_links)));
        _app = builder.Build();
        _app.UseLinks(_links);
        _app.MapSocketIo(_server);
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    public void Dispose()
    {
        _http.Dispose();
        _server.Dispose();
        _links.Dispose();
    }

    [Fact]
    public async Task Polling_AndUpgradeOnAUsedConnection_Work()
    {
        var sid = await OpenAsync();
        Assert.Equal("ok", await PostAsync(sid, "40"));
        Assert.StartsWith("40{", await _http.GetStringAsync(Polling + "&sid=" + sid), StringComparison.Ordinal);

        using var socket = await ConnectAsync(sid);
        await SendAsync(socket, "2probe");
        Assert.Equal("3probe", await ReceiveAsync(socket));
        await SendAsync(socket, "5");
        await SendAsync(socket, "42[\"echo\",1]");

        Assert.Equal("42[\"echoed\",1]", await ReceiveAsync(socket));
        Assert.Equal(HttpStatusCode.BadRequest, (await _http.GetAsync(Polling + "&sid=" + sid)).StatusCode);
    }

    [Fact]
    public async Task Poll_WhoseConnectionGoes_EndsTheSession()
    {
        var sid = await OpenAsync();
        using (var client = await RawAsync($"GET {Polling}&sid={sid} HTTP/1.1\r\nHost: x\r\n\r\n"))
        {
            await Eventually.TrueAsync(() => _server.Count == 1);
        }

        await Eventually.TrueAsync(() => _server.Count == 0);
    }

    [Fact]
    public async Task Post_BrokenOffInTheMiddle_EndsThatSessionAlone()
    {
        var sid = await OpenAsync();
        var other = await OpenAsync();
        using (var client = await RawAsync($"POST {Polling}&sid={sid} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n4half"))
        {
            client.Client.LingerState = new LingerOption(true, 0);
        }

        await Eventually.TrueAsync(() => _server.Count == 1);
        Assert.Equal("ok", await PostAsync(other, "40"));
    }

    [Fact]
    public async Task Post_TooLargeInChunks_Is413()
    {
        var sid = await OpenAsync();
        using var content = new StreamContent(new MemoryStream(new byte[1_000_001]));
        using var request = new HttpRequestMessage(HttpMethod.Post, Polling + "&sid=" + sid) { Content = content };
        request.Headers.TransferEncodingChunked = true;

        using var response = await _http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(0, _server.Count);
    }

    [Fact]
    public async Task Path_WithoutSlash_IsServedToo()
    {
        using var response = await _http.GetAsync("/socket.io?EIO=4&transport=polling");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<string> OpenAsync() =>
        JsonDocument.Parse((await _http.GetStringAsync(Polling))[1..]).RootElement.GetProperty("sid").GetString()!;

    private async Task<string> PostAsync(string sid, string body)
    {
        using var content = new StringContent(body);
        using var response = await _http.PostAsync(Polling + "&sid=" + sid, content);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<TcpClient> RawAsync(string request)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _http.BaseAddress!.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        return client;
    }

    private async Task<ClientWebSocket> ConnectAsync(string sid)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{_http.BaseAddress!.Port}/socket.io/?EIO=4&transport=websocket&sid={sid}"), CancellationToken.None);
        return socket;
    }

    private static async Task SendAsync(ClientWebSocket socket, string text) =>
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        var result = await socket.ReceiveAsync(buffer, CancellationToken.None);
        return Encoding.UTF8.GetString(buffer, 0, result.Count);
    }
}
