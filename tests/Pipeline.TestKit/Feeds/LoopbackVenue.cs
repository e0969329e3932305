using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Pipeline.TestKit.Feeds;

/// <summary>A WebSocket server on a loopback port that says byte for byte what a test wants; one script runs for each connection.</summary>
public sealed class LoopbackVenue : IAsyncDisposable
{
    private const string HandshakeGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<LoopbackPeer, Task> _script;
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;

    /// <param name="answer">Replaces the answer to the handshake, without its end, such as <c>HTTP/1.1 451 Unavailable</c>.</param>
    /// <param name="certificate">Speaks TLS with it; null = none.</param>
    public LoopbackVenue(Func<LoopbackPeer, Task> script, string? answer = null, X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync(answer);
    }

    public Uri Address => new($"{(_certificate is null ? "ws" : "wss")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/ws");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync(string? answer)
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token), answer));
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client, string? answer)
    {
        using (client)
        {
            try
            {
                await using var stream = await OpenAsync(client);
                var request = await ReadHeadAsync(stream);
                await stream.WriteAsync(Encoding.ASCII.GetBytes((answer ?? Accept(request)) + "\r\n\r\n"), _stop.Token);
                if (answer is null)
                {
                    await _script(new LoopbackPeer(stream, _stop.Token));
                }
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or AuthenticationException)
            {
                // The client left or the test is over.
            }
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client)
    {
        if (_certificate is null)
        {
            return client.GetStream();
        }

        var secure = new SslStream(client.GetStream());
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
        return secure;
    }

    private async Task<string> ReadHeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, _stop.Token);
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private static string Accept(string request)
    {
        var field = request.Split("\r\n").Single(line => line.StartsWith("Sec-WebSocket-Key:", StringComparison.OrdinalIgnoreCase));
        var key = field.Split(": ")[1];
#pragma warning disable CA5350 // Reason: RFC 6455 §4.2.2 prescribes SHA-1; nothing is protected by it.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + HandshakeGuid)));
#pragma warning restore CA5350
        return $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}";
    }
}
