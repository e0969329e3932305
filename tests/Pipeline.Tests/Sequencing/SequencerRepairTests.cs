using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Repair;
using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;
using Pipeline.TestKit;
using Pipeline.Tests.Market;
using static Pipeline.Tests.Sequencing.LegBatches;

namespace Pipeline.Tests.Sequencing;

public sealed class SequencerRepairTests : IDisposable
{
    private const long Start = 1_000_000_000;

    private readonly PipelineMetrics _metrics = new();
    private readonly FakeRepairs _repairs = new();
    private readonly HoldBudget _budget = new();
    private readonly Sequencer _sequencer;
    private Instrument _instrument = TestMarket.Bitcoin;

    public SequencerRepairTests() => _sequencer = Make();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Hole_FilledInTime_LeavesInOrderWithAnUnannouncedRecordBehind()
    {
        Assert.Equal("1 2", Live(0, 1, 2));
        Assert.Equal("", Live(1, 5, 6));
        var asked = Assert.Single(_repairs.Requests);
        Assert.Equal((3, Start + Millisecond), (asked.FromId, asked.OpenedTime));
        Assert.Equal([new IdRange(3, 4)], asked.Missing);
        Assert.Equal((2_000_000, 5_000_000), (asked.FromTime, asked.ToTime));
        Assert.Equal(Start + (501 * Millisecond), _sequencer.NextDeadline);
        Assert.Equal("r3 r4 gap(3-4 Repaired unannounced) 5 6", Answer(200, 3, 4, RepairOutcome.Done, 3, 4, 5, 6, 7));
        Assert.Equal("7", Live(201, 7));
        Assert.Equal((long.MaxValue, HoldBudget.DefaultTrades), (_sequencer.NextDeadline, _budget.Left));
        Assert.Equal([3], _repairs.Forgotten);
    }

    [Fact]
    public void Hole_NotFilledInTime_IsAnnouncedBeforeTheFirstLaterTrade()
    {
        Live(0, 1, 2);
        Live(0, 5, 6);
        Assert.Equal("", TickAt(499));
        Assert.Equal("gap(3-4 Open 3-4) 5! 6", TickAt(500));
        Assert.Equal("7", Live(501, 7));
        Assert.Equal("r3", Answer(600, 3, 2, RepairOutcome.Page, 3));
        Assert.Equal("8", Live(601, 8));
        Assert.Equal("r4 gap(3-4 Repaired)", Answer(700, 3, 4, RepairOutcome.Done, 4, 5));
        Assert.Equal(1, Value("pipeline.gaps.closed", "repaired"));
        Assert.Equal(0, _metrics.Snapshot().Where(sample => sample.Name == "pipeline.gaps.open").Sum(sample => sample.Value));
    }

    [Fact]
    public void Hole_LongRepair_SaysOncePerSecondHowFarItIs()
    {
        Live(0, 1);
        Live(0, 100);
        TickAt(500);
        Assert.Equal("r2", Answer(600, 2, 1, RepairOutcome.Page, 2));
        Assert.Equal("r3 gap(2-99 Open 4-99)", Answer(1_500, 2, 2, RepairOutcome.Page, 3));
        Assert.Equal("r4", Answer(1_600, 2, 3, RepairOutcome.Page, 4));
    }

    [Fact]
    public void Hole_VenueHasNothing_EndsSilentHeldOrNot()
    {
        Live(0, 1);
        Live(0, 4);
        Assert.Equal("gap(2-3 VenueSilent 2-3 unannounced) 4", Answer(100, 2, 3, RepairOutcome.Done, 4, 5));
        Live(200, 9);
        TickAt(700);
        Assert.Equal("r6 gap(5-8 VenueSilent 5,7-8)", Answer(800, 5, 8, RepairOutcome.Done, 6, 9));
    }

