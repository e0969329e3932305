using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pipeline.Fanout;
using Pipeline.TestKit.Feeds;
using Pipeline.TestKit.Time;

namespace Pipeline.SocketIo.Tests.Fanout;

/// <summary>
/// A server on a free port with links at <c>/ws</c> on a clock that the test moves, and the client's side of raw connections. Messages are
/// echoed; "publish N SIZE" posts N required messages to the sender, "room X" joins a room.
/// </summary>
internal sealed class LinkHost : ILinkGate, ILinkHandler, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly WebApplication _app;
    private readonly TestAuthority? _authority;

    private LinkHost(LinkOptions options, bool belowHttp, bool tls, LinkServerOptions? serverOptions)
    {
        Options = options;
        Links = new LinkServer([this], Clock, serverOptions ?? new LinkServerOptions());
        _authority = tls ? new TestAuthority() : null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            if (_authority is not null)
            {
                listen.UseHttps(_authority.Issue());
            }

            if (belowHttp)
            {
                listen.UseLinks(Links);
            }
        }));
        _app = builder.Build();
        _app.UseLinks(Links);
        _app.Run(context => context.Response.WriteAsync("plain http"));
    }

    public TestTimeProvider Clock { get; } = new();

    public LinkServer Links { get; }

    public LinkOptions Options { get; set; }

    public LinkDecision? Answer { get; set; }

    public ConcurrentQueue<UpgradeRequest> Requests { get; } = new();

    public ConcurrentQueue<(ClientLink Link, LinkClosure Closure)> Closed { get; } = new();

    public Room Room { get; } = new();

    public int Port { get; private set; }

    public static async Task<LinkHost> StartAsync(LinkOptions? options = null, bool belowHttp = true, bool tls = false, LinkServerOptions? serverOptions = null)
    {
        var host = new LinkHost(options ?? new LinkOptions(), belowHttp, tls, serverOptions);
        await host._app.StartAsync();
        var address = host._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        host.Port = new Uri(address).Port;
        return host;
    }

    /// <summary>Waits for a condition, never for a time.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, "in vain: " + what);
            await Task.Delay(5, CancellationToken.None);
        }
    }

    public async Task<ClientWebSocket> ConnectAsync(bool deflate = false, string path = "/ws")
    {
        var client = new ClientWebSocket();
        client.Options.KeepAliveInterval = TimeSpan.Zero;
        client.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        client.Options.DangerousDeflateOptions = deflate ? new WebSocketDeflateOptions() : null;
        using var patience = new CancellationTokenSource(Patience);
        await client.ConnectAsync(new Uri($"{(_authority is null ? "ws" : "wss")}://127.0.0.1:{Port}{path}"), patience.Token);
        return client;
    }

    /// <summary>A bare connection.</summary>
    public async Task<Stream> OpenAsync(int receiveBuffer = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0)
        {
            socket.ReceiveBufferSize = receiveBuffer;
        }

        await socket.ConnectAsync(System.Net.IPAddress.Loopback, Port);
        var stream = new NetworkStream(socket, ownsSocket: true);
        if (_authority is null)
        {
            return stream;
        }

        var tls = new SslStream(stream, false, (_, certificate, _, _) => certificate is not null);
        await tls.AuthenticateAsClientAsync("127.0.0.1");
        return tls;
    }

    /// <summary>A raw connection with its handshake done.</summary>
    public async Task<Stream> UpgradeAsync(int receiveBuffer = 0)
    {
        var stream = await OpenAsync(receiveBuffer);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Handshake()));
        Assert.StartsWith("HTTP/1.1 101 ", await HeadAsync(stream), StringComparison.Ordinal);
        return stream;
    }

    public static string Handshake(string extra = "", string path = "/ws") =>
        $"GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{extra}\r\n";

    /// <summary>Reads up to the empty line and no further.</summary>
    public static async Task<string> HeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        using var patience = new CancellationTokenSource(Patience);
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, patience.Token) == 1)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    /// <summary>Reads one frame of the server; its first byte and its payload.</summary>
    public static async Task<(int First, byte[] Payload)> FrameAsync(Stream stream)
    {
        using var patience = new CancellationTokenSource(Patience);
        var header = new byte[2];
        await stream.ReadExactlyAsync(header, patience.Token);
        Assert.True(header[1] < 128, "a server does not mask");
        var extended = new byte[header[1] < 126 ? 0 : header[1] == 126 ? 2 : 8];
        await stream.ReadExactlyAsync(extended, patience.Token);
        var length = extended.Length == 0 ? header[1] : extended.Aggregate(0, (sum, b) => (sum << 8) | b);
        var payload = new byte[length];
        await stream.ReadExactlyAsync(payload, patience.Token);
        return (header[0], payload);
    }

    public static Task SendAsync(WebSocket client, string text) =>
        client.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    public static async Task<string> ReceiveAsync(WebSocket client)
    {
        using var patience = new CancellationTokenSource(Patience);
        var message = new ArrayBufferWriter<byte>(1024);
        while (true)
        {
            var result = await client.ReceiveAsync(message.GetMemory(1024), patience.Token);
            message.Advance(result.Count);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return $"closed {(int)client.CloseStatus!} {client.CloseStatusDescription}";
            }

            if (result.EndOfMessage)
            {
                return Encoding.UTF8.GetString(message.WrittenSpan);
            }
        }
    }

    /// <summary>Moves the clock on so far, in sweeps.</summary>
    public void Advance(double seconds) => Clock.Advance(TimeSpan.FromSeconds(seconds));

    public LinkDecision Decide(UpgradeRequest request)
    {
        Requests.Enqueue(request);
        return Answer ?? (request.Path == "/ws" ? new LinkDecision { Handler = this, Options = Options } : LinkDecision.NotOurs);
    }

    public void OnOpened(ClientLink link)
    {
    }

    public ValueTask OnMessageAsync(ClientLink link, ReadOnlySequence<byte> payload, bool isBinary)
    {
        var words = Encoding.UTF8.GetString(payload).Split(' ');
        switch (words[0])
        {
            case "publish":
                var message = SharedMessage.Text(Encoding.ASCII.GetBytes(new string('p', int.Parse(words[2], System.Globalization.CultureInfo.InvariantCulture))));
                for (var i = int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture); i > 0; i--)
                {
                    link.Post(message, Delivery.Required);
                }

                break;
            case "room":
                Room.Add(link);
                link.Post(SharedMessage.Text("joined"u8.ToArray()), Delivery.Required);
                break;
            case "throw":
                throw new FormatException("the handler's own mistake");
            default:
                link.Post(isBinary ? SharedMessage.Binary(payload.ToArray()) : SharedMessage.Text(payload.ToArray()), Delivery.Required);
                break;
        }

        return ValueTask.CompletedTask;
    }

    public void OnClosed(ClientLink link, LinkClosure closure)
    {
        Room.Remove(link);
        Closed.Enqueue((link, closure));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var link in Links.Links)
        {
            link.Close(1001, "going away");
        }

        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(impatient.Token);
        await _app.DisposeAsync();
        Links.Dispose();
        _authority?.Dispose();
    }
}
