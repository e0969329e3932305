using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Pipeline.SocketIo.Packets;

namespace Pipeline.SocketIo.Tests.SocketIo;

public sealed class PayloadReaderTests
{
    private static readonly PacketLimits Limits = new();

    [Theory]
    [InlineData("[\"foo\"]", "foo", new string[0])]
    [InlineData("[\"foo\",1,\"2\",{\"3\":[true]}]", "foo", new[] { "1", "\"2\"", "{\"3\":[true]}" })]
    [InlineData("[ \"foo\" , [ 1 , 2 ] , null ]", "foo", new[] { "[ 1 , 2 ]", "null" })]
    [InlineData("[\"f\\u006fo\",-1.5e3]", "foo", new[] { "-1.5e3" })]
    [InlineData("[\"\",true]", "", new[] { "true" })]
    [InlineData("[7,true]", "7", new[] { "true" })]
    [InlineData("[\"€\"]", "€", new string[0])]
    public void Event_Valid_ShowsNameAndPlaces(string json, string name, string[] arguments)
    {
        Assert.True(PayloadReader.TryReadEvent(Encoding.UTF8.GetBytes(json), 0, Limits, out var read, out var places));

        Assert.Equal(name, read);
        Assert.Equal(arguments, places.Select(place => Encoding.UTF8.GetString(place.Span)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"foo\"")]
    [InlineData("[{}]")]
    [InlineData("[null]")]
    [InlineData("[true,1]")]
    [InlineData("[[\"foo\"]]")]
    [InlineData("[\"foo\"")]
    [InlineData("[\"foo\"]]")]
    [InlineData("[\"foo\"] 1")]
    [InlineData("[\"foo\",]")]
    [InlineData("[\"foo\" 1]")]
    [InlineData("[\"foo\",01]")]
    [InlineData("[\"foo\",\"\u001e\"]")]
    [InlineData("['foo']")]
    [InlineData("[\"foo\"/**/]")]
    [InlineData("[\"connect\"]")]
    [InlineData("[\"connect_error\"]")]
    [InlineData("[\"disconnect\"]")]
    [InlineData("[\"disconnecting\"]")]
    [InlineData("[\"newListener\"]")]
    [InlineData("[\"remov\\u0065Listener\"]")]
    [InlineData("[\"\\ud800\"]")]
    public void Event_Malformed_IsNone(string json) =>
        Assert.False(PayloadReader.TryReadEvent(Encoding.UTF8.GetBytes(json), 0, Limits, out _, out _));

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    [InlineData(5_000, false)]
    public void Event_Deep_IsNoneBeyondTheLimit(int depth, bool valid)
    {
        var json = "[\"a\"," + new string('[', depth) + new string(']', depth) + "]";

        Assert.Equal(valid, PayloadReader.TryReadEvent(Encoding.UTF8.GetBytes(json), 0, Limits, out _, out _));
        Assert.Equal(valid, PayloadReader.TryReadEvent(Encoding.UTF8.GetBytes(json), 1, Limits, out _, out _));
    }

    [Theory]
    [InlineData("[\"a\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]", true)]
    [InlineData("[\"a\",{\"x\":[{\"num\":1,\"_placeholder\":true}]}]", true)]
    [InlineData("[\"a\",{\"_placeholder\":false,\"num\":9}]", true)]
    [InlineData("[\"a\",{\"num\":9}]", true)]
    [InlineData("[\"a\",{\"_placeholder\":true,\"num\":2}]", false)]
    [InlineData("[\"a\",{\"_placeholder\":true,\"num\":-1}]", false)]
    [InlineData("[\"a\",{\"_placeholder\":true,\"num\":0.5}]", false)]
    [InlineData("[\"a\",{\"_placeholder\":true,\"num\":\"0\"}]", false)]
    [InlineData("[\"a\",{\"_placeholder\":true}]", false)]
    [InlineData("[\"a\",{\"x\":[{\"_placeholder\":true,\"num\":2}]}]", false)]
    public void Placeholder_OfNoAttachment_IsNone(string json, bool valid) =>
        Assert.Equal(valid, PayloadReader.TryReadEvent(Encoding.UTF8.GetBytes(json), 2, Limits, out _, out _));

    [Fact]
    public void Event_TooManyArgumentsOrTooLongAName_IsNone()
    {
        var many = "[\"a\"" + string.Concat(Enumerable.Repeat(",1", Limits.MaxArguments + 1)) + "]";
        var enough = "[\"a\"" + string.Concat(Enumerable.Repeat(",1", Limits.MaxArguments)) + "]";
        var name = "[\"" + new string('x', Limits.MaxEventNameBytes + 1) + "\"]";

        Assert.False(PayloadReader.TryReadEvent(Encoding.UTF8.GetBytes(many), 0, Limits, out _, out _));
        Assert.True(PayloadReader.TryReadEvent(Encoding.UTF8.GetBytes(enough), 0, Limits, out _, out _));
        Assert.False(PayloadReader.TryReadEvent(Encoding.UTF8.GetBytes(name), 0, Limits, out _, out _));
    }

    [Fact]
    public void Bytes_AtRandom_NeverThrow_AndAreReadAsTheyStand()
    {
        var (read, refused) = (0, 0);
        var random = new Random(7);
        var seed = Encoding.UTF8.GetBytes("[\"a\",{\"_placeholder\":true,\"num\":0},[1,\"x\\u00e9\"],null]");
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = seed.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var cut = bytes.AsMemory(0, random.Next(bytes.Length + 1));
            if (PacketDecoder.TryDecode(cut, Limits, out var packet))
            {
                PayloadReader.TryReadEvent(packet.Payload, packet.Attachments, Limits, out _, out _);
            }

            if (PayloadReader.TryReadEvent(cut, 1, Limits, out var name, out var arguments))
            {
                AssertRead(cut, name, arguments);
                read++;
            }
            else
            {
                refused++;
            }
        }

        Assert.True(read > 100 && refused > 1_000, $"{read} read, {refused} refused");
    }

    /// <summary>As the framework's own reader has it.</summary>
    private static void AssertRead(ReadOnlyMemory<byte> json, string name, ReadOnlyMemory<byte>[] arguments)
    {
        using var document = JsonDocument.Parse(json);
        var elements = document.RootElement.EnumerateArray().ToList();
        var first = JsonMarshal.GetRawUtf8Value(elements[0]);
        if (Utf8.IsValid(first))
        {
            Assert.Equal(elements[0].ValueKind == JsonValueKind.String ? elements[0].GetString() : Encoding.ASCII.GetString(first), name);
        }

        Assert.Equal(elements.Count - 1, arguments.Length);
        for (var i = 0; i < arguments.Length; i++)
        {
            Assert.True(JsonMarshal.GetRawUtf8Value(elements[i + 1]).SequenceEqual(arguments[i].Span), Encoding.UTF8.GetString(json.Span));
        }
    }
}
