using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Pooling;

namespace Pipeline.Tests.Feeds.Pooling;

public sealed class TwinDecisionTests
{
    [Fact]
    public void Stall_SwitchesWithTheTwinsFirstData()
    {
        var twin = Create(TwinPurpose.Stall);
        Assert.Equal(TwinVerdict.Wait, Decide(twin, 1000));
        Assert.Null(twin.NextDue(TimeSpan.FromSeconds(1000)));

        twin.TwinData();

        Assert.Equal(TwinVerdict.Switch, Decide(twin, 1000));
    }

    [Fact]
    public void Stall_EndsWhenDataResumes_OrTheTwinIsSilentToo()
    {
        var resumed = Create(TwinPurpose.Stall);
        resumed.LegData();
        Assert.Equal(TwinVerdict.GiveUp, Decide(resumed, 1));
        Assert.Equal(TwinDecision.DataResumed, resumed.Reason);

        var silent = Create(TwinPurpose.Stall);
        silent.TwinSilent();
        Assert.Equal(TwinVerdict.GiveUp, Decide(silent, 1));
        Assert.True(silent.IsVenueSilent);
    }

    [Fact]
    public void Rotation_SwitchesWhenEveryStreamIsOver_AndTheTwinIsNotMute()
    {
        var twin = Subscribed(TwinPurpose.Rotation);
        twin.LegData();
        twin.Overlap.Look(null, 1, TimeSpan.FromSeconds(16));
        Assert.Equal(TwinVerdict.Wait, Decide(twin, 16));
        Assert.Equal(TimeSpan.FromSeconds(60), twin.NextDue(TimeSpan.FromSeconds(16)));

        twin.TwinData();

        Assert.Equal(TwinVerdict.Switch, Decide(twin, 16));
    }

    [Fact]
    public void Rotation_OfAQuietConnection_NeedsNoData()
    {
        var twin = Create(TwinPurpose.Rotation);
        twin.Overlap.Add("a", null);
        twin.LegData();
        twin.Overlap.Acknowledged("a", TimeSpan.FromSeconds(1));
        Assert.Equal(TwinVerdict.Wait, Decide(twin, 1));
        Assert.Equal(TimeSpan.FromSeconds(16), twin.NextDue(TimeSpan.FromSeconds(1)));
        twin.Overlap.Look(null, 1, TimeSpan.FromSeconds(16));

        Assert.Equal(TwinVerdict.Switch, Decide(twin, 16));
    }

    [Theory]
    [InlineData(59.999, false)]
    [InlineData(60, true)]
    public void Rotation_NotSubscribedInTime_IsGivenUp(double seconds, bool expected)
    {
        var twin = Create(TwinPurpose.Rotation);
        twin.Overlap.Add("a", null);

        Assert.Equal(expected, Decide(twin, seconds) == TwinVerdict.GiveUp);
        Assert.Equal(expected ? "1 streams not subscribed within 60 s" : null, twin.Reason);
    }

    [Fact]
    public void Rotation_SubscribedLate_MayWaitForTheOverlapAllTheSame()
    {
        var twin = Create(TwinPurpose.Rotation);
        twin.Overlap.Add("a", null);
        twin.Overlap.Acknowledged("a", TimeSpan.FromSeconds(59));
        Assert.Equal(TwinVerdict.Wait, Decide(twin, 60));
        Assert.Equal(TimeSpan.FromSeconds(74), twin.NextDue(TimeSpan.FromSeconds(60)));

        twin.Overlap.Look(null, 1, TimeSpan.FromSeconds(74));

        Assert.Equal(TwinVerdict.Switch, Decide(twin, 74));
    }

    [Fact]
    public void Rotation_OfALegThatFallsSilent_NeedsTheTwinsDataAlone()
    {
        var twin = Create(TwinPurpose.Rotation);
        twin.Overlap.Add("a", null);
        twin.LegData();
        twin.TwinData();
        Assert.Equal(TwinVerdict.Wait, Decide(twin, 3));

        twin.LegSilent();

        Assert.Equal(TwinVerdict.Switch, Decide(twin, 3));
    }

    [Fact]
    public void Suspicion_OfALegThatIsAlive_WaitsForTheOverlap()
    {
        var twin = Create(TwinPurpose.Suspicion);
        twin.Overlap.Add("a", null);
        twin.LegData();
        twin.TwinData();
        Assert.Equal(TwinVerdict.Wait, Decide(twin, 30));

        twin.Overlap.Acknowledged("a", TimeSpan.FromSeconds(30));
        twin.Overlap.Look(null, 1, TimeSpan.FromSeconds(45));

        Assert.Equal(TwinVerdict.Switch, Decide(twin, 45));
    }

    [Fact]
    public void Suspicion_OfALegThatIsSilent_WaitsForTheStallTimeout()
    {
        var twin = Create(TwinPurpose.Suspicion);
        twin.Overlap.Add("a", null);
        twin.TwinData();
        Assert.Equal(TwinVerdict.Wait, Decide(twin, 1.999));
        Assert.Equal(TimeSpan.FromSeconds(2), twin.NextDue(TimeSpan.FromSeconds(1)));

        Assert.Equal(TwinVerdict.Switch, Decide(twin, 2));
    }

    [Fact]
    public void ATwinThatCanNotBe_IsGivenUpWithItsReason()
    {
        var twin = Create(TwinPurpose.Stall);
        twin.TwinFailed("no way");

        Assert.Equal(TwinVerdict.GiveUp, Decide(twin, 0));
        Assert.Equal("no way", twin.Reason);
    }

    [Fact]
    public void ATwinWithoutStreams_TakesOverOnceItIsOpen_AndNotBefore()
    {
        var twin = new TwinDecision(TwinPurpose.Rotation, new WebSocketOptions(), TimeSpan.Zero);
        Assert.Equal(TwinVerdict.Wait, Decide(twin, 1));

        twin.TwinOpened();

        Assert.Equal(TwinVerdict.Switch, Decide(twin, 1));
    }

    private static TwinDecision Create(TwinPurpose purpose)
    {
        var twin = new TwinDecision(purpose, new WebSocketOptions(), TimeSpan.Zero);
        twin.TwinOpened();
        return twin;
    }

    private static TwinDecision Subscribed(TwinPurpose purpose)
    {
        var twin = Create(purpose);
        twin.Overlap.Add("a", null);
        twin.Overlap.Acknowledged("a", TimeSpan.FromSeconds(1));
        Decide(twin, 1);
        return twin;
    }

    private static TwinVerdict Decide(TwinDecision twin, double seconds) => twin.Decide(TimeSpan.FromSeconds(seconds));
}
