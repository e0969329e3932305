using System.Buffers;
using System.Buffers.Text;
using Pipeline.Fanout.Frames;

namespace Pipeline.Fanout;

/// <summary>
/// One message, encoded once and shared by every client that gets it, whatever their number: its WebSocket frame is built when it is
/// made, its compressed frame when the first client that negotiated compression needs it. Immutable; for any thread.
/// </summary>
public sealed class SharedMessage
{
    private const int NoSlot = -1;

    private readonly byte[] _frame;
    private readonly int _header;
    private readonly int _slot;

    /// <summary>Null = not tried yet; the plain frame itself where compressing does not make it smaller.</summary>
    private byte[]? _deflated;

    private SharedMessage(byte[] frame, int header, bool isBinary, int slot)
    {
        _frame = frame;
        _header = header;
        _slot = slot;
        IsBinary = isBinary;
    }

    /// <summary>The message without frame.</summary>
    public ReadOnlyMemory<byte> Payload => Parts is { } parts ? parts[0].Payload : _frame.AsMemory(_header);

    /// <summary>Binary, not UTF-8 text.</summary>
    public bool IsBinary { get; }

    /// <summary>Whether the payload has a place for the number of messages that were conflated into it.</summary>
    public bool HasConflatedSlot => _slot != NoSlot;

    /// <summary>
    /// When it was made, as a timestamp of the clock of who made it, so that its way to the sockets can be timed; 0 = nobody asks. Set once,
    /// before anybody has the message.
    /// </summary>
    public long MadeAt { get; set; }

    /// <summary>The messages that this one is made of, in order; null when it is one message.</summary>
    public IReadOnlyList<SharedMessage>? Parts { get; private init; }

    /// <summary>Bytes on the wire, uncompressed.</summary>
    internal int FrameLength => _frame.Length;

    internal byte[] Frame => _frame;

    /// <summary>A text message; the bytes are copied.</summary>
    /// <param name="conflatedSlot">
    /// Offset of one digit 0 in the payload. A client for whom messages were conflated into this one gets their number there, in a frame
    /// of its own. -1 = the payload does not tell.
    /// </param>
    public static SharedMessage Text(ReadOnlyMemory<byte> utf8, int conflatedSlot = NoSlot) => Create(utf8, false, conflatedSlot);

    /// <summary>A binary message; the bytes are copied.</summary>
    public static SharedMessage Binary(ReadOnlyMemory<byte> bytes) => Create(bytes, true, NoSlot);

    /// <summary>A text message written straight into its frame.</summary>
    /// <param name="length">Bytes of the payload; <paramref name="write"/> fills exactly these.</param>
    public static SharedMessage Text<TState>(int length, TState state, SpanAction<byte, TState> write, int conflatedSlot = NoSlot)
    {
        var (frame, header) = Allocate(length, isBinary: false);
        write(frame.AsSpan(header), state);
        return new SharedMessage(frame, header, isBinary: false, CheckedSlot(frame.AsSpan(header), conflatedSlot));
    }

    /// <summary>Several messages that belong together: they are written one after the other, and nothing comes between. The payload is the first one's.</summary>
    public static SharedMessage Join(params IReadOnlyList<SharedMessage> parts)
    {
        ArgumentOutOfRangeException.ThrowIfZero(parts.Count);
        return new SharedMessage(Concatenate(parts, part => part._frame), parts[0]._header, parts[0].IsBinary, NoSlot) { Parts = parts };
    }

    /// <summary>The payload as a client gets it for whom <paramref name="conflated"/> messages were conflated into this one.</summary>
    public ReadOnlyMemory<byte> PayloadWith(int conflated)
    {
        if (conflated == 0 || !HasConflatedSlot)
        {
            return Payload;
        }

        Span<byte> digits = stackalloc byte[11];
        Utf8Formatter.TryFormat(conflated, digits, out var count);
        var payload = Payload.Span;
        var patched = new byte[payload.Length - 1 + count];
        payload[.._slot].CopyTo(patched);
        digits[..count].CopyTo(patched.AsSpan(_slot));
        payload[(_slot + 1)..].CopyTo(patched.AsSpan(_slot + count));
        return patched;
    }

    /// <summary>The frame for a client for whom <paramref name="conflated"/> messages were conflated into this one.</summary>
    internal byte[] FrameFor(int conflated, bool compress)
    {
        if (conflated == 0 || !HasConflatedSlot)
        {
            return compress ? _deflated ??= Compressed() : _frame;
        }

        var payload = PayloadWith(conflated);
        var (frame, header) = Allocate(payload.Length, IsBinary);
        payload.CopyTo(frame.AsMemory(header));
        return compress ? Deflate(payload, frame) : frame;
    }

    private static SharedMessage Create(ReadOnlyMemory<byte> payload, bool isBinary, int slot)
    {
        var (frame, header) = Allocate(payload.Length, isBinary);
        payload.CopyTo(frame.AsMemory(header));
        return new SharedMessage(frame, header, isBinary, CheckedSlot(payload.Span, slot));
    }

    private static int CheckedSlot(ReadOnlySpan<byte> payload, int slot) =>
        slot == NoSlot || payload[slot] == (byte)'0'
            ? slot
            : throw new ArgumentException("The slot of the conflated number must hold the digit 0.", nameof(slot));

    private static (byte[] Frame, int Header) Allocate(int length, bool isBinary)
    {
        var header = FrameHeader.LengthFor(length);
        var frame = GC.AllocateUninitializedArray<byte>(header + length);
        FrameHeader.Write(frame, isBinary ? Opcode.Binary : Opcode.Text, length, compressed: false);
        return (frame, header);
    }

    private static byte[] Concatenate(IReadOnlyList<SharedMessage> parts, Func<SharedMessage, byte[]> frame)
    {
        var frames = new byte[parts.Count][];
        for (var i = 0; i < frames.Length; i++)
        {
            frames[i] = frame(parts[i]);
        }

        var all = GC.AllocateUninitializedArray<byte>(frames.Sum(one => one.Length));
        var at = 0;
        foreach (var one in frames)
        {
            one.CopyTo(all, at);
            at += one.Length;
        }

        return all;
    }

    private byte[] Compressed() => Parts is { } parts
        ? Concatenate(parts, part => part.FrameFor(0, compress: true))
        : Deflate(Payload, _frame);

    private byte[] Deflate(ReadOnlyMemory<byte> payload, byte[] plain) =>
        Deflation.Frame(payload.Span, IsBinary ? Opcode.Binary : Opcode.Text, plain.Length) ?? plain;
}
