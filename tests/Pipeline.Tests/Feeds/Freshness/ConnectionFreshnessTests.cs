using Pipeline.Core.Feeds.Freshness;

namespace Pipeline.Tests.Feeds.Freshness;

public sealed class ConnectionFreshnessTests
{
    private readonly ConnectionFreshness _freshness = new(TimeSpan.FromSeconds(2));
    private TimeSpan _now;

    public ConnectionFreshnessTests() => _freshness.Opened(_now);

    [Fact]
    public void Busy_NeedsTenSecondsOfHistory()
    {
        Flow(10);
        Assert.Null(_freshness.SuspectAt);

        Flow(0.1);

        Assert.True(_freshness.IsBusy);
        Assert.Equal(_now + TimeSpan.FromSeconds(2), _freshness.SuspectAt);
    }

    [Theory]
    [InlineData(0.5, true)]
    [InlineData(0.501, false)]
    public void Busy_HadNoSilenceOfMoreThanHalfASecond(double silence, bool expected)
    {
        Flow(20);
        Data(silence);

        Assert.Equal(expected, _freshness.IsBusy);
    }

    [Fact]
    public void ALongSilence_IsForgottenAfterTenMinutes_AndNotBefore()
    {
        Flow(20);
        Data(0.6);

        Flow(599.9);
        Assert.False(_freshness.IsBusy);
        Flow(0.1);
        Assert.True(_freshness.IsBusy);
    }

    [Fact]
    public void TheSilenceThatRuns_DoesNotMakeItQuiet()
    {
        Flow(20);
        var last = _now;
        Pass(60);

        Assert.True(_freshness.IsBusy);
        Assert.Equal(last + TimeSpan.FromSeconds(2), _freshness.SuspectAt);
    }

    [Fact]
    public void AReconnect_IsNoSilence_AndBusyIsRemembered()
    {
        Flow(20);
        _freshness.Closed();
        Assert.Null(_freshness.SuspectAt);
        Pass(120);
        _freshness.Opened(_now);
        Assert.Equal(_now + TimeSpan.FromSeconds(2), _freshness.SuspectAt);

        Pass(1);
        _freshness.Confirmed(_now);
        Assert.Equal(_now + TimeSpan.FromSeconds(2), _freshness.SuspectAt);
        Pass(1);
        _freshness.Confirmed(_now);
        Assert.Equal(_now + TimeSpan.FromSeconds(1), _freshness.SuspectAt);

        Data(0.9);
        Assert.True(_freshness.IsBusy);
        Assert.Equal(_now + TimeSpan.FromSeconds(2), _freshness.SuspectAt);
    }

    [Fact]
    public void APause_IsNoSilence()
    {
        Flow(20);
        _freshness.Paused();
        Assert.Null(_freshness.SuspectAt);
        Pass(9);
        _freshness.Resumed(_now);

        Assert.Equal(_now + TimeSpan.FromSeconds(2), _freshness.SuspectAt);
        Data(0.1);
        Assert.True(_freshness.IsBusy);
    }

    [Fact]
    public void AConnectionThatWasNeverBusy_IsNeverSuspected()
    {
        for (var i = 0; i < 24; i++)
        {
            Data(3600);
            Assert.Null(_freshness.SuspectAt);
        }
    }

    [Fact]
    public void ARareConnection_DoesNotBecomeBusy_BecauseNobodyListenedBetweenTwoSockets()
    {
        Flow(20);
        Data(600);
        for (var i = 0; i < 5; i++)
        {
            Pass(300);
            _freshness.Closed();
            _freshness.Opened(_now);
            Data(300);
            Assert.False(_freshness.IsBusy);
        }
    }

    [Fact]
    public void FirstDataThatKeepsWaiting_IsASilenceToo()
    {
        Flow(20);
        _freshness.Closed();
        _freshness.Opened(_now);
        Data(2);

        Assert.False(_freshness.IsBusy);
    }

    private void Flow(double seconds)
    {
        for (var i = 0; i < Math.Round(seconds / 0.1); i++)
        {
            Data(0.1);
        }
    }

    private void Data(double after)
    {
        Pass(after);
        _freshness.Data(_now);
    }

    private void Pass(double seconds) => _now += TimeSpan.FromSeconds(seconds);
}
