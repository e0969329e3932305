using Pipeline.Core.Time;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Time;

public sealed class RecordedTimeProviderTests
{
    private static readonly DateTimeOffset Origin = new(2023, 4, 5, 0, 0, 0, TimeSpan.Zero);

    private readonly TestTimeProvider _inner = new();
    private readonly RecordedTimeProvider _clock;

    public RecordedTimeProviderTests() => _clock = new RecordedTimeProvider(_inner, Origin, 10);

    [Fact]
    public void GetUtcNow_BeforeTheStart_StandsAtTheOrigin()
    {
        _inner.Advance(TimeSpan.FromHours(1));
        Assert.Equal(Origin, _clock.GetUtcNow());
    }

    [Fact]
    public void GetUtcNow_AfterTheStart_RunsAtTheReplaysSpeed()
    {
        _inner.Advance(TimeSpan.FromHours(1));
        _clock.Start();
        _inner.Advance(TimeSpan.FromSeconds(3));
        _clock.Start();
        Assert.Equal(Origin.AddSeconds(30), _clock.GetUtcNow());
    }

    [Fact]
    public void CreateTimer_FiresByTheScaledClock()
    {
        var fired = new List<DateTimeOffset>();
        _clock.Start();
        using var timer = _clock.CreateTimer(_ => fired.Add(_clock.GetUtcNow()), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        _inner.Advance(TimeSpan.FromSeconds(1));
        timer.Change(TimeSpan.FromSeconds(20), Timeout.InfiniteTimeSpan);
        _inner.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal([Origin.AddSeconds(5), Origin.AddSeconds(30)], fired);
    }
}
