using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Freshness;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Feeds.Freshness;

/// <summary>
/// What is found on a thread that brings an event is told there, and mended later: that thread may hold the lock of one connection, and
/// a remedy takes that of another.
/// </summary>
public sealed class HealthRemedyTests : IDisposable
{
    private readonly MonitorWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Resubscribe_IsNotCalledByWhoBringsTheFinding()
    {
        var stream = Silence();
        _world.Probe.Give(ProbeResult.Behind);

        Assert.Equal((HealthState.Stale, "probe-behind"), _world.StateOf(stream));
        Assert.Empty(_world.Resubscribed);
        _world.Pass(0);
        Assert.Equal([stream.Name], _world.Resubscribed);
    }

    /// <summary>An event that comes out of the remedy, as that of another connection, finds the monitor free.</summary>
    [Fact]
    public void ARemedyThatBringsEvents_AndOneThatThrows_HoldUpNothing()
    {
        var stream = Silence();
        _world.OnResubscribe = () =>
        {
            _world.Settle(SubscriptionAction.Unsubscribe, null, stream);
            _world.Confirm(stream);
            _world.Bring(stream);
            throw new InvalidOperationException("closed");
        };
        _world.Probe.Give(ProbeResult.Behind);
        _world.Pass(1);

        Assert.Equal(HealthState.Fresh, _world.StateOf(stream).State);
        Assert.Equal(1, _world.Metrics.ObserverErrorsOf("binance"));
        Assert.Equal(0, _world.Probe.Waiting);
    }

    /// <summary>A stream that was acknowledged and brought nothing, so that a probe is under way.</summary>
    private FeedStream Silence()
    {
        // The probe's answer shall be taken up by who gives it.
        SynchronizationContext.SetSynchronizationContext(null);
        _world.Probe.Answer = null;
        var stream = _world.Add();
        _world.Pass(11);
        Assert.Equal(1, _world.Probe.Waiting);
        return stream;
    }
}
