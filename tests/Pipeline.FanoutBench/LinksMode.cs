using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pipeline.Fanout;

namespace Pipeline.FanoutBench;

/// <summary>The bare links and rooms: <c>+rN</c> subscribes, <c>rN payload</c> publishes.</summary>
internal static class LinksMode
{
    public static async Task RunAsync(int port)
    {
        using var server = new LinkServer([new RoomGate()], TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port, listen => listen.UseLinks(server)));
        await using var app = builder.Build();
        app.UseLinks(server);
        app.Run(context => context.Response.WriteAsync("fan-out bench"));
        await app.RunAsync();
    }
}
