using System.Net.Http.Headers;
using System.Net.WebSockets;

namespace Pipeline.Core.Feeds.Transport;

/// <summary>
/// Real sockets, by the framework's <see cref="ClientWebSocket"/>: it receives without allocating per message. Text frames arrive as
/// binary ones, see <see cref="BinaryFrameStream"/>, so that invalid UTF-8 costs a frame and not the connection. One per venue: it
/// remembers which proxy is in use.
/// </summary>
public sealed class ClientWebSocketTransport : IFeedTransport
{
    private readonly string? _authorityFile;
    private readonly ProxyList _proxies;
    private readonly TimeProvider? _time;

    /// <param name="network">Null = no proxies of its own, and the system's certificates alone.</param>
    /// <param name="time">The venue may name a date to come back at; null = such a wish is not understood, one in seconds is.</param>
    public ClientWebSocketTransport(NetworkOptions? network = null, TimeProvider? time = null)
        : this(network ?? new NetworkOptions(), time, HttpClient.DefaultProxy)
    {
    }

    /// <param name="environment">What the environment says of proxies.</param>
    internal ClientWebSocketTransport(NetworkOptions network, TimeProvider? time, System.Net.IWebProxy environment)
    {
        _authorityFile = network.CertificateAuthority;
        _proxies = new ProxyList(network.Proxies, environment);
        _time = time;
    }

    public async Task<IFeedSocket> ConnectAsync(Uri address, WebSocketOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(options);
        var attempt = new ConnectAttempt(new ServerTrust(_authorityFile), _proxies, _proxies.GetProxy(address));
        var socket = new ClientWebSocket();
        // Unsolicited pongs count as messages at some venues and keep nothing alive there.
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        socket.Options.CollectHttpResponseDetails = true;
        if (options.Compression)
        {
            // "Dangerous" where secrets and an attacker's text share a message: requests to a venue hold no secret.
            socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        }

        var invoker = new HttpMessageInvoker(attempt.CreateHandler(options.ReceiveBufferBytes));
        try
        {
            await socket.ConnectAsync(address, invoker, cancellation);
            var isCompressed = options.Compression && Accepts(socket.HttpResponseHeaders);
            socket.HttpResponseHeaders = null;
            _proxies.Succeeded(attempt.Proxy);
            return new ClientWebSocketSocket(socket, invoker, attempt.Stream, isCompressed);
        }
        catch (Exception error)
        {
            var status = (int)socket.HttpStatusCode;
            var retryAfter = status == 0 ? null : RetryAfter(socket.HttpResponseHeaders);
            socket.Dispose();
            invoker.Dispose();
            _proxies.Failed(attempt.Proxy);
            if (cancellation.IsCancellationRequested && attempt.IsThrough)
            {
                throw new OperationCanceledException(cancellation);
            }

            throw ConnectFailure.Classify(address, error, status == 0 ? null : status, attempt, retryAfter);
        }
    }

    private static bool Accepts(IReadOnlyDictionary<string, IEnumerable<string>>? answer) =>
        Field(answer, "Sec-WebSocket-Extensions").Any(value => value.Contains("permessage-deflate", StringComparison.OrdinalIgnoreCase));

    private TimeSpan? RetryAfter(IReadOnlyDictionary<string, IEnumerable<string>>? answer)
    {
        if (!RetryConditionHeaderValue.TryParse(Field(answer, "Retry-After").FirstOrDefault(), out var value))
        {
            return null;
        }

        var wait = value.Delta ?? (value.Date is { } date ? date - _time?.GetUtcNow() : null);
        return wait > TimeSpan.Zero ? wait : null;
    }

    private static IEnumerable<string> Field(IReadOnlyDictionary<string, IEnumerable<string>>? answer, string name) =>
        answer?.FirstOrDefault(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value ?? [];
}
