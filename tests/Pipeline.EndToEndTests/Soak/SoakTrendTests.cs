namespace Pipeline.EndToEndTests.Soak;

public sealed class SoakTrendTests
{
    private const double Megabyte = 1 << 20;

    [Fact]
    public void Growth_OfASawToothWithASpike_IsHardlyAny()
    {
        var samples = Enumerable.Range(0, 400).Select(i => (i * 5.0, (100 + (i % 37) + (i == 250 ? 900 : 0)) * Megabyte)).ToList();

        // Of teeth of 37 MB.
        Assert.InRange(SoakTrend.Growth(samples) / Megabyte, -4, 4);
    }

    [Fact]
    public void Growth_OfALeakBehindTheSawTooth_IsTheLeak()
    {
        var samples = Enumerable.Range(0, 1440).Select(i => (i * 2.5, (100 + (i % 37) + (i / 60.0)) * Megabyte)).ToList();

        Assert.InRange(SoakTrend.Growth(samples) / Megabyte, 23, 25);
    }

    [Fact]
    public void FloorGrowth_OfAPoolThatTakesAndGivesBack_IsNone()
    {
        // Busier towards the end: the trend rises, the floor does not.
        var samples = Enumerable.Range(0, 48).Select(i => (i * 2.5, 25.0 + (i % 8 == 0 ? 0 : i / 12))).ToList();

        Assert.True(SoakTrend.Growth(samples) > 2);
        Assert.Equal(0, SoakTrend.FloorGrowth(samples));
    }

    [Fact]
    public void FloorGrowth_OfALeakOfOneEachHalfMinute_IsTheLeak()
    {
        var samples = Enumerable.Range(0, 48).Select(i => (i * 2.5, 25.0 + (i % 5) + (i / 12))).ToList();

        Assert.InRange(SoakTrend.FloorGrowth(samples), 2, 4);
    }

    [Fact]
    public void FloorGrowth_OfOneSample_IsNone() => Assert.Equal(0, SoakTrend.FloorGrowth([(1, 5)]));

    [Fact]
    public void Growth_OfOneSample_IsNone() => Assert.Equal(0, SoakTrend.Growth([(1, 5)]));
}
