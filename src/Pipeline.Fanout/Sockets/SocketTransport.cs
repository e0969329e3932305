using System.Buffers;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Pipeline.Fanout.Sockets;

/// <summary>
/// Plain TCP: writes go straight to the connection's socket, without blocking, past the server's pipe with its tasks and copies. Only what
/// a socket with a full buffer does not take is sent asynchronously.
/// </summary>
internal sealed class SocketTransport : LinkTransport
{
    private readonly ConnectionContext _connection;
    private readonly Socket _socket;
    private int _pending;

    public SocketTransport(ConnectionContext connection, Socket socket)
        : base(connection.Transport.Input)
    {
        _connection = connection;
        _socket = socket;
        socket.Blocking = false;
    }

    public override int PendingBytes => Volatile.Read(ref _pending);

    public override SendResult Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var sent = Math.Max(0, _socket.Send(bytes, SocketFlags.None, out var error));
            if (error is not (SocketError.Success or SocketError.WouldBlock))
            {
                return SendResult.Broken;
            }

            return sent == bytes.Length ? SendResult.Done : SendRest(bytes[sent..]);
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
        {
            return SendResult.Broken;
        }
    }

    public override void Abort() => _connection.Abort();

    private SendResult SendRest(ReadOnlySpan<byte> rest)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(rest.Length);
        rest.CopyTo(bytes);
        Volatile.Write(ref _pending, rest.Length);
        var sending = SendRestAsync(bytes, rest.Length);
        if (sending.IsCompleted)
        {
            return SendResult.Done;
        }

        sending.GetAwaiter().UnsafeOnCompleted(Writable!);
        return SendResult.Pending;
    }

    private async Task SendRestAsync(byte[] bytes, int length)
    {
        try
        {
            await _socket.SendAsync(bytes.AsMemory(0, length), SocketFlags.None, CancellationToken.None);
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException or OperationCanceledException)
        {
            // The next write finds the socket broken, and so does the reader.
        }

        ArrayPool<byte>.Shared.Return(bytes);
        Volatile.Write(ref _pending, 0);
    }
}
