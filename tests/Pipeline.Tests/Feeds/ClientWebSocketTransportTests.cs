using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Transport;
using Pipeline.TestKit.Feeds;

namespace Pipeline.Tests.Feeds;

/// <summary>The real transport against a server on the loopback interface, in real time.</summary>
public sealed class ClientWebSocketTransportTests : IAsyncDisposable
{
    private readonly PipelineMetrics _metrics = new();
    private readonly ConcurrentQueue<(byte[] Start, int Length, long Wire)> _frames = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly TaskCompletionSource<DisconnectionInfo> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FeedConnection? _connection;

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        _metrics.Dispose();
        _arrived.Dispose();
    }

    [Fact]
    public async Task TextFrames_Valid_Arrive()
    {
        await using var venue = new LoopbackVenue(async peer =>
        {
            await peer.SendTextAsync("one");
            await peer.SendTextAsync("two");
            await peer.HoldAsync();
        });
        Connect(venue.Address);

        Assert.Equal("one", await NextTextAsync());
        Assert.Equal("two", await NextTextAsync());
    }

    [Fact]
    public async Task TextFrame_WithInvalidUtf8_Arrives_AndTheConnectionIsKept()
    {
        byte[] invalid = [(byte)'{', 0xC3, 0x28, 0xFF, (byte)'}'];
        await using var venue = new LoopbackVenue(async peer =>
        {
            await peer.WriteAsync(LoopbackPeer.Frame(LoopbackPeer.Text, invalid));
            await peer.WriteAsync(
                LoopbackPeer.Frame(LoopbackPeer.Text, invalid.AsSpan(0, 2), fin: false),
                LoopbackPeer.Frame(LoopbackPeer.Continuation, invalid.AsSpan(2)));
            await peer.SendTextAsync("after");
            await peer.HoldAsync();
        });
        Connect(venue.Address);

        Assert.Equal(invalid, (await NextAsync()).Start);
        Assert.Equal(invalid, (await NextAsync()).Start);
        Assert.Equal("after", await NextTextAsync());
        Assert.True(_connection!.IsRunning);
    }

    [Fact]
    public async Task FragmentedFrame_WithAPingWithin_IsJoined_AndThePingAnswered()
    {
        var pong = new TaskCompletionSource<byte[]>();
        await using var venue = new LoopbackVenue(async peer =>
        {
            await peer.WriteAsync(
                LoopbackPeer.Frame(LoopbackPeer.Text, "half "u8, fin: false),
                LoopbackPeer.Frame(LoopbackPeer.Ping, "1794900000123"u8),
                LoopbackPeer.Frame(LoopbackPeer.Continuation, "and half"u8));
            pong.SetResult((await peer.ReadAsync()).Payload);
            await peer.HoldAsync();
        });
        Connect(venue.Address);

        Assert.Equal("half and half", await NextTextAsync());
        Assert.Equal("1794900000123"u8.ToArray(), await pong.Task.WaitAsync(RealTime.Bound));
    }

    [Fact]
    public async Task LargeFrame_IsWhole_AndAnOversizeOneIsCut()
    {
        var large = new byte[1_000_000];
        new Random(3).NextBytes(large);
        await using var venue = new LoopbackVenue(async peer =>
        {
            await peer.WriteAsync(LoopbackPeer.Frame(LoopbackPeer.Text, large));
            await peer.WriteAsync(LoopbackPeer.Frame(LoopbackPeer.Text, new byte[(8 * 1024 * 1024) + 1]));
            await peer.SendTextAsync("after");
            await peer.HoldAsync();
        });
        Connect(venue.Address);

        var first = await NextAsync();
        Assert.Equal((large.Length, (long)large.Length), (first.Length, first.Wire));
        Assert.Equal(large.AsSpan(0, 100).ToArray(), first.Start);
        var second = await NextAsync();
        Assert.Equal((FrameReceiver.KeptBytes, (8L * 1024 * 1024) + 1), (second.Length, second.Wire));
        Assert.Equal("after", await NextTextAsync());
    }

    [Fact]
    public async Task ManySmallFrames_InOneWrite_ArriveInFewBatches()
    {
        await using var venue = new LoopbackVenue(async peer =>
        {
            var frames = Enumerable.Range(0, 5000).Select(i => LoopbackPeer.Frame(LoopbackPeer.Text, Encoding.UTF8.GetBytes($"frame {i}")));
            await peer.WriteAsync([.. frames.SelectMany(frame => frame)]);
            await peer.HoldAsync();
        });
        var batches = 0;
        Connect(venue.Address, connection => connection.MessageReceived.Subscribe(_ => batches++));

        for (var i = 0; i < 5000; i++)
        {
            Assert.Equal($"frame {i}", await NextTextAsync());
        }

        Assert.InRange(batches, 20, 500);
    }

    [Fact]
    public async Task Close_ByTheVenue_IsToldWithCodeAndText()
    {
        await using var venue = new LoopbackVenue(async peer =>
        {
            await peer.SendTextAsync("last words");
            await peer.WriteAsync(LoopbackPeer.CloseFrame(1008, "Pong timeout"));
            await peer.HoldAsync();
        });
        Connect(venue.Address);

        Assert.Equal("last words", await NextTextAsync());
        var lost = await _lost.Task.WaitAsync(RealTime.Bound);
        Assert.Equal((DisconnectionReason.ClosedByVenue, 1008, "Pong timeout"), (lost.Reason, lost.CloseCode, lost.CloseText));
    }

    [Fact]
    public async Task Connection_DroppedWithoutClose_IsAborted()
    {
        await using var venue = new LoopbackVenue(peer => peer.SendTextAsync("x"));
        Connect(venue.Address);

        Assert.Equal(DisconnectionReason.Aborted, (await _lost.Task.WaitAsync(RealTime.Bound)).Reason);
    }

    [Fact]
    public async Task Send_ReachesTheVenue_AsText()
    {
        var received = new TaskCompletionSource<(byte Opcode, byte[] Payload)>();
        await using var venue = new LoopbackVenue(async peer =>
        {
            await peer.SendTextAsync("hello");
            received.SetResult(await peer.ReadAsync());
            await peer.HoldAsync();
        });
        Connect(venue.Address);
        await NextTextAsync();

        Assert.True(await _connection!.SendAsync("{\"id\":1}"u8.ToArray()));

        var (opcode, payload) = await received.Task.WaitAsync(RealTime.Bound);
        Assert.Equal((LoopbackPeer.Text, "{\"id\":1}"), (opcode, Encoding.UTF8.GetString(payload)));
    }

    [Fact]
    public async Task Dispose_ClosesPolitely()
    {
        var closing = new TaskCompletionSource<byte>();
        await using var venue = new LoopbackVenue(async peer =>
        {
            await peer.SendTextAsync("hello");
            closing.SetResult((await peer.ReadAsync()).Opcode);
            await peer.WriteAsync(LoopbackPeer.CloseFrame(1000, ""));
        });
        Connect(venue.Address);
        await NextTextAsync();

        await _connection!.DisposeAsync().AsTask().WaitAsync(RealTime.Bound);

        Assert.Equal(LoopbackPeer.Close, await closing.Task.WaitAsync(RealTime.Bound));
        Assert.Equal(DisconnectionReason.Stopped, (await _lost.Task.WaitAsync(RealTime.Bound)).Reason);
    }

    [Theory]
    [InlineData("HTTP/1.1 451 Unavailable For Legal Reasons\r\nContent-Length: 0", 451)]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0", 404)]
    public async Task Handshake_AnsweredOtherwise_IsToldWithItsStatus(string answer, int status)
    {
        await using var venue = new LoopbackVenue(_ => Task.CompletedTask, answer);
        Connect(venue.Address);

        var lost = await _lost.Task.WaitAsync(RealTime.Bound);

        Assert.Equal((DisconnectionReason.Handshake, status), (lost.Reason, lost.HttpStatus));
    }

    [Fact]
    public async Task Port_WithoutListener_IsRefused()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        Connect(new Uri($"ws://127.0.0.1:{port}/ws"));

        Assert.Equal(DisconnectionReason.Refused, (await _lost.Task.WaitAsync(RealTime.Bound)).Reason);
    }

    [Fact]
    public async Task Tls_WithoutTlsServer_IsToldApart()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var accepting = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.GetStream().ReadExactlyAsync(new byte[5]);
            await client.GetStream().WriteAsync("this is no TLS server\r\n"u8.ToArray());
        });
        Connect(new Uri($"wss://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/ws"));

        Assert.Equal(DisconnectionReason.Tls, (await _lost.Task.WaitAsync(RealTime.Bound)).Reason);
        await accepting;
    }

    private void Connect(Uri address, Action<FeedConnection>? prepare = null)
    {
        _connection = new FeedConnection(
            ConnectionWorld.Source, address, new ClientWebSocketTransport(), new WebSocketOptions { AutoReconnect = false },
            TimeProvider.System, TimeProvider.System, _metrics);
        _connection.DisconnectionHappened.Subscribe(info => _lost.TrySetResult(info));
        prepare?.Invoke(_connection);
        _connection.MessageReceived.Subscribe(
            batch =>
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    _frames.Enqueue((batch[i][..Math.Min(100, batch[i].Length)].ToArray(), batch[i].Length, batch.WireSize(i)));
                    _arrived.Release();
                }
            },
            _ => { });
        _connection.Start();
    }

    private async Task<(byte[] Start, int Length, long Wire)> NextAsync()
    {
        Assert.True(await _arrived.WaitAsync(RealTime.Bound), "no frame");
        Assert.True(_frames.TryDequeue(out var frame));
        return frame;
    }

    private async Task<string> NextTextAsync() => Encoding.UTF8.GetString((await NextAsync()).Start);
}
