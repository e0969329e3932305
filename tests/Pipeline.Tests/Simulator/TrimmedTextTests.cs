using System.Text;
using Pipeline.Simulator.World;

namespace Pipeline.Tests.Simulator;

public sealed class TrimmedTextTests
{
    [Theory]
    [InlineData("0", 8, "0")]
    [InlineData("1", 8, "0.00000001")]
    [InlineData("-9123450000000", 8, "-91234.5")]
    [InlineData("100000000", 8, "1")]
    [InlineData("1230000000000", 8, "12300")]
    [InlineData("9123456000000", 17, "0.00009123456")]
    [InlineData("-5", 4, "-0.0005")]
    [InlineData("70", 0, "70")]
    [InlineData("170141183460469231731687303715884105727", 8, "1701411834604692317316873037158.84105727")]
    public void Write_OfAValue_HasNoZerosAtTheEnd(string value, int scale, string text)
    {
        var target = new byte[TrimmedText.Longest];

        var length = TrimmedText.Write(Int128.Parse(value, null), scale, target);

        Assert.Equal(text, Encoding.ASCII.GetString(target.AsSpan(0, length)));
    }
}
