using System.Globalization;
using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Scanning;

namespace Pipeline.Tests.Venues.Scanning;

public sealed class FrameScannerTests
{
    private const string DecimalBytes = "0000123456789.";

    [Theory]
    [InlineData("0")]
    [InlineData("0.00")]
    [InlineData("100.00")]
    [InlineData("91234.56000000")]
    [InlineData("0.00150000")]
    [InlineData("12345678901234.5")]
    [InlineData("123456789012345")]
    [InlineData("1657741234.56000000")]
    [InlineData("0.000000000000000001")]
    public void Decimal_Plain_IsReadToItsQuote(string text) => AssertDecimal(text, isTaken: true);

    [Theory]
    [InlineData("")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1.2.3")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1e5")]
    [InlineData("1/5")]
    [InlineData("1:5")]
    [InlineData("1 ")]
    [InlineData("1234567890123456789")]
    public void Decimal_AnythingElse_IsLeft(string text) => AssertDecimal(text, isTaken: false);

    [Fact]
    public void Decimal_RandomText_IsTakenExactlyWhenItIsANumber()
    {
        var random = new Random(5);
        for (var i = 0; i < 200_000; i++)
        {
            var text = string.Create(random.Next(1, 24), random, (span, source) =>
            {
                foreach (ref var c in span)
                {
                    c = DecimalBytes[source.Next(DecimalBytes.Length)];
                }
            });
            AssertDecimal(text, Number.TryParse(text, out _));
        }
    }

    [Fact]
    public void Integer_RandomText_IsTakenUpToEighteenDigits()
    {
        var random = new Random(6);
        for (var i = 0; i < 100_000; i++)
        {
            var text = random.NextInt64(1_000_000_000_000_000_000).ToString("D18", CultureInfo.InvariantCulture)[^random.Next(1, 19)..];
            var isNumber = text.Length == 1 || text[0] != '0';
            var scan = new FrameScanner(Padded(text + ","));
            var value = scan.Integer();
            Assert.Equal(isNumber, scan.Ok);
            if (isNumber)
            {
                Assert.Equal((long.Parse(text, CultureInfo.InvariantCulture), text.Length), (value, scan.At));
            }
        }
    }

    [Theory]
    [InlineData("1234567890123456789")]
    [InlineData("012")]
    [InlineData("-1")]
    [InlineData("x")]
    public void Integer_AnythingElse_IsLeft(string text)
    {
        var scan = new FrameScanner(Padded(text));
        scan.Integer();
        Assert.False(scan.End);
    }

    [Fact]
    public void Levels_CutAnywhere_AreLeft()
    {
        const string Levels = """[["1.5","2"],["3","4.25"],["5","0"]]""";
        for (var length = 0; length <= Levels.Length; length++)
        {
            // What lies behind the frame in its slab goes on as if it belonged to it.
            var scan = new FrameScanner(Padded(Levels)[..length]);
            var levels = new ValueList<BookLevel>();
            var count = scan.Levels(levels);
            Assert.Equal(length == Levels.Length, scan.End && count == 3);
        }
    }

    [Theory]
    [InlineData("[]", 0)]
    [InlineData("""[["1","2"]]""", 1)]
    [InlineData("""[["1","2","0","4"],["3","4","0","12345678"]]""", 2)]
    [InlineData("""[["1","2","0"],["3","4","1","2","x"]]""", 2)]
    [InlineData("""[["1","2","0",""]]""", -1)]
    [InlineData("""[["1"]]""", -1)]
    [InlineData("""[["1","2","0","4"],]""", -1)]
    public void WideLevels_AnyFurtherMembers_ArePassedOver(string text, int expected)
    {
        var scan = new FrameScanner(Padded(text));
        var count = scan.WideLevels(new ValueList<BookLevel>());
        Assert.Equal(expected, scan.End ? count : -1);
    }

    private static void AssertDecimal(string text, bool isTaken)
    {
        var scan = new FrameScanner(Padded(text + "\""));
        var number = scan.Decimal();
        Assert.Equal((text, isTaken), (text, scan.End));
        if (isTaken)
        {
            Assert.Equal(Number.Parse(text), number);
        }
    }

    private static ReadOnlySpan<byte> Padded(string frame) =>
        Encoding.ASCII.GetBytes(frame + new string('9', FrameSlab.Padding)).AsSpan(0, frame.Length);
}
