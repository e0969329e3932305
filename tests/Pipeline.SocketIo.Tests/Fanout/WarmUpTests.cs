using System.Net;

namespace Pipeline.SocketIo.Tests.Fanout;

public sealed class WarmUpTests
{
    [Fact]
    public async Task WarmUp_LeavesNoTraceInTheFigures()
    {
        await using var host = await LinkHost.StartAsync();
        await host.Links.WarmUpAsync(new IPEndPoint(IPAddress.Loopback, host.Port));

        Assert.Empty(host.Links.Links);
        Assert.Empty(host.Requests);
        Assert.Equal((0, 0), (host.Links.Opened, host.Links.Closures.Count));
        using var client = await host.ConnectAsync();
        await LinkHost.SendAsync(client, "after it");
        Assert.Equal("after it", await LinkHost.ReceiveAsync(client));
    }

    [Fact]
    public async Task WarmUp_WhereNobodyListens_DoesNothing()
    {
        await using var host = await LinkHost.StartAsync(belowHttp: false);
        await host.Links.WarmUpAsync(new IPEndPoint(IPAddress.Loopback, 1));
        Assert.Equal(0, host.Links.Opened);
    }
}
