using System.Text;
using Pipeline.Kafka.Partitioning;

namespace Pipeline.Tests.Kafka;

public sealed class Murmur2Tests
{
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void Hash_VectorsOfTheJavaClient_AreReproduced(string text, int expected) =>
        Assert.Equal(expected, Murmur2.Hash(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Hash_BytesAbove127_AreUnsigned() =>
        Assert.NotEqual(Murmur2.Hash([0x7f, 0x01, 0x02]), Murmur2.Hash([0xff, 0x01, 0x02]));
}
