using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Fanout;
using Pipeline.SocketIo.EngineIo;
using Pipeline.SocketIo.Hosting;

namespace Pipeline.SocketIo.Conformance;

/// <summary>What the public test suites of both protocols expect to talk with.</summary>
internal sealed class ConformanceApp : IAsyncDisposable
{
    /// <summary>
    /// The suites take one message, and only then listen for the next: two in one segment of the network would be one too many for them.
    /// </summary>
    private static readonly TimeSpan AuthDelay = TimeSpan.FromMilliseconds(10);

    private static readonly EngineOptions Engine = new()
    {
        PingInterval = TimeSpan.FromMilliseconds(300),
        PingTimeout = TimeSpan.FromMilliseconds(200),
        MaxPayload = 1_000_000,
        Origins = new OriginPolicy(["*"]),
    };

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly EngineServer _echo;
    private readonly SocketIoServer _server;
    private readonly LinkServer _links;
    private readonly WebApplication _app;

    private ConformanceApp(int port)
    {
        _echo = new EngineServer(new EchoHandler(), Engine with { Path = "/engine.io" }, _time, onError: Report);
        var options = new SocketIoOptions { Engine = Engine with { Path = "/socket.io" }, ConnectTimeout = TimeSpan.FromSeconds(1) };
        _server = new SocketIoServer(options, _time, onError: Report);
        AddHandlers();
        _links = new LinkServer([_echo, _server], _time);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenAnyIP(port, listen => listen.UseLinks(_links)));
        _app = builder.Build();
        _app.UseLinks(_links);
        _app.MapEngineIo(_echo);
        _app.MapSocketIo(_server);
    }

    /// <summary>Port that it listens on.</summary>
    public int Port => new Uri(_app.Urls.First().Replace("[::]", "localhost", StringComparison.Ordinal)).Port;

    /// <param name="port">0 = a free one.</param>
    public static async Task<ConformanceApp> StartAsync(int port)
    {
        var app = new ConformanceApp(port);
        await app._app.StartAsync();
        return app;
    }

    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        _echo.Dispose();
        _server.Dispose();
        await _app.DisposeAsync();
        _links.Dispose();
    }

    private static void Report(Exception error) => Console.Error.WriteLine(error);

    private void AddHandlers()
    {
        var main = _server.Of("/");
        main.Connected = WelcomeAsync;
        main.On("message", said => said.Socket.Emit("message-back", said.Arguments));
        main.On("message-with-ack", said => said.Ack(said.Arguments));
        _server.Of("/custom").Connected = WelcomeAsync;
    }

    private async ValueTask WelcomeAsync(IoSocket socket)
    {
        await Task.Delay(AuthDelay, _time);
        socket.Emit("auth", IoArguments.FromJson(socket.AuthJson));
    }
}