    [Fact]
    public void Lacking_OfASilentHole_OpensItAgainOnceAndLetsThroughWhatComes()
    {
        Live(0, 1);
        Live(0, 5);
        Assert.Equal("gap(2-4 VenueSilent 2-4 unannounced) 5", Answer(100, 2, 4, RepairOutcome.Done, 5, 6));
        Assert.Equal("6", Live(200, 6));
        Assert.Equal("gap(2-4 Open 2-4)", Lacking(40_000, new IdRange(3, 3)));
        Assert.Equal("", Lacking(40_001, new IdRange(3, 3)));
        Assert.Equal((2, 2), (_repairs.Requests.Count, _repairs.Requests[^1].FromId));
        Assert.Equal("r3 gap(2-4 VenueSilent 2,4)", Answer(40_100, 2, 4, RepairOutcome.Done, 3, 5));
        Assert.Equal("gap(2-4 Open 2,4)", Lacking(41_000, new IdRange(2, 2)));
        Assert.Equal("r2 r4 gap(2-4 Repaired)", Answer(41_100, 2, 4, RepairOutcome.Done, 2, 4, 5));
        Assert.Equal("", Lacking(42_000, new IdRange(1, 6)));
        Assert.Equal("7", Live(42_001, 7));
        Assert.Equal((2, 2), (Value("pipeline.audit.repairs", "reopened"), Value("pipeline.audit.repairs", "nothing-missing")));
    }

    /// <summary>What it would bring later could not be counted any more: station 5 holds its windows no longer than that.</summary>
    [Theory]
    [InlineData(0, "gap(2-2 Open 2)", "reopened")]
    [InlineData(1, "", "too-old")]
    public void Lacking_OfASilentHole_IsRefusedWhenItIsTooOldAndCounted(int more, string said, string outcome)
    {
        Live(0, 1);
        Live(0, 3);
        Assert.Equal("gap(2-2 VenueSilent 2 unannounced) 3", Answer(100, 2, 2, RepairOutcome.Done, 3));
        Assert.Equal(said, Lacking(100 + (SilentHoles.Keep / Millisecond) + more, new IdRange(2, 2)));
        Assert.Equal(1, Value("pipeline.audit.repairs", outcome));
        Assert.Equal(outcome == "reopened" ? 1 : 0, Value("pipeline.audit.repairs", "reopened"));
    }

    [Fact]
    public void Hole_FirstPageProvesIdsSilentInTheMiddle_IsAnnouncedBeforeWhatFollowsThem()
    {
        Live(0, 1);
        Live(0, 9);
        Assert.Equal("r2 r3 gap(2-8 Open 4-5,7-8) r6! 9!", Answer(100, 2, 6, RepairOutcome.Page, 2, 3, 6));
        Assert.Equal("r7 r8 gap(2-8 VenueSilent 4-5)", Answer(700, 2, 8, RepairOutcome.Done, 7, 8, 10));
        Assert.Equal("10", Live(701, 10));
    }

    [Fact]
    public void Hole_RestKnowsNothingYet_IsNotSilent()
    {
        Live(0, 1);
        Live(0, 4);
        TickAt(500);
        for (var second = 1; second <= 30; second++)
        {
            Assert.Equal("", Answer(second * 1_000, 2, -1, RepairOutcome.Retrying));
        }

        Assert.Equal("r2 r3 gap(2-3 Repaired)", Answer(30_500, 2, 2, RepairOutcome.Done, 2, 3));
    }

    [Fact]
    public void Hole_GivenUp_SaysWhatIsStillMissing()
    {
        Live(0, 1);
        Live(0, 5);
        TickAt(500);
        Assert.Equal("r3 gap(2-4 Abandoned too-old 2,4)", Answer(800, 2, -1, RepairOutcome.Abandoned, GapReason.TooOld, 3));
        Live(900, 9);
        Assert.Equal("gap(6-8 Open 6-8) gap(6-8 Abandoned rest-refused 6-8) 9!", Answer(901, 6, -1, RepairOutcome.Abandoned, GapReason.RestRefused));
        Assert.Equal("", Live(902, 7));
    }

    [Fact]
    public void Hole_LateCopyOfAnotherLeg_FillsItAsRepair()
    {
        Run(1, 0, 1, 5);
        Assert.Equal("", TickAt(50));
        Assert.Equal("gap(2-4 Open 2-4) 5!", TickAt(550));
        Assert.Equal("r3", Run(2, 600, 3));
        Assert.Equal("r2 r4 gap(2-4 Repaired)", Run(2, 610, 2, 3, 4, 5));
        Assert.Equal([2], _repairs.Forgotten);
        Assert.Equal(3, Value("pipeline.gap.trades_backfilled", "late"));
    }

