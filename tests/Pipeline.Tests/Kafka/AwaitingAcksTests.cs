using Pipeline.Core.Market;
using Pipeline.Kafka.Sink;

namespace Pipeline.Tests.Kafka;

public sealed class AwaitingAcksTests
{
    private readonly Shard _shard = new(3, new(), new(), new(), new(), new(followsOffsets: false));
    private readonly FakeOutlet _outlet;
    private readonly AwaitingAcks _awaiting = new(capacity: 8);
    private int _updates;

    public AwaitingAcksTests() => _outlet = new FakeOutlet(_shard);

    [Fact]
    public void Final_TradesNotAcknowledged_WaitsForThoseBeforeItAndNoOthers()
    {
        Trades(2);
        Assert.True(Pass(CandleState.Final));
        Trades(5);
        Assert.Empty(Release());
        Acknowledge(1);
        Assert.Empty(Release());
        Acknowledge(1);
        Assert.Equal(["candle 1 Final leg"], Release());
        Assert.False(_awaiting.IsWaiting);
    }

    [Fact]
    public void Revised_TradesNotAcknowledged_WaitsToo()
    {
        Trades(1);
        Pass(CandleState.Revised);
        Assert.Empty(_outlet.Written);
        Acknowledge(1);
        Assert.Equal(["candle 1 Revised leg"], Release());
    }

    [Fact]
    public void Final_OfPrices_WaitsForPrices()
    {
        _shard.Prices.Take(1);
        Pass(CandleState.Final);
        Assert.Empty(Release());
        _shard.Prices.Acknowledge(1, 1, 0);
        Assert.Single(Release());
    }

    [Fact]
    public void Final_TradesAcknowledgedAlready_PassesAtOnce()
    {
        Trades(1);
        Acknowledge(1);
        Pass(CandleState.Final);
        Assert.Equal(["candle 1 Final leg"], _outlet.Written);
        Assert.Equal(0, _awaiting.Length);
    }

    [Fact]
    public void Forming_NothingBefore_PassesAtOnce()
    {
        Trades(1);
        _awaiting.TryAdd(StateSamples.Gap(GapState.Repaired), _shard, null);
        Pass(CandleState.Forming);
        Assert.Equal(["candle 1 Forming leg"], _outlet.Written);
    }

    [Fact]
    public void Forming_BehindAFinal_KeepsItsPlaceAndIsNotLost()
    {
        Trades(1);
        Pass(CandleState.Forming);
        Pass(CandleState.Final);
        Pass(CandleState.Forming);
        Trades(1);
        Pass(CandleState.Final);
        Pass(CandleState.Forming);
        Acknowledge(1);
        Assert.Equal(["candle 1 Forming leg", "candle 2 Final leg", "candle 3 Forming leg"], Release());
        Pass(CandleState.Forming);
        Assert.Equal(3, _outlet.Written.Count);
        Acknowledge(1);
        Assert.Equal(["candle 4 Final leg", "candle 5 Forming leg", "candle 6 Forming leg"], Release().Skip(3));
    }

    [Fact]
    public void GapEnd_TradesNotAcknowledged_WaitsAndTellsWhereTheyEnd()
    {
        Trades(3);
        var missing = new List<IdRange> { new(101, 102) };
        _awaiting.TryAdd(StateSamples.Gap(GapState.Abandoned, missing: missing), _shard, null);
        missing.Clear();
        Trades(2);
        Assert.True(_awaiting.HasGaps);
        Assert.Empty(Release());
        _shard.Trades.Acknowledge(5, 5, 70);
        Assert.Equal(["gap 101 Abandoned @73"], Release());
        Assert.Equal([new IdRange(101, 102)], Assert.Single(_outlet.Gaps).Missing);
        Assert.False(_awaiting.HasGaps);
    }

    [Fact]
    public void TryAdd_Full_IsRefusedUntilThereIsRoom()
    {
        Trades(1);
        Assert.All(Enumerable.Range(0, 8), _ => Assert.True(Pass(CandleState.Final)));
        Assert.False(Pass(CandleState.Forming));
        Assert.False(_awaiting.TryAdd(StateSamples.Gap(GapState.Repaired), _shard, null));
        Assert.False(_awaiting.TryAdd(Checkpoint()));
        Assert.Equal(8, _awaiting.Length);
        Acknowledge(1);
        Assert.Equal(8, Release().Count);
        Assert.True(Pass(CandleState.Forming));
    }

