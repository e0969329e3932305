using System.Text;
using Pipeline.SocketIo.Packets;

namespace Pipeline.SocketIo.Tests.SocketIo;

public sealed class IoArgumentsTests
{
    [Fact]
    public void Values_OfEveryKind_AreEncoded()
    {
        var arguments = IoArguments.Of("a\"b€", 5, 1.5, true, IoValue.Null, IoValue.Json("{\"x\":1}"u8.ToArray()), new byte[] { 1, 2 }, new byte[] { 3 });

        Assert.Equal(
            """
            "a\"b€",5,1.5,true,null,{"x":1},{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}
            """,
            Encoding.UTF8.GetString(arguments.Json.Span));
        Assert.Equal(8, arguments.Count);
        Assert.Equal("a\"b€", arguments.GetString(0));
        Assert.Equal(1.5, arguments.GetJson(2).GetDouble());
        Assert.True(arguments.TryGetBinary(7, out var bytes));
        Assert.Equal([3], bytes.ToArray());
        Assert.False(arguments.TryGetBinary(5, out _));
        Assert.Null(arguments.GetString(1));
        Assert.True(arguments.GetRaw(8).IsEmpty);
    }

    [Theory]
    [InlineData("foo", "42[\"foo\",1]")]
    [InlineData("f\"o", "42[\"f\\\"o\",1]")]
    [InlineData("é", "42[\"é\",1]")]
    public void Event_Encoded_IsAsDocumented(string name, string expected) =>
        Assert.Equal(expected, Encode(PacketEncoder.Event([], name, IoArguments.Of(1))));

    [Fact]
    public void Event_WithEverything_IsAsDocumented()
    {
        var prefix = "/admin,"u8.ToArray();
        var message = PacketEncoder.Event(prefix, "baz", IoArguments.Of(new byte[] { 1, 2 }), id: 12, offset: "77");

        Assert.Equal("451-/admin,12[\"baz\",{\"_placeholder\":true,\"num\":0},\"77\"]", Encode(message));
        Assert.Equal(2, message.Parts!.Count);
        Assert.Equal("42/admin,[\"baz\"]", Encode(PacketEncoder.Event(prefix, "baz", IoArguments.None)));
        Assert.Equal("42[\"baz\",\"1\"]", Encode(PacketEncoder.Event([], "baz", IoArguments.None, offset: "1")));
        Assert.Equal("43/admin,13[\"bar\"]", Encode(PacketEncoder.Ack(prefix, IoArguments.Of("bar"), 13)));
        Assert.Equal("4313[]", Encode(PacketEncoder.Ack([], IoArguments.None, 13)));
        Assert.Equal("461-15[{\"_placeholder\":true,\"num\":0}]", Encode(PacketEncoder.Ack([], IoArguments.Of(new byte[] { 1 }), 15)));
    }

    private static string Encode(Fanout.SharedMessage message) => Encoding.UTF8.GetString(message.Payload.Span);
}
