using Pipeline.Kafka.Ownership;

namespace Pipeline.Tests.Kafka.Ownership;

/// <summary>Partitions that are shared out, in every order in which that can be told.</summary>
public sealed class PartitionSharingTests
{
    private readonly OwnerLog _log = new();

    [Fact]
    public void Want_NobodyHasIt_IsClaimedAtOnce()
    {
        var one = _log.Add("a");
        one.IsSlowToPrepare = true;

        _log.Assign(one);

        Assert.Equal(OwnerPhase.Owning, one.Machine.Phase);
        Assert.Equal((1, TakeOver.Free), (one.Prepared, one.Machine.TakenBy));
        Assert.Equal(TimeSpan.Zero, _log.Elapsed);
    }

    [Fact]
    public void Want_AnotherWrites_ClaimsWhenPreparedAndNobodyIsSilentBefore()
    {
        var (old, next) = (_log.Own("a"), _log.Add("b"));
        next.IsSlowToPrepare = true;

        _log.Assign(next);
        _log.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((OwnerPhase.Preparing, OwnerPhase.Owning), (next.Machine.Phase, old.Machine.Phase));
        Assert.True(old.MayWriteAt(_log.Now));
        var claimed = _log.Elapsed;
        next.Machine.Prepared(_log.Now, next.Effects);
        _log.Settle();

        Assert.Equal((OwnerPhase.Owning, TakeOver.Planned), (next.Machine.Phase, next.Machine.TakenBy));
        Assert.Equal(OwnerPhase.Idle, old.Machine.Phase);
        Assert.Equal(claimed, _log.Elapsed);
        Assert.Equal(_log.Now, next.Machine.SilentSince);
    }

    [Fact]
    public void Preparing_TakesTooLong_ClaimsWithWhatThereIs()
    {
        var (_, next) = (_log.Own("a"), _log.Add("b"));
        next.IsSlowToPrepare = true;
        _log.Assign(next);

        _log.Advance(TimeSpan.FromMilliseconds(9_999));
        Assert.Equal(OwnerPhase.Preparing, next.Machine.Phase);
        _log.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(OwnerPhase.Owning, next.Machine.Phase);
    }

    [Fact]
    public void Preparing_TheOwnerDies_ClaimsWhenItsLeaseIsOver()
    {
        var (old, next) = (_log.Own("a"), _log.Add("b"));
        next.IsSlowToPrepare = true;
        _log.Advance(TimeSpan.FromSeconds(6));
        _log.Assign(next);
        old.IsDead = true;

        _log.Advance(TimeSpan.FromMilliseconds(9_999));
        Assert.Equal(OwnerPhase.Preparing, next.Machine.Phase);
        _log.Advance(TimeSpan.FromMilliseconds(1_001));

        Assert.Equal((OwnerPhase.Owning, TakeOver.Lease), (next.Machine.Phase, next.Machine.TakenBy));
        Assert.Equal(11_000_000, _log.Now - next.Machine.SilentSince);
    }

    [Fact]
    public void Want_TheOwnerHasBeenSilentForTheLease_OnlySettles()
    {
        var (old, next) = (_log.Own("a"), _log.Add("b"));
        old.IsDead = true;
        _log.Advance(TimeSpan.FromSeconds(12));

        _log.Assign(next);
        Assert.Equal(OwnerPhase.Settling, next.Machine.Phase);
        _log.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(OwnerPhase.Owning, next.Machine.Phase);
    }

    [Fact]
    public void Unwant_Owning_ChangesNothingUntilAnotherClaims()
    {
        var (old, next) = (_log.Own("a"), _log.Add("b"));

        _log.Assign(null);
        _log.Advance(TimeSpan.FromMinutes(5));
        Assert.True(old.MayWriteAt(_log.Now));
        _log.Assign(next);

        Assert.Equal(OwnerPhase.Owning, next.Machine.Phase);
        Assert.True(old.HasStopped);
    }

    [Fact]
    public void Unwant_Preparing_LetsGoAndClaimsNothing()
    {
        var (old, next) = (_log.Own("a"), _log.Add("b"));
        next.IsSlowToPrepare = true;
        _log.Assign(next);

        _log.Assign(old);
        next.Machine.Prepared(_log.Now, next.Effects);
        _log.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal((OwnerPhase.Idle, 1), (next.Machine.Phase, next.LetGo));
        Assert.Equal(1, _log.Kinds.Count(kind => kind == "claim"));
        Assert.Equal(0, old.Prepared);
    }

