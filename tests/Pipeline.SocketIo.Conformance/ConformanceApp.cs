using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Fanout;
using Pipeline.SocketIo.EngineIo;
using Pipeline.SocketIo.Hosting;

namespace Pipeline.SocketIo.Conformance;

/// <summary>What the public test suites of both protocols expect to talk with.</summary>
internal static class ConformanceApp
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
        CorsOrigins = ["*"],
    };

    public static async Task RunAsync(int port)
    {
        var time = TimeProvider.System;
        using var echo = new EngineServer(new EchoHandler(), Engine with { Path = "/engine.io" }, time, onError: Report);
        var options = new SocketIoOptions { Engine = Engine with { Path = "/socket.io" }, ConnectTimeout = TimeSpan.FromSeconds(1) };
        using var server = new SocketIoServer(options, time, onError: Report);
        Set(server, time);
        using var links = new LinkServer([echo, server], time);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenAnyIP(port, listen => listen.UseLinks(links)));
        await using var app = builder.Build();
        app.UseLinks(links);
        app.MapEngineIo(echo);
        app.MapSocketIo(server);
        await app.RunAsync();
    }

    private static void Set(SocketIoServer server, TimeProvider time)
    {
        var main = server.Of("/");
        main.Connected = socket => WelcomeAsync(socket, time);
        main.On("message", said => said.Socket.Emit("message-back", said.Arguments));
        main.On("message-with-ack", said => said.Ack(said.Arguments));
        server.Of("/custom").Connected = socket => WelcomeAsync(socket, time);
    }

    private static async ValueTask WelcomeAsync(IoSocket socket, TimeProvider time)
    {
        await Task.Delay(AuthDelay, time);
        socket.Emit("auth", IoArguments.FromJson(socket.AuthJson));
    }

    private static void Report(Exception error) => Console.Error.WriteLine(error);
}
