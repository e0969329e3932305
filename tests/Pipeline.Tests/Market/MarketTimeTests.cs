using Pipeline.Core.Market;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Market;

public sealed class MarketTimeTests
{
    [Fact]
    public void Now_IsExactToTheMicrosecondAndBack()
    {
        var time = new TestTimeProvider(DateTimeOffset.UnixEpoch.AddSeconds(1));
        time.Advance(TimeSpan.FromMicroseconds(17));
        Assert.Equal(1_000_017, MarketTime.Now(time));
        Assert.Equal(time.GetUtcNow(), MarketTime.ToInstant(1_000_017));
    }
}
