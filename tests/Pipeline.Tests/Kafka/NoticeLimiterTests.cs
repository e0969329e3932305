using Pipeline.Kafka.Sink;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Kafka;

public sealed class NoticeLimiterTests
{
    private readonly TestTimeProvider _clock = new();

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
}
