using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Transport;
using Pipeline.TestKit.Feeds;
using WebSocketOptions = Pipeline.Core.Feeds.WebSocketOptions;

namespace Pipeline.Tests.Feeds.Transport;

/// <summary>permessage-deflate against a server that takes it and one that declines, over the loopback interface.</summary>
public sealed class CompressionTests : IDisposable
{
    private static readonly string Trade =
        """{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1794900000123,"s":"BTCUSDT","a":#,"p":"91234.56","q":"0.0015","f":1,"l":2,"T":1794900000104,"m":true,"M":true}}""";

    private readonly PipelineMetrics _metrics = new();
    private readonly List<string> _frames = [];
    private readonly TaskCompletionSource _all = new();
    private readonly TaskCompletionSource<ReconnectionInfo> _opened = new();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task Negotiated_FramesArriveAsTheyWereSent_AndLessComesOverTheWire()
    {
        var echo = new TaskCompletionSource<string>();
        await using var venue = await StartAsync(socket => TalkAsync(socket, echo));
        await using var connection = Connect(venue, 1_002);

        Assert.Equal(Compression.Negotiated, (await _opened.Task.WaitAsync(RealTime.Bound)).Compression);
        await _all.Task.WaitAsync(RealTime.Bound);

        Assert.Equal(Enumerable.Range(0, 1_000).Select(Numbered), _frames.Take(1_000));
        Assert.Equal(new string('y', 100_000), _frames[1_000]);
        Assert.Equal("plain", _frames[1_001]);
        Assert.True(connection.IsCompressed);
        Assert.Equal(_frames.Sum(frame => frame.Length), connection.PayloadBytes);
        Assert.InRange(connection.WireBytes, 1_002 * 3, connection.PayloadBytes / 4);
        Assert.Equal(connection.WireBytes, Counter("pipeline.feed.wire_bytes"));
        Assert.Equal(1, Counter("pipeline.feed.compressed"));

        Assert.True(await connection.SendAsync("{\"id\":1}"u8.ToArray()));
        Assert.Equal("{\"id\":1}", await echo.Task.WaitAsync(RealTime.Bound));
    }

    [Fact]
    public async Task Declined_IsTold_AndTheFramesArrive()
    {
        await using var venue = new LoopbackVenue(async peer =>
        {
            await peer.SendTextAsync("one");
            await peer.HoldAsync();
        });
        await using var connection = Connect(venue.Address, 1);

        Assert.Equal(Compression.Declined, (await _opened.Task.WaitAsync(RealTime.Bound)).Compression);
        await _all.Task.WaitAsync(RealTime.Bound);

        Assert.Equal((false, 5, 3), (connection.IsCompressed, connection.WireBytes, connection.PayloadBytes));
        Assert.Equal(0, Counter("pipeline.feed.compressed"));
    }

    [Fact]
    public async Task NotOffered_IsNotNegotiated_WithAServerThatWould()
    {
        await using var venue = await StartAsync(socket => TalkAsync(socket, new TaskCompletionSource<string>()));
        await using var connection = Connect(venue, 1_002, isOffered: false);

        Assert.Equal(Compression.NotOffered, (await _opened.Task.WaitAsync(RealTime.Bound)).Compression);
        await _all.Task.WaitAsync(RealTime.Bound);

        // Headers: four bytes, two below 126 bytes of payload; the large frame has three.
        Assert.Equal(connection.PayloadBytes + (1_000 * 4) + (3 * 4) + 2, connection.WireBytes);
    }

    private static async Task TalkAsync(WebSocket socket, TaskCompletionSource<string> echo)
    {
        for (var i = 0; i < 1_000; i++)
        {
            await SendAsync(socket, Numbered(i));
        }

        // In three parts: only the first bears the bit that says compressed.
        var large = Encoding.UTF8.GetBytes(new string('y', 100_000));
        await socket.SendAsync(large.AsMemory(0, 40_000), WebSocketMessageType.Text, false, default);
        await socket.SendAsync(large.AsMemory(40_000, 40_000), WebSocketMessageType.Text, false, default);
        await socket.SendAsync(large.AsMemory(80_000), WebSocketMessageType.Text, true, default);
        await socket.SendAsync("plain"u8.ToArray().AsMemory(), WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage | WebSocketMessageFlags.DisableCompression, default);
        var buffer = new byte[1_000];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), default);
        echo.TrySetResult(Encoding.UTF8.GetString(buffer, 0, received.Count));
        await socket.ReceiveAsync(buffer.AsMemory(), default);
    }

    private static Task SendAsync(WebSocket socket, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return socket.SendAsync(bytes, WebSocketMessageType.Text, true, default);
    }

    private static string Numbered(int number) => Trade.Replace("#", $"{5_689_012_345 + number}", StringComparison.Ordinal);

    private static async Task<WebApplication> StartAsync(Func<WebSocket, Task> talk)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { DangerousEnableCompression = true });
            try
            {
                await talk(socket);
            }
            catch (WebSocketException)
            {
                // The client left.
            }
        });
        await app.StartAsync();
        return app;
    }

    private FeedConnection Connect(WebApplication venue, int frames, bool isOffered = true)
    {
        var address = venue.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return Connect(new UriBuilder(address) { Scheme = "ws" }.Uri, frames, isOffered);
    }

    private FeedConnection Connect(Uri address, int frames, bool isOffered = true)
    {
        var connection = new FeedConnection(
            ConnectionWorld.Source with { Continuity = new Continuity() }, address, new ClientWebSocketTransport(),
            new WebSocketOptions { AutoReconnect = false, Compression = isOffered }, TimeProvider.System, TimeProvider.System, _metrics);
        connection.ReconnectionHappened.Subscribe(info => _opened.TrySetResult(info));
        connection.MessageReceived.Subscribe(
            batch =>
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    _frames.Add(Encoding.UTF8.GetString(batch[i]));
                }

                if (_frames.Count == frames)
                {
                    _all.TrySetResult();
                }
            },
            _ => { });
        connection.Start();
        return connection;
    }

    private long Counter(string name) => _metrics.Snapshot().Where(sample => sample.Name == name).Sum(sample => sample.Value);
}
