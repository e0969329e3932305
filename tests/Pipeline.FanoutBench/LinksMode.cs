using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Fanout;

namespace Pipeline.FanoutBench;

/// <summary>The bare links and rooms: <c>+rN</c> subscribes, <c>rN payload</c> publishes.</summary>
internal static class LinksMode
{
    /// <summary>With sockets that wake the thread pool, as a host has them that changes nothing.</summary>
    public static Task RunPooledAsync(int port) => RunAsync(port, inline: false);

    public static Task RunInlineAsync(int port) => RunAsync(port, inline: true);

    private static async Task RunAsync(int port, bool inline)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (inline)
        {
            builder.WebHost.UseInlineSockets();
        }

        using var server = new LinkServer([new RoomGate()], TimeProvider.System);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseLinks(server)));
        await using var app = builder.Build();
        app.UseLinks(server);
        app.Run(context => context.Response.WriteAsync("fan-out bench"));
        await app.StartAsync();
        await server.WarmUpAsync(new IPEndPoint(IPAddress.Loopback, port));
        Console.WriteLine("ready");
        await app.WaitForShutdownAsync();
    }
}
