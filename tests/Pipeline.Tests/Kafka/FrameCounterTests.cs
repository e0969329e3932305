using System.Buffers.Binary;
using Pipeline.Kafka.Embedded;

namespace Pipeline.Tests.Kafka;

public sealed class FrameCounterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Add_AnyCutting_CountsWholeFrames(int pieces)
    {
        var stream = Frames(10, 0, 1, 300, 4);
        var counter = default(FrameCounter);
        for (var at = 0; at < stream.Length; at += pieces)
        {
            counter.Add(stream.AsSpan(at, Math.Min(pieces, stream.Length - at)));
        }

        Assert.Equal(5, counter.Frames);
    }

    [Fact]
    public void Add_FrameWithoutItsLastByte_DoesNotCount()
    {
        var stream = Frames(10);
        var counter = default(FrameCounter);
        counter.Add(stream.AsSpan(0, stream.Length - 1));
        Assert.Equal(0, counter.Frames);
        counter.Add(stream.AsSpan(stream.Length - 1));
        Assert.Equal(1, counter.Frames);
    }

    private static byte[] Frames(params int[] lengths)
    {
        var stream = new List<byte>();
        foreach (var length in lengths)
        {
            var frame = new byte[sizeof(int) + length];
            BinaryPrimitives.WriteInt32BigEndian(frame, length);
            stream.AddRange(frame);
        }

        return [.. stream];
    }
}