    [Fact]
    public void TryAdd_HoleOfManyRanges_TakesMoreRoom()
    {
        Trades(1);
        IdRange[] missing = [.. Enumerable.Range(0, 256).Select(i => new IdRange(i * 2, i * 2))];
        Assert.True(_awaiting.TryAdd(StateSamples.Gap(GapState.Abandoned, fromId: 0, missing: missing), _shard, null));
        Assert.False(Pass(CandleState.Final));
    }

    [Fact]
    public void Release_ClientFull_GoesOnAtTheSameRecord()
    {
        Trades(1);
        Pass(CandleState.Final);
        Pass(CandleState.Final);
        Acknowledge(1);
        _outlet.Room = 1;
        Assert.Equal(["candle 1 Final leg"], Release());
        Assert.True(_awaiting.IsWaiting);
        _outlet.Room = 5;
        Assert.Equal(["candle 1 Final leg", "candle 2 Final leg"], Release());
    }

    [Fact]
    public void Release_TradesGivenUp_NeverLetsGo()
    {
        Trades(2);
        Pass(CandleState.Final);
        _shard.Trades.Acknowledge(1, 1, 0);
        _shard.Trades.Fail(1, 1);
        Trades(3);
        Acknowledge(3);
        Assert.Empty(Release());
        Assert.Equal(1, _awaiting.Clear());
        Assert.False(_awaiting.IsWaiting);
    }

    [Fact]
    public void Checkpoint_EverythingBeforeAcknowledged_StatesThenMarker()
    {
        Trades(2);
        Pass(CandleState.Final);
        _awaiting.TryAdd(StateSamples.Gap(GapState.Repaired), _shard, null);
        _awaiting.TryAdd(Checkpoint(7, 8));
        Trades(4);
        _shard.Trades.Acknowledge(2, 2, 1000);

        // The final and the end of the hole go; the states wait for their acknowledgements.
        Assert.Equal(["candle 1 Final leg", "gap 101 Repaired @1002"], Release());
        _shard.Trades.Acknowledge(4, 4, 1002);
        _shard.Candles.Acknowledge(1, 1, 500);
        Assert.Equal(2, Release().Count);
        _shard.Gaps.Acknowledge(1, 1, 20);
        Assert.Equal(["state 7 @1002/", "state 8 @1002/"], Release().Skip(2));

        // The marker waits for those of the states.
        Assert.Equal(4, Release().Count);
        _shard.State.Acknowledge(1, 1, 0);
        Assert.Equal(4, Release().Count);
        _shard.State.Acknowledge(1, 1, 1);
        Assert.Equal(["marker 3"], Release().Skip(4));
        var marker = Assert.Single(_outlet.Markers);
        Assert.Equal((1002, null, 501, 21), (marker.TradesOffset, marker.PricesOffset, marker.CandlesOffset, marker.GapsOffset));
        Assert.Equal(0, _awaiting.Length);
        Assert.False(_awaiting.IsWaiting);
    }

    [Theory]
    [InlineData("trades")]
    [InlineData("prices")]
    [InlineData("candles")]
    [InlineData("gaps")]
    public void Checkpoint_OneTopicNotAcknowledged_WritesNoState(string topic)
    {
        var ledger = topic switch { "trades" => _shard.Trades, "prices" => _shard.Prices, "candles" => _shard.Candles, _ => _shard.Gaps };
        ledger.Take(1);
        _awaiting.TryAdd(Checkpoint(7));
        Assert.Empty(Release());
        ledger.Acknowledge(1, 1, 0);
        Assert.Single(Release());
    }

    [Fact]
    public void Checkpoint_Running_DoesNotHoldUpWhatIsBehindIt()
    {
        _awaiting.TryAdd(Checkpoint(7));
        Release();
        Trades(1);
        Pass(CandleState.Final);
        Acknowledge(1);
        Assert.Equal(["state 7 @/", "candle 1 Final leg"], Release());
        Assert.True(_awaiting.IsWaiting);

        // The candle came behind it: the marker does not wait for it, and a restart reads it.
        _shard.State.Acknowledge(1, 1, 0);
        Release();
        Assert.Single(_outlet.Markers);
    }

    [Fact]
    public void Checkpoint_ThirdAtOnce_IsRefused()
    {
        Trades(1);
        Assert.True(_awaiting.TryAdd(Checkpoint(1)));
        Assert.True(_awaiting.TryAdd(Checkpoint(2)));
        Assert.False(_awaiting.TryAdd(Checkpoint(3)));
        Acknowledge(1);
        Release();
        _shard.State.Acknowledge(1, 1, 0);
        Release();
        Assert.Equal(["state 1 @1/", "marker 3", "state 2 @1/"], _outlet.Written);
        _shard.State.Acknowledge(2, 2, 1);
        Release();
        Assert.True(_awaiting.TryAdd(Checkpoint(3)));
    }

