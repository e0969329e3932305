using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Repair;
using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;
using Pipeline.TestKit;
using Pipeline.Tests.Market;
using static Pipeline.Tests.Sequencing.LegBatches;

namespace Pipeline.Tests.Sequencing;

public sealed class SequencerLegsTests : IDisposable
{
    private const long Start = 1_000_000_000;

    private readonly PipelineMetrics _metrics = new();
    private readonly Sequencer _sequencer;

    public SequencerLegsTests() => _sequencer = new Sequencer(_metrics);

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Process_OtherLegBringsWhatIsMissing_AllLeaveInOrderAsIfNothingHadHappened()
    {
        Assert.Equal([(1, false), (2, false)], Run(1, 0, [1, 2, 5, 6]));
        Assert.Empty(Run(1, 1, [7]));
        Assert.Equal(Start + (50 * Millisecond), _sequencer.NextDeadline);
        Assert.Equal([(3, false)], Run(2, 2, [1, 2, 3]));
        Assert.Equal([(4, false), (5, false), (6, false), (7, false)], Run(2, 3, [4, 5, 6]));
        Assert.Equal(long.MaxValue, _sequencer.NextDeadline);
        Assert.Equal((0, 4), (Value("pipeline.sequence.holes", "trade"), Value("pipeline.graph.dropped", "duplicate")));
    }

    [Fact]
    public void Process_NobodyBringsWhatIsMissing_CountsAfterFiftyMilliseconds()
    {
        Run(1, 0, [1, 2, 5, 6]);
        Assert.Empty(Left(Processed(Tick(Start + (50 * Millisecond) - 1))));
        Assert.Equal([(5, true), (6, false)], Left(Processed(Tick(Start + (50 * Millisecond)))));
        Assert.Equal((1, 2), (Value("pipeline.sequence.holes", "trade"), Value("pipeline.sequence.missing", "trade")));
        Assert.Equal([(7, false)], Run(1, 60, [7]));
        Assert.Equal(long.MaxValue, _sequencer.NextDeadline);
    }

    [Theory]
    [InlineData(10, 50, 50)]
    [InlineData(60, 120, 135)]
    [InlineData(120, 240, 250)]
    [InlineData(900, 250, 250)]
    public void Process_LegFarAhead_IsWaitedForTwiceTheLead(int lead, int least, int most)
    {
        for (var id = 1; id <= 100; id++)
        {
            Run(1, id * 1_000L, [id]);
            Run(2, (id * 1_000L) + lead, [id]);
        }

        Run(1, 200_000, [102]);
        Assert.InRange(_sequencer.NextDeadline - Start - (200_000 * Millisecond), least * Millisecond, most * Millisecond);
    }

    [Fact]
    public void Process_HoleOfOneInstrument_HoldsNoOther()
    {
        var batch = Of(1, Start, 2, Trade(1), Trade(3), TestMarket.Trade(TestMarket.Ether, 9, 0), Trade(4), TestMarket.Trade(TestMarket.Ether, 10, 0));
        Assert.Equal([(1, false), (9, false), (10, false)], Left(Processed(batch)));
    }

    [Fact]
    public void Process_WaitIsOver_ReleasedTradesLeaveInFrontOfTheBatch()
    {
        Run(1, 0, [1, 3]);
        var batch = Of(1, Start + (60 * Millisecond), 2, Trade(4));
        batch.Add(new Quote(TestMarket.Bitcoin, 1, default, default, default, default, 0, 0));
        Assert.Equal([(3, true), (4, false)], Left(Processed(batch)));
        MarketEventKind[] kinds = [MarketEventKind.Gap, MarketEventKind.Gap, MarketEventKind.Trade, MarketEventKind.Trade, MarketEventKind.Quote];
        Assert.Equal(kinds, batch.Events.Span.ToArray().Select(happened => happened.Kind));
        Assert.Equal(Start, batch.Trades[batch.Events[2].Index].ReceivedTime);
    }

    [Fact]
    public void Process_OneLeg_CountsAtOnce()
    {
        Run(1, 0, [1]);
        Assert.Equal([(3, true)], Left(Processed(Of(1, Start, 1, Trade(3)))));
    }

    [Fact]
    public void Process_LegEndsWhileTradesWait_TheWaitRunsOut()
    {
        Run(1, 0, [1, 3]);
        Assert.Empty(Left(Processed(Of(1, Start + (10 * Millisecond), 1, Trade(4)))));
        Assert.Equal([(3, true), (4, false)], Left(Processed(Tick(_sequencer.NextDeadline))));
        Assert.Equal([(6, true)], Left(Processed(Of(1, Start + (90 * Millisecond), 1, Trade(6)))));
    }

