using System.Net.WebSockets;
using System.Runtime.CompilerServices;

namespace Pipeline.Core.Feeds.Transport;

/// <summary>An open <see cref="ClientWebSocket"/>; owns the handler under it.</summary>
internal sealed class ClientWebSocketSocket(
    ClientWebSocket socket, HttpMessageInvoker handler, BinaryFrameStream? stream, bool isCompressed) : IFeedSocket
{
    public bool IsCompressed => isCompressed;

    public long WireBytes => stream?.FrameBytes ?? 0;

    public int? CloseStatus => (int?)socket.CloseStatus;

    public string? CloseDescription => socket.CloseStatusDescription;

    public ValueTask<FeedReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            var receive = socket.ReceiveAsync(buffer, cancellation);
            return receive.IsCompletedSuccessfully ? ValueTask.FromResult(Translate(receive.Result)) : AwaitAsync(receive);
        }
        catch (Exception error)
        {
            // An aborted socket throws before there is a task.
            return ValueTask.FromException<FeedReceiveResult>(error);
        }
    }

    /// <remarks>Never compressed: requests are small and bounded in bytes, and the venue need not inflate them.</remarks>
    public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation) =>
        socket.SendAsync(
            message, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage | WebSocketMessageFlags.DisableCompression, cancellation);

    public ValueTask CloseAsync(CancellationToken cancellation) =>
        new(socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellation));

    public void Abort() => socket.Abort();

    public void Dispose()
    {
        socket.Dispose();
        handler.Dispose();
    }

    private static FeedReceiveResult Translate(ValueWebSocketReceiveResult result) =>
        new(result.Count, result.EndOfMessage, result.MessageType == WebSocketMessageType.Close);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<FeedReceiveResult> AwaitAsync(ValueTask<ValueWebSocketReceiveResult> receive) =>
        Translate(await receive);
}
