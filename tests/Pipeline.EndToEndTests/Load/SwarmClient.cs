using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Pipeline.TestKit.Gateway;

namespace Pipeline.EndToEndTests.Load;

/// <summary>
/// A client of <c>/ws</c> on a plain socket that costs as little as can be, so that hundreds of them measure the gateway and not themselves.
/// It checks that every stream's <c>prev</c> is the <c>seq</c> before.
/// </summary>
internal sealed class SwarmClient : IAsyncDisposable
{
    private static readonly byte[] Pong = [0x8a, 0x80, 0, 0, 0, 0];

    private readonly Socket _socket;
    private readonly LatencyRecorder? _latencies;
    private readonly Action<ReadOnlySpan<byte>>? _onText;
    private readonly Dictionary<long, long> _last = [];
    private byte[] _buffer = new byte[16 * 1024];
    private int _filled;
    private Task _reading = Task.CompletedTask;
    private int _count;

    private SwarmClient(Socket socket, LatencyRecorder? latencies, Action<ReadOnlySpan<byte>>? onText) =>
        (_socket, _latencies, _onText) = (socket, latencies, onText);

    /// <summary>Live data messages so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The gateway has taken its subscription.</summary>
    public bool IsSubscribed { get; private set; }

    /// <summary>Places where something was missing or came twice.</summary>
    public int Breaks { get; private set; }

    /// <summary>From the first packet to the answer to the handshake.</summary>
    public TimeSpan ConnectTime { get; private set; }

    /// <summary>Code and reason of the server's close frame; null while it is open; 1006 when it broke.</summary>
    public string? Closed { get; private set; }

    /// <param name="from">Address of this machine from which it comes.</param>
    /// <param name="onText">Gets each text message, on the reading thread.</param>
    /// <param name="receiveBuffer">Bytes that the kernel takes for it while it does not read, or about that; 0 = as the system has it.</param>
    public static async Task<SwarmClient> ConnectAsync(
        int port, LatencyRecorder? latencies = null, string from = "127.0.0.1", Action<ReadOnlySpan<byte>>? onText = null, int receiveBuffer = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0)
        {
            socket.ReceiveBufferSize = receiveBuffer;
        }

        var client = new SwarmClient(socket, latencies, onText);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        var began = Stopwatch.GetTimestamp();
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"));
        while (client._buffer.AsSpan(0, client._filled).IndexOf("\r\n\r\n"u8) < 0)
        {
            await client.FillAsync();
        }

        client.ConnectTime = Stopwatch.GetElapsedTime(began);
        var end = client._buffer.AsSpan(0, client._filled).IndexOf("\r\n\r\n"u8) + 4;
        var status = Encoding.ASCII.GetString(client._buffer, 9, 3);
        if (status != "101")
        {
            throw new IOException($"The handshake was answered {status}.");
        }

        client.Consume(end);
        return client;
    }

    /// <summary>A number of a message; -1 when it is not there, or null.</summary>
    public static long Integer(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        var at = text.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(text[(at + name.Length)..], out long value, out _) ? value : -1;
    }

    /// <summary>Takes everything that comes from now on.</summary>
    public void Read() => _reading = ReadAsync();

    public Task SubscribeAsync(string filters) => SendTextAsync($$"""{"op":"subscribe","id":"1","filters":{{filters}}}""");

    /// <summary>A frame of a client: masked, with a mask of zeros.</summary>
    public async Task SendTextAsync(string text)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        byte[] frame = payload.Length < 126
            ? [0x81, (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload]
            : [0x81, 0xfe, (byte)(payload.Length >> 8), (byte)payload.Length, 0, 0, 0, 0, .. payload];
        await SendAsync(frame);
    }

    public async Task SendAsync(byte[] bytes)
    {
        try
        {
            await _socket.SendAsync(bytes);
        }
        catch (SocketException)
        {
            // The server has ended it.
        }
    }

    /// <summary>Vanishes without a word.</summary>
    public void Vanish()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
    }

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                var consumed = 0;
                while (TryFrame(consumed, out var opcode, out var start, out var length))
                {
                    await TakeAsync(opcode, start, length);
                    consumed = start + length;
                }

                Consume(consumed);
                await FillAsync();
            }
        }
        catch (Exception fault) when (fault is SocketException or IOException or ObjectDisposedException)
        {
            Closed ??= "1006";
        }
    }

    private bool TryFrame(int at, out int opcode, out int start, out int length)
    {
        (opcode, start, length) = (0, 0, 0);
        var frame = _buffer.AsSpan(at, _filled - at);
        if (frame.Length < 2)
        {
            return false;
        }

        var head = frame[1] switch { 126 => 4, 127 => 10, _ => 2 };
        if (frame.Length < head)
        {
            return false;
        }

        length = head switch
        {
            4 => BinaryPrimitives.ReadUInt16BigEndian(frame[2..]),
            10 => (int)BinaryPrimitives.ReadInt64BigEndian(frame[2..]),
            _ => frame[1],
        };
        (opcode, start) = (frame[0] & 0x0f, at + head);
        return frame.Length >= head + length;
    }

    private async ValueTask TakeAsync(int opcode, int start, int length)
    {
        if (opcode == 1)
        {
            TakeText(_buffer.AsSpan(start, length));
        }
        else if (opcode == 9)
        {
            await _socket.SendAsync(Pong);
        }
        else if (opcode == 8)
        {
            Closed ??= length < 2
                ? "1005"
                : $"{BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(start))} {Encoding.UTF8.GetString(_buffer, start + 2, length - 2)}";
        }
    }

    private void TakeText(ReadOnlySpan<byte> text)
    {
        _onText?.Invoke(text);
        if (!text.StartsWith("{\"type\":\"data\""u8))
        {
            IsSubscribed |= text.StartsWith("{\"type\":\"ack\""u8);
            return;
        }

        var at = text.IndexOf(",\"seq\":"u8);
        var hash = new HashCode();
        hash.AddBytes(text[..at]);
        var stream = (long)hash.ToHashCode();
        var seq = Integer(text, ",\"seq\":"u8);
        var prev = Integer(text, ",\"prev\":"u8);
        Breaks += _last.TryGetValue(stream, out var last) && prev >= 0 && prev != last ? 1 : 0;
        _last[stream] = prev >= 0 || !_last.ContainsKey(stream) ? seq : last;
        if (text.IndexOf("\"snapshot\":false"u8) < 0)
        {
            return;
        }

        Interlocked.Increment(ref _count);
        if (_latencies is not null && Integer(text, "\"eventTime\":"u8) is var made and >= 0)
        {
            _latencies.Add(TradeFeed.Now - made);
        }
    }

    private async Task FillAsync()
    {
        if (_filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var count = await _socket.ReceiveAsync(_buffer.AsMemory(_filled));
        _filled += count > 0 ? count : throw new IOException("The server ended the connection.");
    }

    private void Consume(int count)
    {
        _buffer.AsSpan(count, _filled - count).CopyTo(_buffer);
        _filled -= count;
    }
}