    [Fact]
    public void Process_SecondHole_IsAsOldAsTheFirstTradeAboveIt()
    {
        Run(1, 0, [1, 3]);
        Run(1, 20, [5]);
        Run(1, 30, [6]);
        Assert.Equal([(2, false), (3, false)], Run(2, 40, [2]));
        Assert.Equal(Start + (70 * Millisecond), _sequencer.NextDeadline);
        Assert.Equal([(5, true), (6, false)], Left(Processed(Tick(_sequencer.NextDeadline))));
    }

    [Fact]
    public void Process_LowerTradeComesOverTheOtherLeg_TheHoleStaysAsOld()
    {
        Run(1, 0, [1, 9]);
        Run(2, 20, [5]);
        Assert.Equal(Start + (50 * Millisecond), _sequencer.NextDeadline);
        Assert.Equal([(5, true), (9, true)], Left(Processed(Tick(_sequencer.NextDeadline))));
    }

    [Fact]
    public void Process_MoreThanAnInstrumentMayHold_TheLowestHoleCountsAtOnce()
    {
        Assert.Equal(2_000, new RepairOptions().MaxHeld);
        Run(1, 0, [1]);
        Assert.Empty(Run(1, 0, Enumerable.Range(3, 2_000)));
        Assert.Equal(Enumerable.Range(3, 2_001).Select(id => ((long)id, id == 3)), Run(1, 1, [2_003]));
        Assert.Equal(long.MaxValue, _sequencer.NextDeadline);
    }

    [Fact]
    public void Process_MoreThanALaneMayHold_HolesCountAtOnce()
    {
        var sequencer = new Sequencer(_metrics, holdBudget: new HoldBudget(3));
        Process(Of(1, Start, 2, Trade(1), TestMarket.Trade(TestMarket.Ether, 1, 0)));
        Assert.Empty(Process(Of(1, Start, 2, Trade(3), Trade(4), Trade(6))));
        Assert.Equal([(3, true)], Process(Of(1, Start, 2, TestMarket.Trade(TestMarket.Ether, 3, 0))));
        Assert.Equal([(3, true), (4, false)], Process(Of(1, Start, 2, Trade(8))));
        Assert.Empty(Process(Of(1, Start, 2, TestMarket.Trade(TestMarket.Ether, 5, 0))));

        List<(long Id, bool AfterGap)> Process(MarketBatch batch)
        {
            sequencer.Process(batch);
            return Left(batch);
        }
    }

    [Fact]
    public void Process_RowsOfRanges_WaitAlike()
    {
        var okx = new Instrument(0, "okx", "BTC-USDT", "BTC-USDT", new SequenceRules(IdDiscipline.Ranges, BookRule.Chain));
        Processed(Of(1, Start, 2, Row(1, 3)));
        Assert.Empty(Left(Processed(Of(1, Start, 2, Row(6, 8), Row(9, 9)))));
        Assert.Equal([(5, false), (8, false), (9, false)], Left(Processed(Of(2, Start, 2, Row(1, 3), Row(4, 5), Row(6, 8)))));

        Trade Row(long first, long last) => TestMarket.Trade(okx, last, 1) with { FirstId = first };
    }

    [Fact]
    public void Process_VenueCountsAnewWhileTradesWait_TheyLeaveBefore()
    {
        Run(1, 0, [50_000, 50_002]);
        var left = Left(Processed(Of(1, Start + 1, 2, Late(7), Late(8), Late(9), Late(10))));
        Assert.Equal([(50_002, true), (7, true), (8, false), (9, false), (10, false)], left);
        Assert.Equal((1, 1), (Value("pipeline.sequence.resets", "trade"), Value("pipeline.sequence.missing", "trade")));

        static Trade Late(long id) => TestMarket.Trade(TestMarket.Bitcoin, id, 100);
    }

    [Fact]
    public void Process_ClockSetBack_NothingIsWaitedForAnyMore()
    {
        Run(1, 10_000, [1, 3]);
        Assert.Equal([(3, true)], Left(Processed(Tick(Start))));
        Run(1, 0, [5]);
        Assert.Equal(Start + (50 * Millisecond), _sequencer.NextDeadline);
    }

    [Fact]
    public void Process_TwoLegs_FiguresTellWhoWinsByHowMuchAndWhoLoses()
    {
        for (var id = 1; id <= 1_000; id++)
        {
            var isSecondAhead = id % 10 == 0;
            var (first, second) = isSecondAhead ? (2, 1) : (1, 2);
            if (id % 100 != 50)
            {
                Run(first, id * 10L, [id]);
            }

            Run(second, (id * 10L) + (id % 20 == 1 ? 8 : 4), [id]);
        }

        var legs = _metrics.Legs;
        Assert.Equal(["binance-1a", "binance-1b"], legs.Select(leg => leg.Connection));

        // Ids 50, 150, 250 … were never brought by the second leg, which would have been first.
        Assert.Equal((910, 0), (legs[0].Wins, legs[0].Losses));
        Assert.Equal((90, 10), (legs[1].Wins, legs[1].Losses));
        Assert.InRange(legs[0].LeadP50, 4 * Millisecond, 4 * Millisecond * 9 / 8);
        Assert.InRange(legs[0].LeadP99, 8 * Millisecond, 8 * Millisecond * 9 / 8);
        Assert.InRange(legs[1].LeadP99, 4 * Millisecond, 4 * Millisecond * 9 / 8);
        Assert.Equal(910, Value("pipeline.legs.wins", "binance-1a"));
        Assert.Equal(10, Value("pipeline.legs.losses", "binance-1b"));
    }

