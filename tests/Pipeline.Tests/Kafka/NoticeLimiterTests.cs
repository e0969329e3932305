using Pipeline.Kafka.Sink;

namespace Pipeline.Tests.Kafka;

public sealed class NoticeLimiterTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Admit_SameCodeWithinTheInterval_IsHeldBackAndCounted()
    {
        var limiter = new NoticeLimiter(_clock);
        Assert.True(limiter.Admit("a", out _));
        Assert.False(limiter.Admit("a", out _));
        Assert.False(limiter.Admit("a", out _));
        Assert.True(limiter.Admit("b", out _));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(limiter.Admit("a", out var suppressed));
        Assert.Equal(2, suppressed);
        Assert.False(limiter.Admit("a", out _));
    }

    private sealed class ManualClock : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
