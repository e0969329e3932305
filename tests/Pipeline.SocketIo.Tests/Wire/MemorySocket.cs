using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Pipeline.Fanout;

namespace Pipeline.SocketIo.Tests.Wire;

/// <summary>A client's WebSocket without a network.</summary>
internal sealed class MemorySocket
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Pipe _input = new();
    private readonly MemoryTransport _transport;
    private readonly Task _life;

    private MemorySocket(LinkServer links, LinkDecision decision)
    {
        _transport = new MemoryTransport(_input.Reader, () => _input.Writer.Complete());
        _life = links.Open(_transport, decision, IPAddress.Loopback, compress: false).RunAsync();
    }

    public static MemorySocket Open(LinkServer links, ILinkGate gate, string path, string query)
    {
        var decision = Ask(gate, path, query);
        Assert.NotNull(decision.Handler);
        return new MemorySocket(links, decision);
    }

    public static LinkDecision Ask(ILinkGate gate, string path, string query, string? origin = null) =>
        gate.Decide(new UpgradeRequest(path, query, IPAddress.Loopback, name => name == "Origin" ? origin : null));

    public async Task SendAsync(string text) => await SendAsync(1, Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await SendAsync(2, bytes);

    /// <summary>The next message, whatever it is.</summary>
    public async Task<string> NextAsync() => await _transport.Messages.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>Nothing has come that was not taken. Only after something that comes last.</summary>
    public bool IsQuiet => !_transport.Messages.TryPeek(out _);

    /// <summary>Waits for the close frame, whatever comes before it.</summary>
    public async Task<string> ClosedAsync()
    {
        while (true)
        {
            var message = await NextAsync();
            if (message.StartsWith("close:", StringComparison.Ordinal))
            {
                await DropAsync();
                return message;
            }
        }
    }

    /// <summary>The connection ends without a word.</summary>
    public async Task DropAsync()
    {
        await _input.Writer.CompleteAsync();
        await _life.WaitAsync(Patience);
    }

    private async Task SendAsync(byte opcode, byte[] payload)
    {
        using var frame = new MemoryStream();
        frame.WriteByte((byte)(0x80 | opcode));
        if (payload.Length < 126)
        {
            frame.WriteByte((byte)(0x80 | payload.Length));
        }
        else
        {
            var length = new byte[9];
            length[0] = 0x80 | 127;
            BinaryPrimitives.WriteUInt64BigEndian(length.AsSpan(1), (ulong)payload.Length);
            frame.Write(length);
        }

        // A mask of zeros leaves the payload as it is.
        frame.Write([0, 0, 0, 0]);
        frame.Write(payload);
        await _input.Writer.WriteAsync(frame.ToArray());
    }
}
