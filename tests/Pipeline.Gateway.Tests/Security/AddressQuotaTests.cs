using Pipeline.Core.Diagnostics;
using Pipeline.Core.Topology;
using Pipeline.Gateway.Security;
using Pipeline.TestKit.Time;

namespace Pipeline.Gateway.Tests.Security;

public sealed class AddressQuotaTests : IDisposable
{
    private readonly TestTimeProvider _time = new();
    private readonly PipelineMetrics _metrics = new();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Messages_FiveSecondsOfThemAtOnce_ThenAsManyAsASecondHas()
    {
        var quota = Make(new GatewayLimits { MaxMessagesPerSecondPerAddress = 3 });
        Assert.All(Enumerable.Range(0, 15), _ => Assert.True(quota.TryMessage()));
        Assert.False(quota.TryMessage());
        Assert.False(quota.TryMessage());

        _time.Advance(AddressQuota.RetryAfter);
        Assert.All(Enumerable.Range(0, 3), _ => Assert.True(quota.TryMessage()));
        Assert.False(quota.TryMessage());
        Assert.Equal((3, 0), (Refused(_metrics, "messages"), Refused(_metrics, "streams")));
    }

    [Fact]
    public void Streams_UpToTheLimit_AndAgainWhenSomeAreReturned()
    {
        var quota = Make(new GatewayLimits { MaxStreamsPerAddress = 2 });
        Assert.True(quota.TryTakeStream());
        Assert.True(quota.TryTakeStream());
        Assert.False(quota.TryTakeStream());

        quota.ReturnStreams(1);
        Assert.True(quota.Allows(1));
        Assert.False(quota.Allows(2));
        Assert.True(quota.TryTakeStream());
        Assert.Equal((2, 2), (quota.Streams, Refused(_metrics, "streams")));
    }

    [Fact]
    public void Streams_ThatAClientBrings_CountThoughTheyBeTooMany()
    {
        var quota = Make(new GatewayLimits { MaxStreamsPerAddress = 2 });
        quota.BringStreams(5);

        // Whoever wants no more than it has may have it.
        Assert.True(quota.Allows(0));
        Assert.True(quota.Allows(-1));
        Assert.False(quota.TryTakeStream());
        quota.ReturnStreams(4);
        Assert.True(quota.TryTakeStream());
    }

    [Fact]
    public void Refusals_AreErrorsOfTheirOwn_AndNoneOfTheHandshakes()
    {
        var quota = Make(new GatewayLimits { MaxMessagesPerSecondPerAddress = 1, MaxStreamsPerAddress = 1 });
        for (var i = 0; i < 10; i++)
        {
            quota.TryMessage();
            quota.TryTakeStream();
        }

        _metrics.GatewayRefused("full");
        Assert.Equal(1, _metrics.GatewayRefusedCount);
    }

    /// <summary>What was refused for a reason so far.</summary>
    internal static long Refused(PipelineMetrics metrics, string reason) =>
        metrics.Snapshot().Where(one => one.Name == "pipeline.gateway.refused" && one.Tag == reason).Sum(one => one.Value);

    private AddressQuota Make(GatewayLimits limits) => new(limits, _metrics, _time);
}
