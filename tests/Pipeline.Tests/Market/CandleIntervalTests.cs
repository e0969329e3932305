using Pipeline.Core.Market;

namespace Pipeline.Tests.Market;

public sealed class CandleIntervalTests
{
    [Theory]
    [InlineData("1m", "1m")]
    [InlineData("m1", "1m")]
    [InlineData("s30", "30s")]
    [InlineData("1", "1m")]
    [InlineData("60", "1h")]
    [InlineData("240", "4h")]
    [InlineData("1S", "1s")]
    [InlineData("D", "1d")]
    [InlineData("1D", "1d")]
    [InlineData("1Dutc", "1d")]
    [InlineData("1W", "1w")]
    [InlineData("d1", "1d")]
    [InlineData("4H", "4h")]
    public void TryParse_AnySpelling_FindsTheInterval(string text, string name)
    {
        Assert.True(CandleInterval.TryParse(text, out var interval));
        Assert.Equal(name, interval.Name);
    }

    [Theory]
    [InlineData("1M")]
    [InlineData("7m")]
    [InlineData("")]
    [InlineData("s")]
    [InlineData(null)]
    public void TryParse_NoInterval_IsRefused(string? text) => Assert.False(CandleInterval.TryParse(text, out _));

    [Fact]
    public void OpenOf_Week_BeginsOnMonday()
    {
        var week = CandleInterval.Parse("1w");
        var wednesday = new DateTimeOffset(2023, 4, 5, 13, 0, 0, TimeSpan.Zero);
        Assert.Equal(new DateTimeOffset(2023, 4, 3, 0, 0, 0, TimeSpan.Zero), MarketTime.ToInstant(week.OpenOf(MarketTime.From(wednesday))));
    }

    [Fact]
    public void OpenOf_BeforeTheEpoch_RoundsDown() => Assert.Equal(-60_000_000, CandleInterval.Parse("1m").OpenOf(-1));

    [Fact]
    public void OpenOf_OnTheBoundary_OpensThere() => Assert.Equal(120_000_000, CandleInterval.Parse("1m").OpenOf(120_000_000));
}
