using Pipeline.Core.Time;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Time;

public sealed class ScaledTimeProviderTests
{
    private readonly TestTimeProvider _inner = new();

    [Fact]
    public void GetUtcNow_AgreesAtTheOrigin_AndRunsFasterFromThere()
    {
        var clock = Make("20@now");
        Assert.Equal(_inner.GetUtcNow(), clock.GetUtcNow());
        var start = _inner.GetUtcNow();
        _inner.Advance(TimeSpan.FromMinutes(72));

        Assert.Equal(start.AddDays(1), clock.GetUtcNow());
    }

    [Fact]
    public void GetUtcNow_OfTwoProcesses_IsTheSame()
    {
        var first = Make("10@2025-12-31T23:00:00Z");
        _inner.Advance(TimeSpan.FromMinutes(5));
        var second = Make("10@2025-12-31T23:00:00Z");
        _inner.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(first.GetUtcNow(), second.GetUtcNow());
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 10, 0, 0, TimeSpan.Zero), first.GetUtcNow());
    }

    [Fact]
    public void Timestamps_AndTimers_RunAtTheSameScale()
    {
        var clock = Make("5@now");
        var start = clock.GetTimestamp();
        var fired = new List<TimeSpan>();
        using var timer = clock.CreateTimer(
            _ => fired.Add(clock.GetElapsedTime(start)), null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));
        _inner.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal([10, 30, 50], fired.Select(time => time.TotalSeconds));
        Assert.Equal(TimeSpan.FromSeconds(50), clock.GetElapsedTime(start));
    }

    [Fact]
    public void Timer_NeverFiresBeforeItsTime()
    {
        var clock = Make("20@now");
        var start = clock.GetTimestamp();
        var elapsed = TimeSpan.Zero;
        using var timer = clock.CreateTimer(
            _ => elapsed = clock.GetElapsedTime(start), null, TimeSpan.FromMilliseconds(25), Timeout.InfiniteTimeSpan);
        _inner.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromMilliseconds(40), elapsed);
    }

    [Fact]
    public async Task Delay_OfADay_TakesItsPart()
    {
        var delay = Task.Delay(TimeSpan.FromDays(1), Make("20@now"));
        _inner.Advance(TimeSpan.FromMinutes(71));
        Assert.False(delay.IsCompleted);
        _inner.Advance(TimeSpan.FromMinutes(1));

        await delay;
    }

    [Theory]
    [InlineData("20")]
    [InlineData("21@now")]
    [InlineData("0@now")]
    [InlineData("-1@now")]
    [InlineData("NaN@now")]
    [InlineData("2@yesterday")]
    [InlineData("2@now@now")]
    public void Parse_OfNoClock_SaysHowToWriteOne(string text)
    {
        Assert.Null(ClockScale.Parse(text, _inner.GetUtcNow(), out var error));
        Assert.Contains($"'{text}' is no clock: write SCALE@ORIGIN", error, StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_IsReadBackAsTheSameClock()
    {
        var scale = ClockScale.Parse("2.5@now", _inner.GetUtcNow(), out _)!;

        Assert.Equal("2.5@2026-01-01T00:00:00Z", scale.ToString());
        Assert.Equal(scale, ClockScale.Parse(scale.ToString(), DateTimeOffset.UnixEpoch, out _));
    }

    private ScaledTimeProvider Make(string text) => new(_inner, ClockScale.Parse(text, _inner.GetUtcNow(), out _)!);
}
