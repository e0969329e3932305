using System.Net;
using System.Net.Sockets;

namespace Pipeline.Core.Feeds.Transport;

/// <summary>How far one attempt to connect came, to tell its failure by the stage: the proxy's, TLS, the venue's.</summary>
internal sealed class ConnectAttempt(ServerTrust trust, ProxyList proxies, Uri? proxy)
{
    public ServerTrust Trust { get; } = trust;

    /// <summary>Proxy the attempt goes through; null = none.</summary>
    public Uri? Proxy { get; } = proxy;

    /// <summary>Failure to reach the first hop: the proxy where there is one, else the venue.</summary>
    public Exception? HopFailure { get; private set; }

    /// <summary>The venue's connection, when it came so far.</summary>
    public BinaryFrameStream? Stream { get; private set; }

    /// <summary>Whether something behind the proxy is known to have answered.</summary>
    public bool IsThrough => Proxy is null || Stream is not null || (Trust.Host is { } host && !(IsSecureProxy && host == Proxy.IdnHost));

    /// <summary>Whether the proxy itself is spoken to in TLS.</summary>
    public bool IsSecureProxy => Proxy?.Scheme == Uri.UriSchemeHttps;

    public SocketsHttpHandler CreateHandler(int receiveBufferBytes) => new()
    {
        // No trace header: some venues refuse handshakes with fields they do not know.
        ActivityHeadersPropagator = null,
        UseProxy = Proxy is not null,
        Proxy = new FixedProxy(proxies, Proxy),
        SslOptions = Trust.Options,
        ConnectCallback = (context, cancellation) => OpenAsync(context, receiveBufferBytes, cancellation),
        PlaintextStreamFilter = Filter,
    };

    private ValueTask<Stream> Filter(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellation)
    {
        // The request to the proxy passes here too, before the venue's: it is no WebSocket.
        if (context.InitialRequestMessage.Method == HttpMethod.Connect)
        {
            return ValueTask.FromResult(context.PlaintextStream);
        }

        Stream = new BinaryFrameStream(context.PlaintextStream);
        return ValueTask.FromResult<Stream>(Stream);
    }

    private async ValueTask<Stream> OpenAsync(
        SocketsHttpConnectionContext context, int receiveBufferBytes, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            // Before connecting, because the window is negotiated then.
            socket.ReceiveBufferSize = receiveBufferBytes;
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception error)
        {
            HopFailure = error;
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The proxy chosen for this attempt, whichever is in use by the time the handler asks.</summary>
    private sealed class FixedProxy(ProxyList proxies, Uri? proxy) : IWebProxy
    {
        public ICredentials? Credentials
        {
            get => proxies.Credentials;
            set => throw new NotSupportedException("They come with the addresses.");
        }

        public Uri? GetProxy(Uri destination) => proxy;

        public bool IsBypassed(Uri host) => proxy is null;
    }
}