    [Fact]
    public void Hole_FilledByTheOtherLegBeforeItIsAskedFor_IsNone()
    {
        Run(1, 0, 1, 4);
        Assert.Equal("2 3 4", Run(2, 10, 2, 3));
        Assert.Empty(_repairs.Requests);
        Assert.Equal(0, Value("pipeline.sequence.holes", "trade"));
    }

    [Fact]
    public void Hole_TwoLegs_AsksWhenTheWaitIsOverAndHoldsFromThere()
    {
        Run(1, 0, 1, 4);
        TickAt(49);
        Assert.Empty(_repairs.Requests);
        TickAt(50);
        Assert.Equal(2, Assert.Single(_repairs.Requests).FromId);
        Assert.Equal(Start + (550 * Millisecond), _sequencer.NextDeadline);
        Assert.Equal("2", Run(2, 60, 2));
        Assert.Equal("r3 gap(2-3 Repaired unannounced) 4", Answer(70, 2, 3, RepairOutcome.Done, 2, 3, 4));
    }

    [Fact]
    public void Hole_SecondOneFilledFirst_WaitsForTheFirst()
    {
        Live(0, 1);
        Live(0, 3);
        Live(10, 5);
        Assert.Equal("", Answer(100, 4, 4, RepairOutcome.Done, 4, 5));
        Assert.Equal("gap(2-2 Open 2) 3! r4 gap(4-4 Repaired unannounced) 5", TickAt(500));
        Assert.Equal("r2 gap(2-2 Repaired)", Answer(600, 2, 2, RepairOutcome.Done, 2, 3));
    }

    [Fact]
    public void Hold_Zero_AnnouncesAtOnce()
    {
        var sequencer = Make(new RepairOptions { Hold = TimeSpan.Zero });
        Assert.Equal("1 gap(2-3 Open 2-3) 4! 5", Say(Processed(sequencer, Of(1, Start, 1, Trade(1), Trade(4), Trade(5)))));
        Assert.Single(_repairs.Requests);
        Assert.Equal(long.MaxValue, sequencer.NextDeadline);
    }

    [Fact]
    public void OverlappingRow_WhatIsNewOfItIsFetchedSingly()
    {
        _instrument = new Instrument(0, "okx", "BTC-USDT", "BTC-USDT", new SequenceRules(IdDiscipline.Ranges, BookRule.Chain));
        Process(Of(1, Start, 1, Row(1, 4)));
        Assert.Equal("", Say(Process(Of(1, Start, 1, Row(3, 6)))));
        Assert.Equal([new IdRange(5, 6)], Assert.Single(_repairs.Requests).Missing);
        Assert.Equal("", Say(Process(Of(1, Start, 1, Row(7, 8)))));
        Assert.Equal("r5 r6 gap(5-6 Repaired unannounced) 7..8", Answer(100, 5, 6, RepairOutcome.Done, 5, 6, 7));
        Process(Of(1, Start + (200 * Millisecond), 1, Row(8, 10)));
        Assert.Equal("gap(9-10 Open 9-10)", TickAt(700));
        Assert.Equal("11..12!", Say(Process(Of(1, Start + (800 * Millisecond), 1, Row(11, 12)))));
        Assert.Equal("r9 r10 gap(9-10 Repaired)", Answer(900, 9, 10, RepairOutcome.Done, 9, 10, 11));

        Trade Row(long first, long last) => Trade(last) with { FirstId = first };
    }

    [Fact]
    public void OffMarket_CoversItsIdAndIsNotPublished()
    {
        Live(0, 1);
        Live(0, 4);
        var batch = AnswerOf(100, 2, 3, RepairOutcome.Done, "", 2, 3);
        batch.Trades[0] = batch.Trades[0] with { Kind = TradeKind.OffMarket };
        Assert.Equal("r3 gap(2-3 Repaired unannounced) 4", Say(Process(batch)));
    }

    [Fact]
    public void Reset_ThreeInARow_NothingIsLostAndOpenHolesEnd()
    {
        Live(0, 50_000, 50_003);
        TickAt(500);
        Assert.Equal("", Live(600, (1, 60_000_000_000), (2, 60_000_000_001)));
        Assert.Equal((-1, 2), (_repairs.Requests[^1].FromId, _repairs.Requests.Count));
        Assert.Equal(
            "gap(50001-50002 Abandoned not-repairable 50001-50002) gap(50004--1 Reset series 1) 1! 2 3 4",
            Live(700, (3, 60_000_000_002), (4, 60_000_000_003)));
        Assert.Equal([50_001, -1], _repairs.Forgotten.Order().Reverse());
        Assert.Equal("", Live(800, (8, 60_000_000_010)));
        Assert.Equal(5, _repairs.Requests[^1].FromId);
    }

