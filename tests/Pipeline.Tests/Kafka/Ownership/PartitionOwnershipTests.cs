using Pipeline.Core.Topology;
using Pipeline.Kafka.Ownership;

namespace Pipeline.Tests.Kafka.Ownership;

public sealed class PartitionOwnershipTests
{
    private readonly OwnerLog _log = new();

    [Fact]
    public void Begin_EmptyLog_ReadsAtOnceAndOwns()
    {
        var one = _log.Add("c1");

        one.Machine.Begin(_log.Now, one.Effects);
        _log.Settle();

        Assert.Equal(OwnerPhase.Owning, one.Machine.Phase);
        Assert.Equal(0, one.Machine.Epoch);
        Assert.Equal(TimeSpan.Zero, _log.Elapsed);
        Assert.Equal(["claim"], _log.Kinds);
    }

    [Fact]
    public void Owning_TimePasses_SignOfLifeEveryTwoSeconds()
    {
        var one = _log.Own("c1");

        _log.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(["claim", "alive", "alive", "alive", "alive", "alive"], _log.Kinds);
        Assert.True(one.Machine.MayWriteUntil > _log.Now);
    }

    [Fact]
    public void Begin_OwnNameBeforeIt_GoesOnAfterSettle()
    {
        _log.Own("c1").IsDead = true;
        var again = _log.Add("c1");

        again.Machine.Begin(_log.Now, again.Effects);
        _log.Settle();
        Assert.Equal(OwnerPhase.Settling, again.Machine.Phase);
        _log.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(OwnerPhase.Settling, again.Machine.Phase);
        _log.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(OwnerPhase.Owning, again.Machine.Phase);
        Assert.Equal(1, again.Machine.Epoch);
    }

    [Fact]
    public void Begin_ReleasedBefore_GoesOnAtOnce()
    {
        var one = _log.Own("c1");
        one.Machine.Release(one.Effects);
        _log.Settle();
        var other = _log.Add("c2");

        other.Machine.Begin(_log.Now, other.Effects);
        _log.Settle();

        Assert.Equal(OwnerPhase.Owning, other.Machine.Phase);
        Assert.Equal(TimeSpan.Zero, _log.Elapsed);
        Assert.Equal(["claim", "released", "claim"], _log.Kinds);
    }

    [Fact]
    public void Begin_AnotherOwns_HandsOverByTheLogAlone()
    {
        var old = _log.Own("c1");
        var other = _log.Add("c2");

        other.Machine.Begin(_log.Now, other.Effects);
        _log.Settle();

        Assert.Equal(OwnerPhase.Owning, other.Machine.Phase);
        Assert.Equal(OwnerPhase.Idle, old.Machine.Phase);
        Assert.True(old.HasStopped);
        Assert.Equal(["claim", "claim", "released"], _log.Kinds);
        Assert.Equal(TimeSpan.Zero, _log.Elapsed);
    }

    [Fact]
    public void Begin_AnotherIsDead_GoesOnAfterLeaseAndSettle()
    {
        _log.Own("c1").IsDead = true;
        var other = _log.Add("c2");

        other.Machine.Begin(_log.Now, other.Effects);
        _log.Settle();
        _log.Advance(TimeSpan.FromMilliseconds(10_999));
        Assert.Equal(OwnerPhase.Settling, other.Machine.Phase);
        _log.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(OwnerPhase.Owning, other.Machine.Phase);
    }

    [Fact]
    public void Waiting_SignsOfLifeStillCome_WaitsOn()
    {
        var old = _log.Own("c1");
        old.IsDeaf = true;
        var other = _log.Add("c2");
        other.Machine.Begin(_log.Now, other.Effects);

        _log.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(OwnerPhase.Waiting, other.Machine.Phase);
        old.IsDeaf = false;
        _log.Settle();

        Assert.Equal(OwnerPhase.Owning, other.Machine.Phase);
        Assert.True(old.HasStopped);
    }

    [Fact]
    public void Waiting_ItSleptItself_DoesNotTakeTheOtherForDead()
    {
        var old = _log.Own("c1");
        old.IsDeaf = true;
        var other = _log.Add("c2");
        other.Machine.Begin(_log.Now, other.Effects);
        _log.Settle();

        // Both stop for 20 s; the other reads nothing before it looks at the clock.
        _log.Jump(TimeSpan.FromSeconds(20));
        other.Machine.Tick(_log.Now, other.Effects);

        Assert.Equal(OwnerPhase.Waiting, other.Machine.Phase);
    }

