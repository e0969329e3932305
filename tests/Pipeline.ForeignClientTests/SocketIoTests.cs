using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Fanout;
using Pipeline.SocketIo;
using Pipeline.SocketIo.Conformance;
using Pipeline.SocketIo.EngineIo;
using Pipeline.SocketIo.Hosting;

namespace Pipeline.ForeignClientTests;

/// <summary>The official Socket.IO client against our server, and the documents of both protocols on the bare wire.</summary>
public sealed class SocketIoTests : IAsyncLifetime
{
    private readonly List<Exception> _errors = [];
    private SocketIoServer _server = null!;
    private LinkServer _links = null!;
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        var options = new SocketIoOptions
        {
            Engine = new EngineOptions { Path = "/socket.io", PingInterval = TimeSpan.FromMilliseconds(200) },
            Recovery = new RecoveryOptions(),
        };
        _server = new SocketIoServer(options, onError: _errors.Add);
        _links = new LinkServer([_server], TimeProvider.System);
        SetHandlers();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseLinks(_links)));
        _app = builder.Build();
        _app.UseLinks(_links);
        _app.MapSocketIo(_server);
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        _server.Dispose();
        await _app.DisposeAsync();
        _links.Dispose();
        Assert.Empty(_errors);
    }

    [Theory]
    [InlineData("polling", "polling")]
    [InlineData("websocket", "websocket")]
    [InlineData("upgrade", "websocket")]
    public async Task OfficialClient_OverEachTransport_HasEventsBinaryAndAcks(string mode, string transport)
    {
        var seen = await ForeignClient.RunAsync("socketio.js", mode, _app.Urls.First());

        Assert.Equal(transport, seen.GetProperty("transport").GetString());
        Assert.Equal("""{"space":"/","token":"abc","query":"a b"}""", seen.GetProperty("welcome").GetRawText());
        Assert.Equal("""[1,"two €",{"three":[true,null]}]""", seen.GetProperty("echo").GetRawText());
        Assert.Equal("[1,2,255]", seen.GetProperty("bytes").GetRawText());
        Assert.True(seen.GetProperty("isBinary").GetBoolean());
        Assert.Equal("really?! 7", seen.GetProperty("asked").GetString());
        Assert.Equal(3, seen.GetProperty("pings").GetInt32());
        Assert.Equal("io server disconnect", seen.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task OfficialClient_InNamespaces_IsLetInOrTold()
    {
        var seen = await ForeignClient.RunAsync("socketio.js", "namespaces", _app.Urls.First());

        Assert.True(seen.GetProperty("sameConnection").GetBoolean());
        Assert.True(seen.GetProperty("ids").GetBoolean());
        Assert.Equal("""["Not authorized",{"code":7}]""", seen.GetProperty("refused").GetRawText());
        Assert.Equal("Invalid namespace", seen.GetProperty("unknown").GetString());
        Assert.Equal("""["/","/admin"]""", seen.GetProperty("spaces").GetRawText());
    }

    [Fact]
    public async Task OfficialClient_CutTenTimes_MissesNothing()
    {
        using var stop = new CancellationTokenSource();
        var counting = CountAsync(stop.Token);

        var seen = await ForeignClient.RunAsync("socketio.js", "recovery", _app.Urls.First());

        await stop.CancelAsync();
        await counting;
        Assert.Equal(10, seen.GetProperty("recovered").GetInt32());
        Assert.Equal(0, seen.GetProperty("lost").GetInt32());
        Assert.Equal(0, seen.GetProperty("gaps").GetInt32());
        Assert.True(seen.GetProperty("events").GetInt32() > 200);
        Assert.Equal(10, _server.Statistics.Recovered);
    }

    [Fact]
    public async Task Wire_OfTheConformanceApp_IsAsDocumented()
    {
        await using var app = await ConformanceApp.StartAsync(0);

        var seen = await ForeignClient.RunAsync("socketio-wire.js", $"http://localhost:{app.Port}");

        Assert.Equal(27, seen.GetProperty("passed").GetArrayLength());
    }

    private void SetHandlers()
    {
        var main = _server.Of("/");
        main.On("who", WhoAsync);
        main.On("echo", said => said.Socket.Emit("echoed", said.Arguments));
        main.On("ack", said => said.Ack(said.Arguments));
        main.On("join", said => said.Socket.Join("counted"));
        main.On("bye", said => said.Socket.Disconnect());
        main.On("ask-me", said => AnswerAsync(said.Socket, said));
        var admin = _server.Of("/admin");
        admin.Use(request => ValueTask.FromResult(
            request.GetAuth("token") == "secret" ? null : new ConnectError("Not authorized", "{\"code\":7}"u8.ToArray())));
        admin.On("who", WhoAsync);
    }

    private static ValueTask WhoAsync(IoEvent said)
    {
        using var auth = JsonDocument.Parse(said.Socket.AuthJson);
        var token = auth.RootElement.TryGetProperty("token", out var value) ? value.GetString() : null;
        var who = new { space = said.Socket.Namespace.Name, token, query = said.Socket.Handshake.GetQuery("q") };
        said.Ack(JsonSerializer.SerializeToElement(who));
        return ValueTask.CompletedTask;
    }

    /// <summary>Not awaited by the handler: the client's answer could not come while that waits.</summary>
    private static async void AnswerAsync(IoSocket socket, IoEvent said)
    {
        var answer = await socket.EmitWithAckAsync("ask", IoArguments.Of("really?"), TimeSpan.FromSeconds(30));
        Assert.True(answer.TryGetBinary(1, out var bytes));
        said.Ack(string.Create(CultureInfo.InvariantCulture, $"{answer.GetString(0)} {bytes.Span[0]}"));
    }

    private async Task CountAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            _server.Of("/").To("counted").Emit("n", n);
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