    [Fact]
    public void Reset_OneIdAndTheVenueSaysSo_IsFollowedAtOnce()
    {
        Live(0, 50_000);
        Live(600, (7, 60_000_000_000));
        Assert.Equal("gap(50001--1 Reset series 1) 7!", Answer(700, -1, -1, RepairOutcome.Done, 6, 7, at: 60_000_000_000));
    }

    [Fact]
    public void Reset_TheVenueSaysNo_WasACopy()
    {
        Live(0, 50_000);
        Live(600, (7, 60_000_000_000));
        Assert.Equal("", Answer(700, -1, -1, RepairOutcome.Done, 49_999, 50_000, at: 60_000_000_000));
        Assert.Equal("50001", Live(800, (50_001, 60_000_000_001)));
        Assert.Equal(1, Value("pipeline.graph.dropped", "duplicate"));
        Assert.Equal(0, Value("pipeline.sequence.resets", "trade"));
    }

    [Fact]
    public void Silent_TwentyInARow_DemoteTheInstrument()
    {
        Live(0, 1);
        var said = "";
        for (var i = 1; i <= Sequencer.SilentToDemote; i++)
        {
            Assert.DoesNotContain("health", said, StringComparison.Ordinal);
            Live(i * 10, (i * 10) + 1);
            said = Answer((i * 10) + 5, ((i - 1) * 10) + 2, (i * 10), RepairOutcome.Done, (i * 10) + 1);
        }

        Assert.EndsWith("201 health(ids-not-contiguous)", said, StringComparison.Ordinal);
        Assert.Equal("911 905 999", Live(1_000, 911, 905, 905, 201, 150, 999));
        Assert.Equal(Sequencer.SilentToDemote, _repairs.Requests.Count);
        Assert.Equal(3, Value("pipeline.graph.dropped", "duplicate"));
        var state = Checkpoint().Single();
        Assert.Equal((true, 201), (state.IsDemoted, state.Frontier));
        Assert.Equal([911, 905, 999], state.RecentIds);
    }

    [Fact]
    public void Silent_OneRepairedBetween_CountsAnew()
    {
        Live(0, 1);
        for (var i = 1; i <= 60; i++)
        {
            Live(i * 10, (i * 10) + 1);
            var brought = i % 15 == 0 ? Enumerable.Range(((i - 1) * 10) + 2, 10).ToArray() : [(i * 10) + 1];
            Answer((i * 10) + 5, ((i - 1) * 10) + 2, i * 10, RepairOutcome.Done, brought);
        }

        Assert.Equal(0, _metrics.Snapshot().Where(sample => sample.Name == "pipeline.sequence.demotions").Sum(sample => sample.Value));
        Assert.Equal((56, 4), (Value("pipeline.gaps.closed", "venue-silent"), Value("pipeline.gaps.closed", "repaired-in-time")));
    }

    [Fact]
    public void Holes_MoreThanAreKept_TheOldestIsGivenUpWithItsRanges()
    {
        Live(0, 1);
        var said = new List<string>();
        for (var i = 1; i <= Arbiter.MaxGaps + 2; i++)
        {
            said.Add(Live(i, (i * 2) + 1));
        }

        Assert.All(said[..^2], Assert.Empty);
        Assert.Equal("gap(2-2 Open 2) gap(2-2 Abandoned too-many 2) 3!", said[^2]);
        Assert.Equal("gap(4-4 Open 4) gap(4-4 Abandoned too-many 4) 5!", said[^1]);
        Assert.Equal([2, 4], _repairs.Forgotten);
    }

    [Fact]
    public void Held_MoreThanAllowed_TheHoleIsAnnouncedAtOnce()
    {
        var sequencer = Make(new RepairOptions { MaxHeld = 3 });
        Processed(sequencer, Of(1, Start, 1, Trade(1), Trade(3), Trade(4), Trade(5)));
        Assert.Equal("gap(2-2 Open 2) 3! 4 5 6", Say(Processed(sequencer, Of(1, Start, 1, Trade(6)))));
        Assert.Equal("r2 gap(2-2 Repaired)", Say(Processed(sequencer, AnswerOf(100, 2, 2, RepairOutcome.Done, "", 2, 3))));
    }