    [Fact]
    public void Checkpoint_StateTooLarge_HasNoMarker()
    {
        _outlet.RefusesStates = true;
        _awaiting.TryAdd(Checkpoint(1));
        Assert.Empty(Release());
        Assert.False(_awaiting.IsWaiting);
    }

    [Fact]
    public void Checkpoint_PartitionWithoutAChangedState_HasAMarkerOnceAcknowledged()
    {
        _shard.Candles.Take(1);
        _awaiting.TryAdd(new Checkpoint([], [_shard], isMarked: true));
        Assert.Empty(Release());
        _shard.Candles.Acknowledge(1, 1, 41);
        Assert.Equal(["marker 3"], Release());
        Assert.Equal(42, Assert.Single(_outlet.Markers).CandlesOffset);
    }

    [Fact]
    public void Checkpoint_NotOfAllThatChanged_HasNoMarker()
    {
        _awaiting.TryAdd(new Checkpoint([(StateSamples.State(), _shard)], [], isMarked: false));
        Assert.Single(Release());
        Assert.False(_awaiting.IsWaiting);
    }

    [Fact]
    public void IsThrough_OnlyWhenTheMarkerHasGone()
    {
        Assert.True(_awaiting.IsThrough(_awaiting.Mark));
        _awaiting.TryAdd(Checkpoint(1));
        var mark = _awaiting.Mark;
        Release();
        Assert.False(_awaiting.IsThrough(mark));
        Trades(1);
        Pass(CandleState.Final);
        _shard.State.Acknowledge(1, 1, 0);
        Release();
        Assert.True(_awaiting.IsThrough(mark));
        Assert.False(_awaiting.IsThrough(_awaiting.Mark));
    }

    /// <summary>Whatever comes in whatever order: candles keep theirs, and none that counts trades goes before they are acknowledged.</summary>
    [Fact]
    public void Release_ByChance_KeepsTheRules()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var shard = new Shard(0, new(), new(), new(), new(), new(followsOffsets: false));
            var outlet = new FakeOutlet(shard);
            var awaiting = new AwaitingAcks(capacity: 16);
            var needed = new Dictionary<int, long>();
            var seen = 0;
            var added = 0;
            for (var step = 0; step < 300; step++)
            {
                outlet.Room = random.Next(4) == 0 ? 0 : int.MaxValue;
                switch (random.Next(4))
                {
                    case 0:
                        shard.Trades.Take(1);
                        break;
                    case 1 when shard.Trades.Settled < shard.Trades.Taken:
                        shard.Trades.Acknowledge(1, 1, shard.Trades.Settled);
                        break;
                    case 2:
                        var state = (CandleState)random.Next(3);
                        var candle = MarketSamples.Candle(state) with { Updates = added + 1 };
                        var before = shard.Trades.Taken;
                        if (awaiting.TryPass(candle, shard, null, outlet))
                        {
                            needed[++added] = state == CandleState.Forming ? 0 : before;
                        }

                        break;
                    default:
                        awaiting.Release(outlet);
                        break;
                }

                for (; seen < outlet.Written.Count; seen++)
                {
                    Assert.StartsWith($"candle {seen + 1} ", outlet.Written[seen], StringComparison.Ordinal);
                    Assert.True(shard.Trades.Settled >= needed[seen + 1]);
                }
            }

            outlet.Room = int.MaxValue;
            shard.Trades.Acknowledge((int)(shard.Trades.Taken - shard.Trades.Settled), 1, shard.Trades.Settled);
            awaiting.Release(outlet);
            Assert.Equal(added, outlet.Written.Count);
            Assert.InRange(added, 20, 300);
        }
    }

    private Checkpoint Checkpoint(params long[] frontiers) => new(
        frontiers.Select(frontier => (StateSamples.State(frontier: frontier), _shard)), [_shard], isMarked: true);

    private bool Pass(CandleState state) =>
        _awaiting.TryPass(MarketSamples.Candle(state) with { Updates = ++_updates }, _shard, "leg", _outlet);

    private List<string> Release()
    {
        _awaiting.Release(_outlet);
        return _outlet.Written;
    }

    private void Trades(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _shard.Trades.Take(1);
        }
    }

    private void Acknowledge(int count) => _shard.Trades.Acknowledge(count, count, _shard.Trades.Settled);
}
