using Pipeline.Simulator.World;

namespace Pipeline.Tests.Simulator;

public sealed class KlineIntervalTests
{
    private const long Hour = 3600 * UnixTime.Second;

    // Sunday 2026-11-15T12:34:56Z.
    private static readonly long Time = At(2026, 11, 15, 12) + (2096 * UnixTime.Second);

    [Theory]
    [InlineData("8h", 0, 15, 8)]
    [InlineData("1d", 0, 15, 0)]
    [InlineData("1d", 8, 14, 16)]
    [InlineData("1w", 0, 9, 0)]
    [InlineData("1M", 0, 1, 0)]
    public void OpenOf_Interval_AlignsAsTheVenueDoes(string name, int zone, int day, int hour)
    {
        var interval = KlineInterval.Longer.Single(each => each.Name == name);
        var open = interval.OpenOf(Time, zone * Hour);

        Assert.Equal(At(2026, 11, day, hour), open);
        Assert.Equal(interval.NextOpen(open, zone * Hour), interval.OpenOf(interval.NextOpen(open, zone * Hour), zone * Hour));
    }

    [Fact]
    public void NextOpen_OfNovember_IsDecember() =>
        Assert.Equal(At(2026, 12, 1, 0), KlineInterval.Longer[^1].NextOpen(At(2026, 11, 1, 0), 0));

    private static long At(int year, int month, int day, int hour) =>
        new DateTimeOffset(year, month, day, hour, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() * UnixTime.Millisecond;
}
