using System.Net.Sockets;
using System.Net.WebSockets;

namespace Pipeline.Core.Feeds.Transport;

/// <summary>
/// Real sockets, by the framework's <see cref="ClientWebSocket"/>: it receives without allocating per message. Text frames arrive as
/// binary ones, see <see cref="BinaryFrameStream"/>, so that invalid UTF-8 costs a frame and not the connection.
/// </summary>
public sealed class ClientWebSocketTransport : IFeedTransport
{
    public async Task<IFeedSocket> ConnectAsync(Uri address, WebSocketOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(options);
        var socket = new ClientWebSocket();
        // Unsolicited pongs count as messages at some venues and keep nothing alive there.
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        socket.Options.CollectHttpResponseDetails = true;
        var invoker = new HttpMessageInvoker(CreateHandler(options));
        try
        {
            await socket.ConnectAsync(address, invoker, cancellation);
            socket.HttpResponseHeaders = null;
            return new ClientWebSocketSocket(socket, invoker);
        }
        catch (Exception error)
        {
            var status = (int)socket.HttpStatusCode;
            socket.Dispose();
            invoker.Dispose();
            cancellation.ThrowIfCancellationRequested();
            throw ConnectFailure.Classify(address, error, status == 0 ? null : status);
        }
    }

    private static SocketsHttpHandler CreateHandler(WebSocketOptions options) => new()
    {
        // No trace header: some venues refuse handshakes with fields they do not know.
        ActivityHeadersPropagator = null,
        ConnectCallback = (context, cancellation) => OpenAsync(context, options.ReceiveBufferBytes, cancellation),
        PlaintextStreamFilter = static (context, _) => ValueTask.FromResult<Stream>(new BinaryFrameStream(context.PlaintextStream)),
    };

    private static async ValueTask<Stream> OpenAsync(
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
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
