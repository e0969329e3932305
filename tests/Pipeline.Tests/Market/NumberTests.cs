using System.Globalization;
using System.Text;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Market;

public sealed class NumberTests
{
    [Theory]
    [InlineData("28165.47000000", "28165.47")]
    [InlineData("0.00056000", "0.00056")]
    [InlineData("0.00000000", "0")]
    [InlineData("100", "100")]
    [InlineData("100.0", "100")]
    [InlineData("-1.50", "-1.5")]
    [InlineData("-0.0", "0")]
    [InlineData("0.000000000000000000000123456789", "0.000000000000000000000123456789")]
    [InlineData("999999999999999999", "999999999999999999")]
    [InlineData("007.10", "7.1")]
    public void TryParse_DecimalText_KeepsTheValueAndTrimsZeros(string text, string expected)
    {
        Assert.True(Number.TryParse(text, out var number));
        Assert.Equal(expected, number.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1e5")]
    [InlineData("1,5")]
    [InlineData(" 1")]
    [InlineData("1.2.3")]
    [InlineData("0x1f")]
    [InlineData("NaN")]
    [InlineData("1000000000000000000")]
    [InlineData("1.0000000000000000001")]
    [InlineData("12.x0")]
    public void TryParse_NoExactDecimal_IsRefused(string text) => Assert.False(Number.TryParse(text, out _));

    [Fact]
    public void TryParse_RandomDecimals_AgreesWithSystemDecimal()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var scale = random.Next(0, 12);
            var value = new decimal(random.Next(), random.Next(1 << 20), 0, random.Next(2) == 0, (byte)scale);
            var text = value.ToString(CultureInfo.InvariantCulture);
            Assert.True(Number.TryParse(text, out var number), text);
            Assert.Equal(value, decimal.Parse(number.ToString(), CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    [InlineData("1.10", "1.1", 0)]
    [InlineData("1.1", "1.09", 1)]
    [InlineData("-2", "-1.5", -1)]
    [InlineData("0.000000000000000000000000000000001", "900000000000000000", -1)]
    [InlineData("-0.000000000000000000000000000000001", "900000000000000000", -1)]
    [InlineData("0", "0.000000000000000000000000000000001", -1)]
    public void CompareTo_DifferentScales_ComparesValues(string left, string right, int expected) =>
        Assert.Equal(expected, Math.Sign(Number.Parse(left).CompareTo(Number.Parse(right))));

    [Fact]
    public void Equality_SameValueOtherText_IsEqual() => Assert.Equal(Number.Parse("1.500"), Number.Parse("1.5"));

    [Fact]
    public void WideNumber_RandomSumsAndProducts_AgreeWithSystemDecimal()
    {
        var random = new Random(11);
        var sum = WideNumber.Zero;
        var expected = 0m;
        for (var i = 0; i < 10_000; i++)
        {
            var price = new Number(random.Next(1, 1_000_000_000), random.Next(0, 8));
            var quantity = new Number(random.Next(1, 1_000_000), random.Next(0, 8));
            Assert.True(WideNumber.TryAdd(sum, WideNumber.Multiply(price, quantity), out sum));
            expected += decimal.Parse(price.ToString(), CultureInfo.InvariantCulture) * decimal.Parse(quantity.ToString(), CultureInfo.InvariantCulture);
        }

        Assert.Equal(expected, decimal.Parse(sum.ToString(), CultureInfo.InvariantCulture));
    }

    [Fact]
    public void WideNumber_SumBeyond128Bits_IsRefused()
    {
        var large = new WideNumber(Int128.MaxValue, 0);
        Assert.False(WideNumber.TryAdd(large, new WideNumber(1, 0), out _));
        Assert.False(WideNumber.TryAdd(large, new WideNumber(1, 5), out _));
    }

    [Fact]
    public void WideNumber_ProductBeyondItsBounds_IsRefused()
    {
        var large = new WideNumber(Int128.MaxValue / 10, 0);
        Assert.True(WideNumber.TryMultiply(large, new Number(10, 0), out var product));
        Assert.Equal(new WideNumber(Int128.MaxValue / 10 * 10, 0), product);
        Assert.False(WideNumber.TryMultiply(large, new Number(11, 0), out _));
        Assert.False(WideNumber.TryMultiply(new WideNumber(1, 72), new Number(1, 1), out _));
    }

    [Theory]
    [InlineData("1234567890123456789.5", "1234567890123456789.5")]
    [InlineData("-0012345678901234567890.1230", "-12345678901234567890.123")]
    [InlineData("99999999999999999999999999999999999999", "99999999999999999999999999999999999999")]
    [InlineData("0.5", "0.5")]
    [InlineData("100000000000000000000000000000000000000", null)]
    [InlineData("12345678901234567890.", null)]
    [InlineData(".12345678901234567890", null)]
    [InlineData("1.2.3", null)]
    [InlineData("1234567890123456789e3", null)]
    [InlineData("1234567890.1234567890.12", null)]
    [InlineData("-", null)]
    [InlineData("", null)]
    public void WideNumber_Text_IsReadExactlyOrRefused(string text, string? value)
    {
        var isNumber = WideNumber.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out var number);
        Assert.Equal(value, isNumber ? number.ToString() : null);
    }

    [Fact]
    public void TryFormat_TooLittleRoom_SaysSo()
    {
        Span<byte> room = stackalloc byte[3];
        Assert.False(Number.Parse("12.5").TryFormat(room, out var written));
        Assert.Equal(0, written);
        Span<byte> enough = stackalloc byte[4];
        Assert.True(Number.Parse("12.5").TryFormat(enough, out written));
        Assert.Equal("12.5", Encoding.ASCII.GetString(enough[..written]));
    }
}
