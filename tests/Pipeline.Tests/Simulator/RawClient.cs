using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Pipeline.Tests.Simulator;

/// <summary>A WebSocket client that does only what it is told: it answers no ping and hides no frame.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private readonly TcpClient _tcp = new();
    private Stream _stream = Stream.Null;
    private int _requests;

    public string Handshake { get; private set; } = "";

    public Socket Socket => _tcp.Client;

    public static async Task<RawClient> ConnectAsync(Uri address, string path, string extraHeaders = "")
    {
        var client = new RawClient();
        client._tcp.ReceiveBufferSize = 16 * 1024;
        await client._tcp.ConnectAsync(address.Host, address.Port);
        client._stream = client._tcp.GetStream();
        var request = $"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{extraHeaders}\r\n";
        await client._stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await client._stream.ReadExactlyAsync(one).AsTask().WaitAsync(RealTime.Bound);
            text.Append((char)one[0]);
        }

        client.Handshake = text.ToString();
        return client;
    }

    public Task SendAsync(string text) => SendAsync(1, Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(byte opcode, byte[] payload, bool final = true, bool masked = true)
    {
        var frame = new List<byte> { (byte)((final ? 0x80 : 0) | opcode) };
        var mask = masked ? 0x80 : 0;
        if (payload.Length < 126)
        {
            frame.Add((byte)(mask | payload.Length));
        }
        else if (payload.Length <= ushort.MaxValue)
        {
            frame.AddRange([(byte)(mask | 126), (byte)(payload.Length >> 8), (byte)payload.Length]);
        }
        else
        {
            var length = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(length, payload.Length);
            frame.AddRange([(byte)(mask | 127), .. length]);
        }

        byte[] key = [0x11, 0x22, 0x33, 0x44];
        if (masked)
        {
            frame.AddRange(key);
        }

        frame.AddRange(payload.Select((b, i) => (byte)(masked ? b ^ key[i % 4] : b)));
        await _stream.WriteAsync(frame.ToArray());
    }

    /// <summary>The next frame, whatever it is.</summary>
    public async Task<(int Opcode, byte[] Payload)> ReadFrameAsync()
    {
        var header = await ReadAsync(2);
        long length = header[1] & 0x7F;
        if (length == 126)
        {
            length = BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(2));
        }
        else if (length == 127)
        {
            length = BinaryPrimitives.ReadInt64BigEndian(await ReadAsync(8));
        }

        return (header[0] & 0x0F, await ReadAsync((int)length));
    }

    /// <summary>The next text frame; pings are passed over.</summary>
    public async Task<string> ReadTextAsync()
    {
        while (true)
        {
            var (opcode, payload) = await ReadFrameAsync();
            if (opcode == 9)
            {
                continue;
            }

            Assert.Equal(1, opcode);
            return Encoding.UTF8.GetString(payload);
        }
    }

    /// <summary>Reads up to the close frame; its code and reason.</summary>
    public async Task<string> ReadCloseAsync()
    {
        while (true)
        {
            var (opcode, payload) = await ReadFrameAsync();
            if (opcode == 8)
            {
                return $"{BinaryPrimitives.ReadUInt16BigEndian(payload)} {Encoding.UTF8.GetString(payload[2..])}";
            }
        }
    }

    public async Task<string> AskAsync(string request)
    {
        await SendAsync(request);
        return await ReadTextAsync();
    }

    public async Task SubscribeAsync(params string[] streams)
    {
        var id = ++_requests;
        var names = string.Join(',', streams.Select(name => $"\"{name}\""));
        Assert.Equal($"{{\"result\":null,\"id\":{id}}}", await AskAsync($"{{\"method\":\"SUBSCRIBE\",\"params\":[{names}],\"id\":{id}}}"));
    }

    public async Task<bool> EndsAsync()
    {
        try
        {
            return await _stream.ReadAsync(new byte[1]).AsTask().WaitAsync(RealTime.Bound) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(RealTime.Bound);
        return bytes;
    }
}
