using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Fanout;
using Pipeline.SocketIo;
using Pipeline.SocketIo.Hosting;

namespace Pipeline.FanoutBench;

/// <summary>The Socket.IO server: <c>sub</c> joins a room, <c>pub</c> emits <c>m</c> to one.</summary>
internal static class SocketIoMode
{
    public static async Task RunAsync(int port)
    {
        using var server = new SocketIoServer();
        var main = server.Of("/");
        main.On("sub", said => said.Socket.Join(said.Arguments.GetString(0)!));
        main.On("pub", said => main.To(said.Arguments.GetString(0)!).Emit("m", IoArguments.FromJson(said.Arguments.GetRaw(1))));
        using var links = new LinkServer([server], TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseInlineSockets();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseLinks(links)));
        await using var app = builder.Build();
        app.UseLinks(links);
        app.MapSocketIo(server);
        await app.StartAsync();
        await Task.WhenAll(links.WarmUpAsync(new IPEndPoint(IPAddress.Loopback, port)), SocketIoWarmUp.RunAsync());
        Console.WriteLine("ready");
        await app.WaitForShutdownAsync();
    }
}
