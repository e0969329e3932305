using Pipeline.Core.Feeds;

namespace Pipeline.Tests.Feeds;

public sealed class WireMeterTests
{
    [Fact]
    public void BytesPerSecond_SteadyTraffic_IsItsRateFromTheFirstSecondOn()
    {
        var meter = new WireMeter();
        for (var tenth = 0; tenth <= 600; tenth++)
        {
            meter.Add(1_000, At(tenth / 10d));
            if (tenth >= 20)
            {
                Assert.InRange(meter.BytesPerSecond(At(tenth / 10d)), 9_900, 10_600);
            }
        }

        Assert.Equal(10_000, meter.BytesPerSecond(At(60.1)), 100d);
    }

    [Fact]
    public void BytesPerSecond_OfABurst_SlidesOutWithinTenSeconds()
    {
        var meter = new WireMeter();
        meter.Add(0, At(0));
        meter.Add(100_000, At(20.5));

        Assert.Equal(
            [10_000, 10_000, 10_000, 5_000, 0, 0],
            new[] { 20.5, 25, 30, 30.5, 31, 100 }.Select(now => meter.BytesPerSecond(At(now))));
    }

    [Fact]
    public void Add_TellsTheFirstOfEachSecond()
    {
        var meter = new WireMeter();

        Assert.Equal(
            [false, false, true, false, true, true],
            new[] { 0.1, 0.9, 1, 1.99, 2.5, 700 }.Select(now => meter.Add(1, At(now))));
    }

    [Theory]
    [InlineData(9.99, false)]
    [InlineData(10, true)]
    public void IsFull_TenSecondsAfterTheFirstByte(double now, bool expected)
    {
        var meter = new WireMeter();
        Assert.False(meter.IsFull(At(100)));
        meter.Add(1, At(5));

        Assert.Equal(expected, meter.IsFull(At(5 + now)));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
