using Pipeline.Kafka.Sink;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Kafka;

public sealed class AckWatchTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly TestTimeProvider _clock = new();
    private readonly AckWatch _watch;

    public AckWatchTests() => _watch = new AckWatch(_clock);

    [Fact]
    public void Look_NothingWaits_IsNoOutageHoweverLong()
    {
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.False(_watch.Look(acknowledged: false, isWaiting: false, Limit));
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(_watch.Look(acknowledged: false, isWaiting: true, Limit));
        Assert.Equal(TimeSpan.FromSeconds(9), _watch.Outage);
    }

    [Fact]
    public void Look_NoAcknowledgementForTheLimit_IsToldOnceAnOutage()
    {
        for (var outage = 0; outage < 2; outage++)
        {
            Assert.False(_watch.Look(acknowledged: true, isWaiting: true, Limit));
            Assert.Equal(TimeSpan.Zero, _watch.Outage);
            _clock.Advance(TimeSpan.FromSeconds(9.9));
            Assert.False(_watch.Look(acknowledged: false, isWaiting: true, Limit));
            _clock.Advance(TimeSpan.FromSeconds(0.1));
            Assert.True(_watch.Look(acknowledged: false, isWaiting: true, Limit));
            _clock.Advance(TimeSpan.FromSeconds(60));
            Assert.False(_watch.Look(acknowledged: false, isWaiting: true, Limit));
            Assert.Equal(TimeSpan.FromSeconds(70), _watch.Outage);
        }
    }
}