    [Fact]
    public void Claiming_AThirdClaimsBeforeTheFirstHasFlushed_NobodyReadsBeforeThat()
    {
        var (first, second, third) = (_log.Own("a"), _log.Add("b"), _log.Add("c"));
        first.IsSlowToFlush = true;
        _log.Assign(second);
        Assert.Equal(OwnerPhase.Waiting, second.Machine.Phase);

        _log.Assign(third);
        Assert.Equal((OwnerPhase.Idle, OwnerPhase.Waiting), (second.Machine.Phase, third.Machine.Phase));
        _log.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(OwnerPhase.Waiting, third.Machine.Phase);
        _log.Flush(first);
        _log.Settle();

        Assert.Equal(OwnerPhase.Owning, third.Machine.Phase);
        Assert.False(second.HasOwned);
        Assert.Equal(["claim", "claim", "claim", "released", "released"], _log.Kinds.Where(kind => kind != "alive"));
    }

    [Fact]
    public void Reading_AThirdClaims_TheSecondNeverOwns()
    {
        var (_, second, third) = (_log.Own("a"), _log.Add("b"), _log.Add("c"));
        second.IsSlowToRead = true;
        _log.Assign(second);
        Assert.Equal(OwnerPhase.Reading, second.Machine.Phase);

        _log.Assign(third);
        second.Machine.TailRead();
        _log.Settle();

        Assert.Equal((OwnerPhase.Idle, OwnerPhase.Owning), (second.Machine.Phase, third.Machine.Phase));
        Assert.Equal(long.MinValue, second.Machine.MayWriteUntil);
    }

    [Fact]
    public void Want_AfterItWasGivenAway_IsTakenBackByAnotherEpoch()
    {
        var (first, second) = (_log.Add("a"), _log.Add("b"));
        _log.Assign(first);
        var epoch = first.Machine.Epoch;

        _log.Assign(second);
        _log.Assign(first);
        _log.Assign(second);
        _log.Assign(first);

        Assert.Equal((OwnerPhase.Owning, OwnerPhase.Idle), (first.Machine.Phase, second.Machine.Phase));
        Assert.Equal((3, TakeOver.Planned), (first.Prepared, first.Machine.TakenBy));
        Assert.True(first.Machine.Epoch > epoch);
        Assert.Equal(TimeSpan.Zero, _log.Elapsed);
    }

    [Fact]
    public void Want_WhileItIsFlushing_IsTakenBackAfterIt()
    {
        var (first, second) = (_log.Add("a"), _log.Add("b"));
        _log.Assign(first);
        first.IsSlowToFlush = true;
        _log.Assign(second);

        _log.Assign(first);
        Assert.Equal((OwnerPhase.Owning, OwnerPhase.Waiting), (first.Machine.Phase, second.Machine.Phase));
        Assert.False(first.MayWriteAt(_log.Now));
        _log.Flush(first);
        _log.Settle();

        Assert.Equal((OwnerPhase.Owning, OwnerPhase.Idle), (first.Machine.Phase, second.Machine.Phase));
    }

    [Fact]
    public void Owning_GroupSessionLostAndFoundAgain_WritesAllTheTime()
    {
        var one = _log.Add("a");
        _log.Assign(one);

        _log.Assign(null);
        _log.Advance(TimeSpan.FromSeconds(30));
        Assert.True(one.MayWriteAt(_log.Now));
        _log.Assign(one);
        _log.Advance(TimeSpan.FromSeconds(30));

        Assert.True(one.MayWriteAt(_log.Now));
        Assert.Equal((1, 1), (one.Prepared, one.Owned));
        Assert.Equal(1, _log.Kinds.Count(kind => kind == "claim"));
    }

    [Fact]
    public void Owning_AnotherClaimsThoughItIsWanted_ComesBackOnlyAfterTheLease()
    {
        // The group has given it to another and we have not been told: to claim at once would only take turns.
        var (first, second) = (_log.Add("a"), _log.Add("b"));
        _log.Assign(first);
        second.Machine.Want(_log.Now, second.Effects);
        _log.Settle();
        Assert.Equal((OwnerPhase.Idle, OwnerPhase.Owning), (first.Machine.Phase, second.Machine.Phase));

        _log.Advance(TimeSpan.FromMilliseconds(9_999));
        Assert.Equal(OwnerPhase.Owning, second.Machine.Phase);
        second.Machine.Unwant(second.Effects);
        _log.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal((OwnerPhase.Owning, OwnerPhase.Idle), (first.Machine.Phase, second.Machine.Phase));
    }

    [Fact]
    public void LeaseLost_TheGroupStillWantsIt_IsLostAndClaimedAgainByAnotherRun()
    {
        var one = _log.Add("a");
        _log.Assign(one);
        _log.IsDown = true;
        _log.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal((1, OwnerPhase.Idle, false), (one.Lost, one.Machine.Phase, one.Machine.IsWanted));
        _log.IsDown = false;

        var again = _log.Add("a");
        _log.Assign(again);
        Assert.Equal(OwnerPhase.Settling, again.Machine.Phase);
        _log.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((OwnerPhase.Owning, TakeOver.Restart), (again.Machine.Phase, again.Machine.TakenBy));
        Assert.DoesNotContain("released", _log.Kinds);
    }