    [Fact]
    public void Checkpoint_HasWhatChangedAndRestoresIt()
    {
        Live(0, 1, 2);
        Live(0, 6);
        TickAt(500);
        Answer(600, 3, 2, RepairOutcome.Page, 4);
        Live(700, 9);
        var state = Checkpoint().Single();
        Assert.Equal((6, 6_000_000, 0), (state.Frontier, state.FrontierTime, state.Series));
        var gap = state.OpenGaps.Single();
        Assert.Equal((3, 5, GapState.Open), (gap.FromId, gap.ToId, gap.State));
        Assert.Equal([new IdRange(3, 3), new IdRange(5, 5)], gap.Missing);
        Assert.Empty(Checkpoint());

        _repairs.Requests.Clear();
        var other = Make(restore: instrument => instrument == _instrument ? state : null);
        var health = new MarketBatch { Now = Start };
        health.Add(new StreamHealth(_instrument, "trade", HealthState.Starting, "requested", "", 0, 0, 0));
        other.Process(health);
        Assert.Equal(gap.Missing, Assert.Single(_repairs.Requests).Missing);
        Assert.Equal("", Say(Processed(other, Of(7, Start, 1, Trade(11)))));
        Assert.Equal("r3 r5 gap(3-5 Repaired)", Say(Processed(other, AnswerOf(100, 3, 5, RepairOutcome.Done, "", 3, 5, 6))));
        Assert.Equal("gap(7-10 Open 7-10 restart) 11!", Say(Processed(other, Tick(Start + (500 * Millisecond))), withReason: true));
        Assert.Equal("12", Say(Processed(other, Of(7, Start + (600 * Millisecond), 1, Trade(12)))));
    }

    [Fact]
    public void Disconnect_OfAnInstrumentWithIds_IsTheReasonOfItsHole()
    {
        Process(Of(1, Start, 1, Trade(1)));
        var batch = Of(2, Start, 1, Trade(5));
        batch.Series = 2;
        Process(batch);
        Assert.Equal("gap(2-4 Open 2-4 disconnected) 5!", Say(Process(Tick(Start + (500 * Millisecond))), withReason: true));
    }

    [Fact]
    public void Unordered_Reconnect_IsAHoleInTimeThatTheNewestPageFills()
    {
        Bybit();
        Assert.Equal("7 5", Live(0, (7, 10), (5, 20)));
        Assert.Equal("gap(-1--1 Open) 3! 4", Say(Process(OfSeries(2, 100, (3, 50), (4, 60)))));
        var asked = Assert.Single(_repairs.Requests);
        Assert.Equal((-1, 20, 50, 0), (asked.FromId, asked.FromTime, asked.ToTime, asked.Missing.Count));
        var page = new MarketBatch { Now = Start, Repair = new RepairAnswer(_instrument, -1, -1, RepairOutcome.Done) };
        foreach (var (id, time) in new[] { (1L, 5L), (5, 20), (9, 20), (8, 30), (3, 50), (4, 60) })
        {
            page.Add(TestMarket.Trade(_instrument, id, time) with { Source = TradeSource.Repair });
        }

        Assert.Equal("r9 r8 gap(-1--1 Repaired)", Say(Process(page)));
        Assert.Equal("", Live(200, (8, 30)));
    }

    [Fact]
    public void Unordered_PageDoesNotReachBack_IsGivenUp()
    {
        Bybit();
        Live(0, (7, 10));
        Process(OfSeries(2, 100, (3, 50)));
        var page = new MarketBatch { Now = Start, Repair = new RepairAnswer(_instrument, -1, -1, RepairOutcome.Abandoned, GapReason.NotRepairable) };
        page.Add(TestMarket.Trade(_instrument, 8, 30) with { Source = TradeSource.Repair });
        Assert.Equal("r8 gap(-1--1 Abandoned not-repairable)", Say(Process(page)));
    }