    [Fact]
    public void Owning_ProcessStoppedFor20Seconds_MayNotWriteAndClaimsAgain()
    {
        var one = _log.Own("c1");
        var until = one.Machine.MayWriteUntil;
        var other = _log.Add("c2");
        other.Machine.Begin(_log.Now, other.Effects);
        one.IsStopped = true;
        _log.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(OwnerPhase.Owning, other.Machine.Phase);

        // What it may hand over is a matter of the clock: nothing need have told it yet.
        Assert.True(_log.Now >= until);
        one.IsStopped = false;
        _log.Settle();

        Assert.Equal(1, one.Lost);
        Assert.Equal(OwnerPhase.Idle, one.Machine.Phase);
        Assert.Equal(long.MinValue, one.Machine.MayWriteUntil);
        Assert.DoesNotContain("released", _log.Kinds);
        one.Machine.Begin(_log.Now, one.Effects);
        _log.Settle();
        Assert.Equal(OwnerPhase.Owning, one.Machine.Phase);
        Assert.Equal(OwnerPhase.Idle, other.Machine.Phase);
        Assert.True(one.Machine.Epoch > other.Machine.Epoch);
    }

    [Fact]
    public void Owning_NoAcknowledgementForTheLease_LosesOnce()
    {
        var one = _log.Own("c1");
        _log.IsDown = true;

        _log.Advance(TimeSpan.FromMilliseconds(9_999));
        Assert.Equal(0, one.Lost);
        _log.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(1, one.Lost);
        Assert.Equal(OwnerPhase.Idle, one.Machine.Phase);
    }

    [Fact]
    public void Acknowledged_LateAnswer_CountsFromItsWriting()
    {
        var one = _log.Own("c1");

        one.Machine.Acknowledged(_log.Now + 1_000_000);

        Assert.Equal(_log.Now + 11_000_000, one.Machine.MayWriteUntil);
        one.Machine.Acknowledged(_log.Now);
        Assert.Equal(_log.Now + 11_000_000, one.Machine.MayWriteUntil);
    }

    [Fact]
    public void Claims_TwoAtOnce_TheLaterOffsetHolds()
    {
        var first = _log.Add("c1");
        var second = _log.Add("c2");
        first.Machine.Begin(_log.Now, first.Effects);
        second.Machine.Begin(_log.Now, second.Effects);

        _log.Settle();
        _log.Advance(TimeSpan.FromSeconds(12));

        Assert.Equal(OwnerPhase.Owning, second.Machine.Phase);
        Assert.Equal(OwnerPhase.Idle, first.Machine.Phase);
    }

    [Fact]
    public void Settling_ALaterClaimComes_NeverOwns()
    {
        _log.Own("c1").IsDead = true;
        var again = _log.Add("c1");
        again.Machine.Begin(_log.Now, again.Effects);
        _log.Settle();
        var third = _log.Add("c3");
        third.Machine.Begin(_log.Now, third.Effects);

        _log.Settle();
        _log.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(OwnerPhase.Idle, again.Machine.Phase);
        Assert.False(again.HasOwned);
        Assert.Equal(OwnerPhase.Owning, third.Machine.Phase);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void RandomLives_NeverTwoMayWriteAtOnce(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 3; i++)
        {
            _log.Add($"c{i}");
        }

        for (var step = 0; step < 2_000; step++)
        {
            var one = _log.Processes[random.Next(3)];
            switch (random.Next(8))
            {
                case 0 when one.Machine.Phase == OwnerPhase.Idle && !one.IsStopped:
                    one.Machine.Begin(_log.Now, one.Effects);
                    break;
                case 1:
                    one.IsStopped = !one.IsStopped;
                    break;
                case 2:
                    _log.IsDown = random.Next(4) == 0;
                    break;
                default:
                    _log.Advance(TimeSpan.FromMilliseconds(random.Next(3_000)));
                    break;
            }

            _log.Settle();
            Assert.True(_log.Processes.Count(process => process.MayWriteAt(_log.Now)) <= 1, $"seed {seed} step {step}: {_log}");
        }

        Assert.True(_log.Processes.Sum(process => process.Owned) > 10, "hardly anything happened");
    }
}