    [Fact]
    public void Want_TakenByLeaseBefore_AndNowReleased_DoesNotWaitForTheDead()
    {
        var (dead, one) = (_log.Own("a"), _log.Add("b"));
        dead.IsDead = true;
        _log.Assign(one);
        _log.Advance(TimeSpan.FromSeconds(20));
        var again = _log.Add("a");
        _log.Assign(again);
        Assert.Equal(OwnerPhase.Owning, again.Machine.Phase);
        var now = _log.Elapsed;

        _log.Assign(one);

        Assert.Equal((OwnerPhase.Owning, TakeOver.Planned), (one.Machine.Phase, one.Machine.TakenBy));
        Assert.Equal(now, _log.Elapsed);
    }

    [Fact]
    public void TwoOfOneName_BothAlive_HandOverLikeAnyTwo()
    {
        var (first, twin) = (_log.Own("a"), _log.Add("a"));
        first.IsSlowToFlush = true;
        _log.Assign(twin);
        Assert.Equal(OwnerPhase.Settling, twin.Machine.Phase);

        _log.Flush(first);
        _log.Settle();

        Assert.Equal((OwnerPhase.Owning, OwnerPhase.Idle), (twin.Machine.Phase, first.Machine.Phase));
        Assert.Equal(TimeSpan.Zero, _log.Elapsed);
    }

    [Fact]
    public void TwoOfOneName_TheOtherGivesASignOfLife_IsNoRestart()
    {
        var (first, twin) = (_log.Own("a"), _log.Add("a"));
        first.IsDeaf = true;
        _log.Advance(TimeSpan.FromMilliseconds(1_500));
        _log.Assign(twin);
        Assert.Equal(OwnerPhase.Settling, twin.Machine.Phase);

        _log.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(OwnerPhase.Waiting, twin.Machine.Phase);
        first.IsDeaf = false;
        _log.Settle();

        Assert.Equal((OwnerPhase.Owning, OwnerPhase.Idle), (twin.Machine.Phase, first.Machine.Phase));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void AnyOrder_NeverTwoMayWriteAndInTheEndTheRightOneDoes(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 3; i++)
        {
            _log.Add($"c{i}");
        }

        for (var step = 0; step < 2_000; step++)
        {
            Disturb(_log.Processes[^(1 + random.Next(3))], random);
            _log.Settle();
            Assert.True(_log.Processes.Count(process => process.MayWriteAt(_log.Now)) <= 1, $"seed {seed} step {step}: {_log}");
        }

        var handOvers = _log.Processes.Sum(process => process.Owned);
        Assert.True(handOvers > 10, $"only {handOvers} hand-overs");
        _log.IsDown = false;
        foreach (var process in _log.Processes)
        {
            (process.IsStopped, process.IsDeaf) = (false, false);
            (process.IsSlowToFlush, process.IsSlowToPrepare, process.IsSlowToRead) = (false, false, false);
        }

        var chosen = Restarted(_log.Processes[^1]);
        _log.Assign(chosen);
        for (var i = 0; i < 6; i++)
        {
            foreach (var process in _log.Processes.Where(one => one.IsRunning && one.Machine.MayWriteUntil == long.MinValue))
            {
                _log.Flush(process);
            }

            _log.Advance(TimeSpan.FromSeconds(12));
        }

        Assert.True(chosen.Machine.Phase == OwnerPhase.Owning, $"seed {seed}: {_log}");
    }

    private OwnerProcess Restarted(OwnerProcess process)
    {
        process.IsDead = true;
        return _log.Add(process.Instance);
    }

    private void Disturb(OwnerProcess one, Random random)
    {
        switch (random.Next(14))
        {
            case 0 when !one.IsStopped:
                _log.Assign(one);
                break;
            case 1 when !one.IsStopped && !one.IsDead:
                // Views of the group differ.
                one.Machine.Want(_log.Now, one.Effects);
                break;
            case 2:
                one.IsStopped = !one.IsStopped;
                break;
            case 3:
                _log.IsDown = random.Next(4) == 0;
                break;
            case 4:
                one.IsSlowToFlush = !one.IsSlowToFlush;
                break;
            case 5:
                one.IsSlowToPrepare = !one.IsSlowToPrepare;
                break;
            case 6 when one.IsRunning && one.Machine is { Phase: OwnerPhase.Owning, IsOwned: false }:
                _log.Flush(one);
                break;
            case 7 when random.Next(5) == 0 && !one.IsDead:
                Restarted(one);
                break;
            default:
                _log.Advance(TimeSpan.FromMilliseconds(random.Next(3_000)));
                break;
        }
    }
}