    [Fact]
    public void Unordered_SecondBreakBeforeTheAnswer_MakesOneHole()
    {
        Bybit();
        Live(0, (7, 10));
        Process(OfSeries(2, 100, (3, 50)));
        Assert.Equal("gap(-1--1 Open) 9!", Say(Process(OfSeries(3, 200, (9, 90)))));
        Assert.Equal((10, 90), (_repairs.Requests[^1].FromTime, _repairs.Requests[^1].ToTime));
        Assert.Equal("", Answer(300, -1, -1, RepairOutcome.Done, 7, 3, at: 50));
        Assert.Equal("gap(-1--1 Repaired)", Answer(400, -1, -1, RepairOutcome.Done, 7, 9, at: 90));
    }

    [Fact]
    public void Unordered_Restart_KnowsItsRecentIds()
    {
        Bybit();
        Live(0, (7, 10), (5, 20));
        var state = Checkpoint().Single();
        Assert.Equal([7, 5], state.RecentIds);
        var other = Make(restore: _ => state);
        Assert.Equal("gap(-1--1 Open restart) 3!", Say(Processed(other, OfSeries(1, 100, (5, 20), (3, 50))), withReason: true));
        Assert.Equal((20, 50), (_repairs.Requests[^1].FromTime, _repairs.Requests[^1].ToTime));
    }

    [Fact]
    public void OpenHole_TradesOfTwoLegsGoOnWithoutAllocating()
    {
        Run(1, 0, 1, 4);
        TickAt(50);
        TickAt(550);
        var batches = new MarketBatchPool();
        var id = 4L;
        Pass(1_000);
        Assert.Equal(0, Allocations.Least(() => Pass(1_000)));
        Assert.Equal("r2 r3 gap(2-3 Repaired)", Answer(9_000_000, 2, 3, RepairOutcome.Done, 2, 3, 4));

        void Pass(int count)
        {
            for (; count > 0; count--)
            {
                id++;
                for (var socket = 1; socket <= 2; socket++)
                {
                    var batch = batches.Rent();
                    (batch.Now, batch.Socket, batch.Series, batch.Legs) = (Start + (600 * Millisecond) + (id * 1_000), socket, 1, 2);
                    batch.Connection = socket == 1 ? "a" : "b";
                    batch.Add(Trade(id));
                    _sequencer.Process(batch);
                    batch.Release();
                }
            }
        }
    }

    [Fact]
    public void Forget_OpenHolesEndAndTheAnswerIsNobodys()
    {
        Live(0, 1);
        Live(0, 3);
        TickAt(500);
        Live(600, 9);
        var batch = new MarketBatch { Now = Start + (700 * Millisecond), Forgotten = _instrument };
        _sequencer.Forget(_instrument, batch);
        Assert.Equal("gap(2-2 Abandoned unsubscribed 2)", Say(Process(batch)));
        Assert.Equal([2, 4], _repairs.Forgotten);
        Assert.Equal((HoldBudget.DefaultTrades, long.MaxValue), (_budget.Left, _sequencer.NextDeadline));
        Assert.Equal("", Answer(800, 2, 2, RepairOutcome.Done, 2));
        Assert.Equal("20", Live(900, 20));
    }

    [Fact]
    public void Last_LetsGoWhatIsHeldAndAnnouncesTheHole()
    {
        Live(0, 1);
        Live(0, 4);
        Assert.Equal("gap(2-3 Open 2-3) 4!", Say(Process(new MarketBatch { IsLast = true })));
    }

    private void Bybit() =>
        _instrument = new Instrument(2, "bybit", "BTC-USDT", "BTCUSDT", new SequenceRules(IdDiscipline.Unordered, BookRule.Resend));

    private Sequencer Make(RepairOptions? options = null, Func<Instrument, TradeSeriesState?>? restore = null) =>
        new(_metrics, _budget, _repairs, options, restore);

    private Trade Trade(long id) => TestMarket.Trade(_instrument, id, id * 1_000_000);

    private string Live(long milliseconds, params int[] ids) =>
        Say(Process(Of(1, Start + (milliseconds * Millisecond), 1, ids.Select(id => Trade(id)))));

    private string Live(long milliseconds, params (long Id, long Time)[] trades) => Say(Process(OfSeries(1, milliseconds, trades)));

    private MarketBatch OfSeries(long series, long milliseconds, params (long Id, long Time)[] trades)
    {
        var batch = Of(1, Start + (milliseconds * Millisecond), 1, trades.Select(one => TestMarket.Trade(_instrument, one.Id, one.Time)));
        batch.Series = series;
        return batch;
    }

