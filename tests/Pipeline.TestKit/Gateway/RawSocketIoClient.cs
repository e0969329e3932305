using System.Net.WebSockets;
using System.Text;

namespace Pipeline.TestKit.Gateway;

/// <summary>
/// A client that speaks Socket.IO 5 over one WebSocket as the wire has it, nothing of ours or of npm between: connects, answers pings, emits,
/// and tells of every event when its last byte has come.
/// </summary>
public sealed class RawSocketIoClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<ReadOnlyMemory<byte>> _onEvent;
    private Task _reading = Task.CompletedTask;

    private RawSocketIoClient(Action<ReadOnlyMemory<byte>> onEvent) => _onEvent = onEvent;

    /// <summary>Whether the server ended it.</summary>
    public bool IsClosed => _reading.IsCompleted;

    /// <param name="onEvent">Gets the JSON array of each event, on the reading thread, good until it returns.</param>
    public static async Task<RawSocketIoClient> ConnectAsync(Uri server, Action<ReadOnlyMemory<byte>> onEvent, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(server);
        var client = new RawSocketIoClient(onEvent);
        var address = new UriBuilder(server) { Scheme = "ws", Path = "/socket.io/", Query = "EIO=4&transport=websocket" }.Uri;
        await client._socket.ConnectAsync(address, cancellation);
        client._reading = client.ReadAsync();
        await client._joined.Task.WaitAsync(cancellation);
        return client;
    }

    /// <param name="json">The one argument.</param>
    public Task EmitAsync(string name, string json) => SendAsync($"42[\"{name}\",{json}]");

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
        _sending.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult received;
                do
                {
                    if (length == buffer.Length)
                    {
                        Array.Resize(ref buffer, buffer.Length * 2);
                    }

                    received = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += received.Count;
                }
                while (!received.EndOfMessage);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                await TakeAsync(buffer.AsMemory(0, length));
            }
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Ended by one of the two.
        }
        finally
        {
            _joined.TrySetException(new IOException("The server ended the connection."));
        }
    }

    /// <summary>Engine.IO's packet types: 0 open, 2 ping, 4 message; in a message Socket.IO's: 0 connect, 2 event.</summary>
    private async ValueTask TakeAsync(ReadOnlyMemory<byte> packet)
    {
        if (packet.Span.StartsWith("42["u8))
        {
            _onEvent(packet[2..]);
        }
        else if (packet.Span[0] == (byte)'2')
        {
            await SendAsync("3");
        }
        else if (packet.Span[0] == (byte)'0')
        {
            await SendAsync("40");
        }
        else if (packet.Span.StartsWith("40"u8))
        {
            _joined.TrySetResult();
        }
    }

    private async Task SendAsync(string text)
    {
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }
}
