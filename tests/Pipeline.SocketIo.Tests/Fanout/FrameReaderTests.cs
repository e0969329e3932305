using System.Buffers;
using System.Text;
using Pipeline.Fanout.Frames;

namespace Pipeline.SocketIo.Tests.Fanout;

public sealed class FrameReaderTests
{
    private const int Limit = 70_000;

    public static TheoryData<string, byte[], int> Faults => new()
    {
        { "not masked", ClientFrames.Frame(Opcode.Text, [65], masked: false), 1002 },
        { "opcode 3", ClientFrames.Frame((Opcode)3, [65]), 1002 },
        { "opcode 11", ClientFrames.Frame((Opcode)11, []), 1002 },
        { "reserved bit 2", ClientFrames.Frame(Opcode.Text, [65], reserved: 0x20), 1002 },
        { "compressed, but not agreed", ClientFrames.Frame(Opcode.Text, [65], reserved: 0x40), 1002 },
        { "compressed ping", ClientFrames.Frame(Opcode.Ping, [], reserved: 0x40), 1002 },
        { "fragmented ping", ClientFrames.Frame(Opcode.Ping, [], final: false), 1002 },
        { "ping of 126 bytes", ClientFrames.Frame(Opcode.Ping, new byte[126]), 1002 },
        { "continuation of nothing", ClientFrames.Frame(Opcode.Continuation, [65]), 1002 },
        { "text within text", [.. ClientFrames.Text("a", final: false), .. ClientFrames.Text("b")], 1002 },
        { "close of one byte", ClientFrames.Frame(Opcode.Close, [3]), 1002 },
        { "close with 1005", ClientFrames.Close(1005), 1002 },
        { "close with 999", ClientFrames.Close(999), 1002 },
        { "close with 5000", ClientFrames.Close(5000), 1002 },
        { "close with a broken text", ClientFrames.Frame(Opcode.Close, [3, 0xE8, 0xC3]), 1007 },
        { "broken UTF-8", ClientFrames.Frame(Opcode.Text, [0xC3, 0x28]), 1007 },
        { "half a character at the end", ClientFrames.Frame(Opcode.Text, [0xE2, 0x82]), 1007 },
        { "one byte too long", ClientFrames.Frame(Opcode.Binary, new byte[Limit + 1])[..14], 1009 },
        { "2^63 bytes", [0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4], 1009 },
        { "too long in fragments", [.. ClientFrames.Frame(Opcode.Binary, new byte[Limit], final: false), .. ClientFrames.Frame(Opcode.Continuation, [1])[..6]], 1009 },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Frame_AgainstTheProtocol_IsAFaultWithItsCode(string what, byte[] bytes, int code)
    {
        var reader = new FrameReader(Limit, compression: false);
        var buffer = new ReadOnlySequence<byte>(bytes);

        Assert.Equal(FrameKind.Fault, reader.Read(ref buffer));
        Assert.True(reader.Code == code, what);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(Limit)]
    public void Message_OfEveryLengthForm_IsRead(int length)
    {
        var text = new string('x', length);
        var reader = new FrameReader(Limit, compression: false);
        var buffer = new ReadOnlySequence<byte>(ClientFrames.Text(text));

        Assert.Equal(FrameKind.Message, reader.Read(ref buffer));
        Assert.Equal(text, Encoding.UTF8.GetString(reader.Payload));
        Assert.True(buffer.IsEmpty);
    }

    [Fact]
    public void Message_InThreeFragmentsWithPingBetween_IsOneMessage()
    {
        // The euro sign is torn apart between the fragments.
        var euro = "€"u8.ToArray();
        byte[] bytes =
        [
            .. ClientFrames.Frame(Opcode.Text, [65, euro[0]], final: false),
            .. ClientFrames.Frame(Opcode.Ping, [7, 8]),
            .. ClientFrames.Frame(Opcode.Continuation, [euro[1]], final: false),
            .. ClientFrames.Frame(Opcode.Continuation, [euro[2], 66]),
            .. ClientFrames.Text("next"),
        ];
        var reader = new FrameReader(Limit, compression: false);
        var buffer = new ReadOnlySequence<byte>(bytes);

        Assert.Equal(FrameKind.Ping, reader.Read(ref buffer));
        Assert.Equal([7, 8], reader.Payload.ToArray());
        reader.Release();
        Assert.Equal(FrameKind.Message, reader.Read(ref buffer));
        Assert.Equal("A€B", Encoding.UTF8.GetString(reader.Payload));
        reader.Release();
        Assert.Equal(FrameKind.Message, reader.Read(ref buffer));
        Assert.Equal("next", Encoding.UTF8.GetString(reader.Payload));
    }

    [Fact]
    public void Bytes_OneByOne_AreIncompleteUntilTheLast()
    {
        var bytes = ClientFrames.Text("hello");
        for (var length = 0; length < bytes.Length; length++)
        {
            var reader = new FrameReader(Limit, compression: false);
            var part = new ReadOnlySequence<byte>(bytes, 0, length);
            Assert.Equal(FrameKind.Incomplete, reader.Read(ref part));
            Assert.Equal(length, part.Length);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Message_ScatteredOverSegments_IsPutTogether(int segment)
    {
        var bytes = ClientFrames.Text(new string('y', 300));
        var reader = new FrameReader(Limit, compression: false);
        var buffer = ClientFrames.Split(bytes, [.. Enumerable.Repeat(segment, bytes.Length / segment)]);

        Assert.Equal(FrameKind.Message, reader.Read(ref buffer));
        Assert.Equal(new string('y', 300), Encoding.UTF8.GetString(reader.Payload));
    }

    [Fact]
    public void Compressed_Message_IsInflated()
    {
        var text = string.Concat(Enumerable.Repeat("candle of the hour, ", 100));
        var frame = SharedMessageFrame(text);
        var reader = new FrameReader(Limit, compression: true);
        var buffer = new ReadOnlySequence<byte>(frame);

        Assert.Equal(FrameKind.Message, reader.Read(ref buffer));
        Assert.Equal(text, Encoding.UTF8.GetString(reader.Payload));
        Assert.True(frame.Length < text.Length / 10);
    }

    [Fact]
    public void Compressed_Bomb_StopsAtTheLimit()
    {
        // 1 MB of blanks in about a kilobyte.
        var frame = SharedMessageFrame(new string(' ', 1_000_000));
        var reader = new FrameReader(Limit, compression: true);
        var buffer = new ReadOnlySequence<byte>(frame);

        Assert.True(frame.Length < 10_000);
        Assert.Equal(FrameKind.Fault, reader.Read(ref buffer));
        Assert.Equal(1009, reader.Code);
    }

    [Fact]
    public void Compressed_ExactlyAtTheLimit_IsTaken()
    {
        var reader = new FrameReader(Limit, compression: true);
        var buffer = new ReadOnlySequence<byte>(SharedMessageFrame(new string('z', Limit)));

        Assert.Equal(FrameKind.Message, reader.Read(ref buffer));
        Assert.Equal(Limit, reader.Payload.Length);
    }

    [Fact]
    public void Compressed_Garbage_IsAFault()
    {
        var reader = new FrameReader(Limit, compression: true);
        var buffer = new ReadOnlySequence<byte>(ClientFrames.Frame(Opcode.Text, [0xFF, 0xFF, 0xFF, 0xFF], reserved: 0x40));

        Assert.Equal(FrameKind.Fault, reader.Read(ref buffer));
        Assert.Equal(1007, reader.Code);
    }

    [Fact]
    public void Masking_OfEveryLength_IsItsOwnInverse()
    {
        var random = new Random(5);
        for (var length = 0; length < 200; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            var masked = bytes.ToArray();
            Masking.Apply(masked, 0x8899AABB);
            Assert.Equal(bytes.Select((b, i) => (byte)(b ^ (0x8899AABB >> ((i & 3) * 8)))), masked);
        }
    }

    /// <summary>A message compressed by our own sender, masked as a client would.</summary>
    private static byte[] SharedMessageFrame(string text)
    {
        var compressed = Deflation.Frame(Encoding.UTF8.GetBytes(text), Opcode.Text, int.MaxValue)!;
        var header = compressed[1] < 126 ? 2 : 4;
        return ClientFrames.Frame(Opcode.Text, compressed[header..], reserved: 0x40);
    }
}
