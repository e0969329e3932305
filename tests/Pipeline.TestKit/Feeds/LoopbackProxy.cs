using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pipeline.TestKit.Feeds;

/// <summary>
/// A proxy on a loopback port: HTTP CONNECT, or SOCKS5 (RFC 1928, 1929). Wants a user and a password where the test says so. To it all
/// hosts under <c>.test</c> are this machine.
/// </summary>
public sealed class LoopbackProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<NetworkStream, Task> _serve;
    private readonly string? _login;
    private readonly string? _answer;
    private readonly string _scheme;
    private readonly Task _accepting;
    private int _connections;
    private int _tunnels;

    private LoopbackProxy(string scheme, string? login, string? answer, bool isSilent)
    {
        (_scheme, _login, _answer) = (scheme, login, answer);
        _serve = isSilent ? _ => Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token) : scheme == "http" ? ServeHttpAsync : ServeSocksAsync;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Without user and password.</summary>
    public Uri Address => new($"{_scheme}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Connections taken, whatever became of them.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Ways opened.</summary>
    public int Tunnels => Volatile.Read(ref _tunnels);

    /// <param name="login">As in <c>user:password</c>; null = none is wanted.</param>
    /// <param name="answer">Answer to every CONNECT instead of opening a way, such as <c>HTTP/1.1 502 Bad Gateway</c>.</param>
    public static LoopbackProxy Http(string? login = null, string? answer = null) => new("http", login, answer, false);

    public static LoopbackProxy Socks5(string? login = null) => new("socks5", login, null, false);

    /// <summary>Takes connections and says nothing.</summary>
    public static LoopbackProxy Silent(string scheme) => new(scheme, null, null, true);

    /// <summary>With a user and a password.</summary>
    public Uri With(string login) => new($"{_scheme}://{login}@127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                serving.Add(ServeAsync(client));
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await _serve(client.GetStream());
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
            {
                // One of the two left, or the test is over.
            }
        }
    }

    private async Task ServeHttpAsync(NetworkStream client)
    {
        while (true)
        {
            var head = await ReadHeadAsync(client);
            if (_login is not null && !head.Contains("Proxy-Authorization: Basic " + Encode(_login), StringComparison.OrdinalIgnoreCase))
            {
                await WriteAsync(client, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"\r\nContent-Length: 0\r\n\r\n");
                continue;
            }

            if (_answer is not null)
            {
                await WriteAsync(client, _answer + "\r\nContent-Length: 0\r\n\r\n");
                continue;
            }

            var target = head.Split(' ')[1].Split(':');
            using var venue = await OpenAsync(target[0], int.Parse(target[1], CultureInfo.InvariantCulture));
            await WriteAsync(client, "HTTP/1.1 200 Connection established\r\n\r\n");
            await JoinAsync(client, venue.GetStream());
            return;
        }
    }

    private async Task ServeSocksAsync(NetworkStream client)
    {
        var greeting = await ReadAsync(client, 2);
        var methods = await ReadAsync(client, greeting[1]);
        var method = (byte)(_login is null ? 0 : 2);
        if (!methods.Contains(method))
        {
            await client.WriteAsync(new byte[] { 5, 0xFF }, _stop.Token);
            return;
        }

        await client.WriteAsync(new byte[] { 5, method }, _stop.Token);
        if (_login is not null)
        {
            var user = await ReadTextAsync(client, (await ReadAsync(client, 2))[1]);
            var password = await ReadTextAsync(client, (await ReadAsync(client, 1))[0]);
            var isRight = $"{user}:{password}" == _login;
            await client.WriteAsync(new byte[] { 1, (byte)(isRight ? 0 : 1) }, _stop.Token);
            if (!isRight)
            {
                return;
            }
        }

        var request = await ReadAsync(client, 4);
        var host = request[3] switch
        {
            1 => new IPAddress(await ReadAsync(client, 4)).ToString(),
            3 => await ReadTextAsync(client, (await ReadAsync(client, 1))[0]),
            _ => new IPAddress(await ReadAsync(client, 16)).ToString(),
        };
        var port = await ReadAsync(client, 2);
        using var venue = await OpenAsync(host, (port[0] << 8) | port[1]);
        await client.WriteAsync(new byte[] { 5, 0, 0, 1, 127, 0, 0, 1, 0, 0 }, _stop.Token);
        await JoinAsync(client, venue.GetStream());
    }

    private async Task<TcpClient> OpenAsync(string host, int port)
    {
        var venue = new TcpClient();
        await venue.ConnectAsync(host.EndsWith(".test", StringComparison.Ordinal) ? "127.0.0.1" : host, port, _stop.Token);
        Interlocked.Increment(ref _tunnels);
        return venue;
    }

    private async Task JoinAsync(NetworkStream client, NetworkStream venue)
    {
        await Task.WhenAny(client.CopyToAsync(venue, _stop.Token), venue.CopyToAsync(client, _stop.Token));
    }

    private async Task<byte[]> ReadAsync(NetworkStream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, _stop.Token);
        return bytes;
    }

    private async Task<string> ReadTextAsync(NetworkStream stream, int count) => Encoding.UTF8.GetString(await ReadAsync(stream, count));

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append((char)(await ReadAsync(stream, 1))[0]);
        }

        return head.ToString();
    }

    private async Task WriteAsync(NetworkStream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text), _stop.Token);

    private static string Encode(string login) => Convert.ToBase64String(Encoding.UTF8.GetBytes(login));
}
