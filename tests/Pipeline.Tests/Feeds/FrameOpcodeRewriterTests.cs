using System.Text;
using Pipeline.Core.Feeds.Transport;
using Pipeline.TestKit.Feeds;

namespace Pipeline.Tests.Feeds;

public sealed class FrameOpcodeRewriterTests
{
    private const string Accepted = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(4096)]
    [InlineData(int.MaxValue)]
    public void Process_InPortionsOfAnySize_ChangesOnlyTextOpcodes(int portion)
    {
        var input = Script(LoopbackPeer.Text);
        var expected = Script(LoopbackPeer.Binary);

        Run(input, portion);

        Assert.Equal(expected, input);
    }

    [Fact]
    public void Process_InRandomPortions_ChangesOnlyTextOpcodes()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var input = Script(LoopbackPeer.Text);
            var rewriter = new FrameOpcodeRewriter();
            for (var at = 0; at < input.Length;)
            {
                var size = Math.Min(random.Next(0, 200), input.Length - at);
                rewriter.Process(input.AsSpan(at, size));
                at += size;
            }

            Assert.Equal(Script(LoopbackPeer.Binary), input);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 403 Forbidden\r\n\r\n")]
    public void Process_OfAnotherAnswer_ChangesNothing(string answer)
    {
        byte[] input = [.. Encoding.ASCII.GetBytes(answer), .. LoopbackPeer.Frame(LoopbackPeer.Text, "not ours"u8)];
        var before = input.ToArray();

        Run(input, 5);

        Assert.Equal(before, input);
    }

    [Fact]
    public void Process_OfMaskedFrames_KeepsItsPosition()
    {
        byte[] masked = [0x81, 0x83, 1, 2, 3, 4, 0x81, 0x81, 0x81];
        byte[] input = [.. Encoding.ASCII.GetBytes(Accepted), .. masked, .. LoopbackPeer.Frame(LoopbackPeer.Text, "x"u8)];

        Run(input, 1);

        Assert.Equal([0x82, 0x83, 1, 2, 3, 4, 0x81, 0x81, 0x81, 0x82, 0x01, (byte)'x'], input[Accepted.Length..]);
    }

    /// <summary>Every kind of frame and length form, payloads that look like headers, a fragmented message with a ping within.</summary>
    private static byte[] Script(byte text)
    {
        var decoy = Enumerable.Repeat((byte)0x81, 70_000).ToArray();
        return
        [
            .. Encoding.ASCII.GetBytes(Accepted),
            .. LoopbackPeer.Frame(text, "a"u8),
            .. LoopbackPeer.Frame(text, ""u8),
            .. LoopbackPeer.Frame(LoopbackPeer.Ping, "1794900000123"u8),
            .. LoopbackPeer.Frame(text, decoy.AsSpan(0, 125)),
            .. LoopbackPeer.Frame(text, decoy.AsSpan(0, 126)),
            .. LoopbackPeer.Frame(text, decoy.AsSpan(0, 65_535)),
            .. LoopbackPeer.Frame(text, decoy.AsSpan(0, 65_536)),
            .. LoopbackPeer.Frame(LoopbackPeer.Binary, decoy),
            .. LoopbackPeer.Frame(text, "first "u8, fin: false),
            .. LoopbackPeer.Frame(LoopbackPeer.Continuation, "second "u8, fin: false),
            .. LoopbackPeer.Frame(LoopbackPeer.Ping, ""u8),
            .. LoopbackPeer.Frame(LoopbackPeer.Continuation, "third"u8),
            .. LoopbackPeer.CloseFrame(1000, "bye"),
        ];
    }

    private static void Run(byte[] bytes, int portion)
    {
        var rewriter = new FrameOpcodeRewriter();
        for (var at = 0; at < bytes.Length; at += Math.Min(portion, bytes.Length))
        {
            rewriter.Process(bytes.AsSpan(at, Math.Min(portion, bytes.Length - at)));
        }
    }
}
