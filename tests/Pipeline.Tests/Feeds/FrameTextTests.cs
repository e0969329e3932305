using System.Text;
using Pipeline.Core.Feeds;

namespace Pipeline.Tests.Feeds;

public sealed class FrameTextTests
{
    [Fact]
    public void Show_OrdinaryText_IsItself() => Assert.Equal("Pong timeout {\"ä\":1} 币", FrameText.Show("Pong timeout {\"ä\":1} 币"u8));

    [Fact]
    public void Show_ControlsAndInvalidBytes_CanDoNothingToALog() =>
        Assert.Equal("a\\u000d\\u000ab\\u001b[31m\\u0000\\u2028\\u202e\uFFFDc", FrameText.Show([.. "a\r\nb\u001b[31m\0\u2028\u202e"u8, 0xFF, (byte)'c']));

    [Theory]
    [InlineData(256, 256)]
    [InlineData(257, 256)]
    [InlineData(100_000, 256)]
    public void Show_IsTheFirst256Bytes(int bytes, int shown) => Assert.Equal(new string('x', shown), FrameText.Show(new string('x', bytes).Select(c => (byte)c).ToArray()));

    [Fact]
    public void Show_DoesNotCutACharacter()
    {
        var frame = Encoding.UTF8.GetBytes(new string('x', 254) + "币安");

        Assert.Equal(new string('x', 254), FrameText.Show(frame));
    }
}
