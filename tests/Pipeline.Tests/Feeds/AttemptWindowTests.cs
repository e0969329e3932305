using Pipeline.Core.Feeds;

namespace Pipeline.Tests.Feeds;

public sealed class AttemptWindowTests
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(10);

    [Fact]
    public void WaitFor_AtTheLimit_IsUntilTheOldestIsASpanOld()
    {
        var window = new AttemptWindow(new RateLimit(3, Span));
        foreach (var second in new[] { 0, 4, 9 })
        {
            Assert.Equal(TimeSpan.Zero, window.WaitFor(TimeSpan.FromSeconds(second)));
            window.Take(TimeSpan.FromSeconds(second));
        }

        Assert.Equal(TimeSpan.FromSeconds(1), window.WaitFor(TimeSpan.FromSeconds(9)));
        Assert.Equal(TimeSpan.FromTicks(1), window.WaitFor(Span - TimeSpan.FromTicks(1)));
        Assert.Equal(TimeSpan.Zero, window.WaitFor(Span));
        window.Take(Span);
        Assert.Equal(TimeSpan.FromSeconds(4), window.WaitFor(Span));
    }

    [Fact]
    public void AnySpan_OverRandomAttempts_HoldsTheLimitAndNoMore()
    {
        var random = new Random(7);
        var window = new AttemptWindow(new RateLimit(5, Span));
        var made = new List<TimeSpan>();
        var now = TimeSpan.Zero;
        for (var i = 0; i < 2_000; i++)
        {
            now += TimeSpan.FromTicks(random.NextInt64(TimeSpan.FromSeconds(3).Ticks));
            now += window.WaitFor(now);
            window.Take(now);
            made.Add(now);
        }

        var most = made.Max(start => made.Count(time => time >= start && time < start + Span));
        Assert.Equal(5, most);
    }
}
