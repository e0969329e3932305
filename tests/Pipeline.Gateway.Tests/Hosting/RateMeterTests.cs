using Pipeline.Gateway.Hosting;
using Pipeline.TestKit.Time;

namespace Pipeline.Gateway.Tests.Hosting;

public sealed class RateMeterTests
{
    [Fact]
    public void PerSecond_IsOfTheLastTenLooks()
    {
        var (meter, time, value) = (new RateMeter(), new TestTimeProvider(), 0.0);
        meter.Look(value, time.GetTimestamp(), time);
        Assert.Equal(0, meter.PerSecond);
        for (var i = 0; i < 20; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            meter.Look(value += i < 10 ? 1000 : 50, time.GetTimestamp(), time);
        }

        Assert.Equal(50, meter.PerSecond, 6);
    }
}