    [Fact]
    public void Process_LegComesBack_ItsAbsenceIsNoLoss()
    {
        Run(1, 0, [1, 2]);
        Run(2, 0, [1, 2]);
        Processed(Of(1, Start, 1, Trade(3), Trade(4)));
        Run(2, 1, [5]);
        Run(1, 1, [5]);
        Assert.All(_metrics.Legs, leg => Assert.Equal(0, leg.Losses));
    }

    [Fact]
    public void Process_OneLeg_KeepsNoFigures()
    {
        Processed(Of(1, Start, 1, Trade(1), Trade(2), Trade(9)));
        Assert.Empty(_metrics.Legs);
    }

    [Theory]
    [InlineData(1, IdDiscipline.Contiguous)]
    [InlineData(2, IdDiscipline.Contiguous)]
    [InlineData(3, IdDiscipline.Contiguous)]
    [InlineData(4, IdDiscipline.Ranges)]
    [InlineData(5, IdDiscipline.Ranges)]
    [InlineData(6, IdDiscipline.Unordered)]
    public void Process_RandomInterleavings_LeaveTheUnionOnceInOrder(int seed, IdDiscipline discipline)
    {
        var world = new TwoLegTrades(seed, discipline);
        var left = new List<(Trade Trade, int At)>();
        var longest = 0L;
        foreach (var batch in world.Batches(5_000))
        {
            while (_sequencer.NextDeadline <= batch.Now)
            {
                Take(Tick(_sequencer.NextDeadline));
            }

            Take(batch);
            longest = Math.Max(longest, _sequencer.NextDeadline == long.MaxValue ? 0 : _sequencer.NextDeadline - batch.Now);
        }

        while (_sequencer.NextDeadline != long.MaxValue)
        {
            Take(Tick(_sequencer.NextDeadline));
        }

        foreach (var instrument in world.Instruments)
        {
            var expected = world.ExpectedOf(instrument);
            var actual = left.Select(one => one.Trade).Where(trade => trade.Instrument == instrument).Select(trade => (trade.Id, trade.AfterGap)).ToList();
            if (discipline == IdDiscipline.Unordered)
            {
                Assert.Equal(expected.Select(one => one.Id), actual.Select(one => one.Id).Order());
                Assert.All(actual, one => Assert.False(one.AfterGap));
            }
            else
            {
                Assert.Equal(expected, actual);
            }
        }

        Assert.InRange(longest, discipline == IdDiscipline.Unordered ? 0 : 1, 250 * Millisecond);
        Assert.InRange(world.Lacking, 20, 2_000);
        Assert.Equal(discipline == IdDiscipline.Unordered ? 0 : world.Lacking, Value("pipeline.sequence.missing", "trade"));
        Assert.Equal(0, Value("pipeline.graph.dropped", "late"));

        void Take(MarketBatch batch)
        {
            _sequencer.Process(batch);
            left.AddRange(batch.Events.Span.ToArray().Where(happened => happened.Kind == MarketEventKind.Trade).Select(happened => (batch.Trades[happened.Index], left.Count)));
        }
    }

    [Fact]
    public void Process_TwoLegsWithoutHoles_AllocatesNothing()
    {
        var batches = new MarketBatchPool();
        var id = 0L;
        Pass(2_000);
        Assert.Equal(0, Allocations.Least(() => Pass(2_000)));

        void Pass(int count)
        {
            for (; count > 0; count--)
            {
                id++;
                for (var socket = 1; socket <= 2; socket++)
                {
                    var batch = batches.Rent();
                    (batch.Now, batch.Socket, batch.Legs, batch.Connection) = (Start + (id * 1_000) + socket, socket, 2, socket == 1 ? "a" : "b");
                    batch.Add(Trade(id));
                    _sequencer.Process(batch);
                    batch.Release();
                }
            }
        }
    }

    private static Trade Trade(long id) => TestMarket.Trade(TestMarket.Bitcoin, id, 1);

    private List<(long Id, bool AfterGap)> Run(long socket, long milliseconds, IEnumerable<int> ids) =>
        Left(Processed(Of(socket, Start + (milliseconds * Millisecond), 2, ids.Select(id => Trade(id)))));

    private MarketBatch Processed(MarketBatch batch)
    {
        _sequencer.Process(batch);
        return batch;
    }

    private long Value(string name, string detail) => _metrics.Snapshot().Where(s => s.Name == name && s.Detail == detail).Sum(s => s.Value);
}
