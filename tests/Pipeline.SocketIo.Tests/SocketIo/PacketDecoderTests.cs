using System.Text;
using Pipeline.SocketIo.Packets;

namespace Pipeline.SocketIo.Tests.SocketIo;

public sealed class PacketDecoderTests
{
    private static readonly PacketLimits Limits = new();

    [Theory]
    [InlineData("0", 0, 0, "/", -1, "")]
    [InlineData("0{\"a\":1}", 0, 0, "/", -1, "{\"a\":1}")]
    [InlineData("0/admin,{\"a\":1}", 0, 0, "/admin", -1, "{\"a\":1}")]
    [InlineData("0/admin", 0, 0, "/admin", -1, "")]
    [InlineData("0/admin?token=1,", 0, 0, "/admin?token=1", -1, "")]
    [InlineData("1/admin,", 1, 0, "/admin", -1, "")]
    [InlineData("2[\"foo\"]", 2, 0, "/", -1, "[\"foo\"]")]
    [InlineData("212[\"foo\"]", 2, 0, "/", 12, "[\"foo\"]")]
    [InlineData("3/admin,13[\"bar\"]", 3, 0, "/admin", 13, "[\"bar\"]")]
    [InlineData("51-[\"baz\",{\"_placeholder\":true,\"num\":0}]", 5, 1, "/", -1, "[\"baz\",{\"_placeholder\":true,\"num\":0}]")]
    [InlineData("52-/admin,[\"baz\"]", 5, 2, "/admin", -1, "[\"baz\"]")]
    [InlineData("61-15[\"bar\"]", 6, 1, "/", 15, "[\"bar\"]")]
    [InlineData("52-/admin,7[\"baz\"]", 5, 2, "/admin", 7, "[\"baz\"]")]
    public void Packet_AsDocumented_IsTakenApart(string text, int type, int attachments, string name, long id, string payload)
    {
        Assert.True(PacketDecoder.TryDecode(Encoding.UTF8.GetBytes(text), Limits, out var packet));

        Assert.Equal(
            (type, attachments, name, id, payload),
            ((int)packet.Type, packet.Attachments, Encoding.UTF8.GetString(packet.Namespace.Span), packet.Id, Encoding.UTF8.GetString(packet.Payload.Span)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("abc")]
    [InlineData("5[\"a\"]")]
    [InlineData("50-[\"a\"]")]
    [InlineData("5-1-[\"a\"]")]
    [InlineData("5+1-[\"a\"]")]
    [InlineData("511-[\"a\"]")]
    [InlineData("599999999999-[\"a\"]")]
    [InlineData("51")]
    [InlineData("51.5-[\"a\"]")]
    [InlineData("0/a\u001eb,")]
    [InlineData("21234567890123456[\"a\"]")]
    public void Packet_Malformed_IsNone(string text) =>
        Assert.False(PacketDecoder.TryDecode(Encoding.UTF8.GetBytes(text), Limits, out _));

    [Fact]
    public void Namespace_TooLong_IsNone() =>
        Assert.False(PacketDecoder.TryDecode(Encoding.UTF8.GetBytes("0/" + new string('x', 128)), Limits, out _));
}
