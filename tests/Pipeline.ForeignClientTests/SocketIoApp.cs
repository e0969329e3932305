using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Fanout;
using Pipeline.SocketIo;
using Pipeline.SocketIo.EngineIo;
using Pipeline.SocketIo.Hosting;

namespace Pipeline.ForeignClientTests;

/// <summary>A Socket.IO server on a free port that does what the scripts ask for.</summary>
internal sealed class SocketIoApp : IAsyncDisposable
{
    private readonly LinkServer _links;
    private readonly WebApplication _app;

    private SocketIoApp()
    {
        var options = new SocketIoOptions
        {
            Engine = new EngineOptions { Path = "/socket.io", PingInterval = TimeSpan.FromMilliseconds(200) },
            Recovery = new RecoveryOptions(),
        };
        Server = new SocketIoServer(options, onError: Errors.Add);
        _links = new LinkServer([Server], TimeProvider.System);
        SetHandlers();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseLinks(_links)));
        _app = builder.Build();
        _app.UseLinks(_links);
        _app.MapSocketIo(Server);
    }

    public SocketIoServer Server { get; }

    /// <summary>What handlers threw.</summary>
    public List<Exception> Errors { get; } = [];

    public string Url => _app.Urls.First();

    public static async Task<SocketIoApp> StartAsync()
    {
        var app = new SocketIoApp();
        await app._app.StartAsync();
        return app;
    }

    /// <summary>Counts to who joined, five hundred times a second.</summary>
    public async Task CountAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            Server.Of("/").To("counted").Emit("n", n);
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Server.Dispose();
        await _app.DisposeAsync();
        _links.Dispose();
    }

    private void SetHandlers()
    {
        var main = Server.Of("/");
        main.On("who", WhoAsync);
        main.On("echo", said => said.Socket.Emit("echoed", said.Arguments));
        main.On("ack", said => said.Ack(said.Arguments));
        main.On("join", said => said.Socket.Join("counted"));
        main.On("bye", said => said.Socket.Disconnect());
        main.On("ask-me", said => AnswerAsync(said.Socket, said));
        var admin = Server.Of("/admin");
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
}