    private string Run(long socket, long milliseconds, params int[] ids) =>
        Say(Process(Of(socket, Start + (milliseconds * Millisecond), 2, ids.Select(id => Trade(id)))));

    private string Lacking(long milliseconds, params IdRange[] missing) => Say(Process(new MarketBatch
    {
        Now = Start + (milliseconds * Millisecond),
        Lacking = new AuditRepair(_instrument, missing, 0, 60_000_000, Start),
    }));

    private string TickAt(long milliseconds) => Say(Process(Tick(Start + (milliseconds * Millisecond))));

    private string Answer(long milliseconds, long fromId, long coveredTo, RepairOutcome outcome, params int[] ids) =>
        Say(Process(AnswerOf(milliseconds, fromId, coveredTo, outcome, "", ids)));

    private string Answer(long milliseconds, long fromId, long coveredTo, RepairOutcome outcome, string reason, params int[] ids) =>
        Say(Process(AnswerOf(milliseconds, fromId, coveredTo, outcome, reason, ids)));

    private string Answer(long milliseconds, long fromId, long coveredTo, RepairOutcome outcome, int first, int second, long at)
    {
        var batch = AnswerOf(milliseconds, fromId, coveredTo, outcome, "", first, second);
        batch.Trades[0] = batch.Trades[0] with { EventTime = at - 1 };
        batch.Trades[1] = batch.Trades[1] with { EventTime = at };
        return Say(Process(batch));
    }

    private MarketBatch AnswerOf(long milliseconds, long fromId, long coveredTo, RepairOutcome outcome, string reason, params int[] ids)
    {
        var batch = new MarketBatch
        {
            Now = Start + (milliseconds * Millisecond),
            Repair = new RepairAnswer(_instrument, fromId, coveredTo, outcome, reason),
        };
        foreach (var id in ids)
        {
            batch.Add(Trade(id) with { Source = TradeSource.Repair });
        }

        return batch;
    }

    private IReadOnlyList<TradeSeriesState> Checkpoint()
    {
        var batch = Process(new MarketBatch { Now = Start + (700 * Millisecond), IsCheckpoint = true });
        return [.. batch.States.Span.ToArray().Where(state => !state.IsUnchanged).Select(state => state.Trades!)];
    }

    private MarketBatch Process(MarketBatch batch) => Processed(_sequencer, batch);

    private static MarketBatch Processed(Sequencer sequencer, MarketBatch batch)
    {
        sequencer.Process(batch);
        return batch;
    }

    private static string Say(MarketBatch batch, bool withReason = false) => string.Join(' ', batch.Events.Span.ToArray().Select(happened =>
        happened.Kind switch
        {
            MarketEventKind.Trade => Say(batch.Trades[happened.Index]),
            MarketEventKind.Gap => Say(batch.Gaps[happened.Index], withReason),
            MarketEventKind.Health => $"health({batch.Health[happened.Index].Reason})",
            _ => happened.Kind.ToString(),
        }));

    private static string Say(Trade trade) =>
        (trade.Source == TradeSource.Repair ? "r" : "") + (trade.FirstId == trade.Id ? $"{trade.Id}" : $"{trade.FirstId}..{trade.Id}") + (trade.AfterGap ? "!" : "");

    private static string Say(Gap gap, bool withReason)
    {
        var missing = string.Join(',', gap.Missing.Select(range => range.Count == 1 ? $"{range.First}" : $"{range.First}-{range.Last}"));
        var words = new List<string> { $"{gap.FromId}-{gap.ToId}", gap.State.ToString() };
        words.AddRange(gap.State == GapState.Abandoned ? [gap.Reason] : []);
        words.AddRange(missing.Length > 0 ? [missing] : []);
        words.AddRange(gap.State == GapState.Reset ? [$"series {gap.Series}"] : []);
        words.AddRange(gap.IsAnnounced || gap.State == GapState.Reset ? [] : ["unannounced"]);
        words.AddRange(withReason ? [gap.Reason] : []);
        return $"gap({string.Join(' ', words)})";
    }

    private long Value(string name, string detail) => _metrics.Snapshot().Where(s => s.Name == name && s.Detail == detail).Sum(s => s.Value);
}
