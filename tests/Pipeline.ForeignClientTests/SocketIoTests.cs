using Pipeline.SocketIo.Conformance;

namespace Pipeline.ForeignClientTests;

/// <summary>The official Socket.IO client against our server, and the documents of both protocols on the bare wire.</summary>
public sealed class SocketIoTests : IAsyncLifetime
{
    private SocketIoApp _app = null!;

    public async Task InitializeAsync() => _app = await SocketIoApp.StartAsync();

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        Assert.Empty(_app.Errors);
    }

    [Theory]
    [InlineData("polling", "polling")]
    [InlineData("websocket", "websocket")]
    [InlineData("upgrade", "websocket")]
    public async Task OfficialClient_OverEachTransport_HasEventsBinaryAndAcks(string mode, string transport)
    {
        var seen = await ForeignClient.RunAsync("socketio.js", mode, _app.Url);

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
        var seen = await ForeignClient.RunAsync("socketio.js", "namespaces", _app.Url);

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
        var counting = _app.CountAsync(stop.Token);

        var seen = await ForeignClient.RunAsync("socketio.js", "recovery", _app.Url);

        await stop.CancelAsync();
        await counting;
        Assert.Equal(10, seen.GetProperty("recovered").GetInt32());
        Assert.Equal(0, seen.GetProperty("lost").GetInt32());
        Assert.Equal(0, seen.GetProperty("gaps").GetInt32());
        Assert.True(seen.GetProperty("events").GetInt32() > 200);
        Assert.Equal(10, _app.Server.Statistics.Recovered);
    }

    [Fact]
    public async Task Wire_OfTheConformanceApp_IsAsDocumented()
    {
        await using var app = await ConformanceApp.StartAsync(0);

        var seen = await ForeignClient.RunAsync("socketio-wire.js", $"http://localhost:{app.Port}");

        Assert.Equal(27, seen.GetProperty("passed").GetArrayLength());
    }
}
