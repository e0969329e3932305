using Pipeline.Core.Feeds;

namespace Pipeline.Tests.Feeds;

public sealed class ReconnectPolicyTests
{
    [Fact]
    public void DelayBefore_WithoutJitter_DoublesUpToTheLongest()
    {
        var policy = Policy(jitter: 0);

        var delays = Enumerable.Range(0, 12).Select(attempt => policy.DelayBefore(attempt).TotalSeconds);

        Assert.Equal([0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300], delays);
    }

    [Fact]
    public void DelayBefore_WithJitter_StaysNearAndNeverAboveTheLongest()
    {
        var policy = Policy(jitter: 0.15);
        var fourth = Enumerable.Range(0, 1000).Select(_ => policy.DelayBefore(4).TotalSeconds).ToList();
        var capped = Enumerable.Range(0, 1000).Select(_ => policy.DelayBefore(40).TotalSeconds).ToList();

        Assert.All(fourth, delay => Assert.InRange(delay, 8 * 0.85, 8 * 1.15));
        Assert.True(fourth.Max() - fourth.Min() > 2);
        Assert.All(capped, delay => Assert.InRange(delay, 300 * 0.85, 300));
        Assert.True(capped.Distinct().Count() > 900);
    }

    [Fact]
    public void DelayBefore_HugeAttempt_IsTheLongest() =>
        Assert.Equal(TimeSpan.FromSeconds(300), Policy(jitter: 0).DelayBefore(int.MaxValue));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1999, 1)]
    [InlineData(2000, 0)]
    [InlineData(86_400_000, 0)]
    public void FirstAttempt_ByAgeOfLastConnect_WaitsOnlyWhenRecent(int age, int expected) =>
        Assert.Equal(expected, ReconnectPolicy.FirstAttempt(TimeSpan.FromMilliseconds(age)));

    [Theory]
    [InlineData(-1, 1_000_000, false)]
    [InlineData(3, 2, false)]
    [InlineData(3, 3, true)]
    [InlineData(0, 0, true)]
    public void GivesUpAfter_ByLimit_CountsFailures(int limit, int failed, bool expected) =>
        Assert.Equal(expected, Policy(0, limit).GivesUpAfter(failed));

    [Fact]
    public void Constructor_WithALongestBelowTheFirst_Throws() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new ReconnectPolicy(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), 2, -1, 0, new Random(1)));

    private static ReconnectPolicy Policy(double jitter, int maxAttempts = -1) =>
        new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(300), 2, maxAttempts, jitter, new Random(1));
}
