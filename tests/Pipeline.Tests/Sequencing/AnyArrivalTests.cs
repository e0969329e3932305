using FsCheck;
using FsCheck.Fluent;
using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;
using Pipeline.Tests.Candles;
using Pipeline.Tests.TestKit;
using Xunit.Abstractions;
using static Pipeline.Tests.Market.TestMarket;

namespace Pipeline.Tests.Sequencing;

/// <summary>
/// For any order of arrival, any copies and any loss: what leaves is the sorted unique input, and candles are the naive fold of it. FsCheck
/// makes the cases and makes the failing one small.
/// </summary>
public sealed class AnyArrivalTests(ITestOutputHelper output)
{
    // Behind the last trade, so that windows up to a day close.
    private const long Day = 86_400_000_000L + 60_000_000;

    private static readonly long Start = At("2023-04-02T21:00:00Z");

    /// <summary>Where repair is in time, the output is sorted as it is: nothing waits beyond the hold, so nothing is ever out of place.</summary>
    [Fact]
    public void RepairedInTime_OutputIsTheSortedUniqueInput() => ForAny.Check(
        Prop.ForAll(Arb.Array(Passage.Any), RepairManner.InTime, CheckInTime),
        cases: 400,
        largest: 150,
        output);

    /// <summary>Where it is not, what comes later lies in an announced hole, and all of it together is the sorted unique input.</summary>
    [Fact]
    public void RepairedWhenever_OutputIsTheUniqueInputAndHolesSayWhatIsOutOfPlace() => ForAny.Check(
        Prop.ForAll(Arb.Array(Passage.Any), RepairManner.Any, CheckWhenever),
        cases: 400,
        largest: 150,
        output);

    [Fact]
    public void RepairedWhenever_CandlesEqualANaiveFoldOfTheUniqueInput() => ForAny.Check(
        Prop.ForAll(Arb.Array(Passage.Any), RepairManner.Any, CheckCandles),
        cases: 150,
        largest: 120,
        output);

    /// <summary>
    /// The venue shows some trades only when their candles are long final, and an audit has them asked for again; processes end and others
    /// go on from their state and their log; quiet minutes are carried. In the end each candle is the fold of all that left, and says so.
    /// </summary>
    [Fact]
    public void AuditedAndRestarted_CandlesEqualANaiveFoldOfAllThatLeft() => ForAny.Check(
        Prop.ForAll(Arb.Array(Passage.AnyShown), RepairManner.Any, Arb.Array(Interruption.Any), CheckInterrupted),
        cases: 150,
        largest: 100,
        output);

    /// <summary>Two cases that were wrong once, as the property found and shrank them: a fold twice, and a window forgotten too soon.</summary>
    [Fact]
    public void RepairedBehindWindowsThatTheClockClosed_CandlesEqualANaiveFold()
    {
        CheckCandles([Of(100, 0), Of(1_542_597), Of(39_470, 0)], new RepairManner(1, 30_000, 0, 1_000, 500));
        CheckCandles([Of(100, 0), Of(100), Of(100), Of(100), Of(100), Of(240_000, 0)], new RepairManner(1, 0, 0, 2, 5_000));

        static Passage Of(int after, params int[] delays) => new(after, delays, 10_000 + (after % 97), 1 + (after % 89), IsBuy: true);
    }

    /// <summary>Cases that were wrong once, as the property found and shrank them.</summary>
    [Fact]
    public void AuditedAndRestarted_CasesThatWereWrong_CandlesEqualANaiveFold()
    {
        CheckInterrupted(
            [Of(4_157, 0), Of(2_663_496), Of(100) with { ShownAfterSeconds = 47 }, Of(28_377, 0)], new RepairManner(1, 30_000, 0.3, 2, 5_000), []);

        // Hours, covered since the restart, were carried while the minute of the restart waited; then came what lies between.
        CheckInterrupted(
            [Of(100, 0), Of(6_742_659, 367) with { ShownAfterSeconds = 32 }, Of(7_211_737, 0)],
            new RepairManner(1, 0, 0.3, 2, 500),
            [new Interruption(27, 6, 0)]);

        // Carried and revised before the restart: it knew of the first record alone.
        CheckInterrupted(
            [Of(100, 0), Of(50_663, 2_286) with { ShownAfterSeconds = 146 }, Of(156, 30, 33) with { ShownAfterSeconds = 123 }, Of(85_383, 0), Of(3_173_819, 0)],
            new RepairManner(1, 400, 0.3, 1_000, 5_000),
            [new Interruption(53, 0, 0)]);
        CheckInterrupted(
            [Of(784_251, 0), Of(100), Of(40_564, 18) with { ShownAfterSeconds = 145 }, Of(79_492, 0), Of(17_500, 0)],
            new RepairManner(1, 30_000, 0.3, 1_000, 500),
            [new Interruption(990, 799, 500)]);

        // Final before the restart by the clock, and touched by a hole of which a part came behind that.
        CheckInterrupted(
            [
                Of(100, 0), Of(4_782_986, 0), Of(260, 35) with { ShownAfterSeconds = 30 }, Of(2_579_433, 22) with { ShownAfterSeconds = 31 },
                Of(100, 0), Of(645, 0),
            ],
            new RepairManner(2, 30_000, 0, 2, 0),
            [new Interruption(1_000, 863, 500)]);

        // A hole of which parts came in time, the rest by an audit: before and behind the parts other prices were carried.
        CheckInterrupted(
            [Of(90, 0), Of(3_574_822, 538) with { ShownAfterSeconds = 6_499 }, Of(71_439) with { ShownAfterSeconds = 56 }, Of(3_458_483, 0), Of(2_015, 0)],
            new RepairManner(1, 30_000, 0, 2, 5_000),
            [new Interruption(618, 513, 20_000)]);
        CheckInterrupted(
            [Of(57_157, 0), Of(22_668, 12) with { ShownAfterSeconds = 412 }, Of(180_101, 14) with { ShownAfterSeconds = 42 }, Of(59_589, 0)],
            new RepairManner(2, 400, 0, 2, 500),
            [new Interruption(265, 223, 0)]);

        // The restart found such a hole by its ids, and the record behind the parts did not end what it found.
        CheckInterrupted(
            [Of(100, 0), Of(100), Of(45_382, 40) with { ShownAfterSeconds = 46 }, Of(86), Of(101, 0), Of(809_340, 0)],
            new RepairManner(1, 0, 0.3, 1_000, 500),
            [new Interruption(100, 0, 200_000)]);

        static Passage Of(int after, params int[] delays) => new(after, delays, 10_000 + (after % 97), 1 + (after % 89), IsBuy: true);
    }

    /// <summary>A property that is wrong is found to be, with a small case and the seed: the tests above can fail.</summary>
    [Fact]
    public void PropertyThatIsWrong_FailsWithASmallCaseAndItsSeed()
    {
        var failure = Assert.ThrowsAny<Exception>(() => ForAny.Check(
            Prop.ForAll(Arb.Array(Passage.Any), RepairManner.InTime, (passages, manner) =>
            {
                using var world = Play(passages, manner);
                Assert.DoesNotContain(world.Left, one => one.What is Trade { Source: TradeSource.Repair } or Gap);
            }),
            cases: 400,
            largest: 150,
            output));
        output.WriteLine(failure.Message);
        Assert.Contains("Falsifiable", failure.Message, StringComparison.Ordinal);
        Assert.Contains("shrink", failure.Message, StringComparison.Ordinal);

        // Three trades are the least: one before the hole, one in it, one behind it.
        var shrunk = failure.Message[failure.Message.IndexOf("Shrunk:", StringComparison.Ordinal)..];
        Assert.Equal(3, shrunk[..shrunk.IndexOf(nameof(RepairManner), StringComparison.Ordinal)].Count(letter => letter == '@'));
    }

    private static RepairWorld Play(Passage[] passages, RepairManner manner)
    {
        var world = new RepairWorld(passages, manner, Start);
        world.Run();
        Assert.True(world.IsIdle);
        Assert.Equal(HoldBudget.DefaultTrades, world.Budget.Left);
        return world;
    }

    private static void CheckInTime(Passage[] passages, RepairManner manner)
    {
        using var world = Play(passages, manner);
        Assert.Equal(Expected(world), LeftIds(world));
    }

    private static void CheckWhenever(Passage[] passages, RepairManner manner)
    {
        using var world = Play(passages, manner);
        var expected = Expected(world);
        Assert.Equal(expected, LeftIds(world).Order());
        var live = world.Left.Select(one => one.What).OfType<Trade>().Where(trade => trade.Source == TradeSource.Live).Select(trade => trade.Id).ToList();
        Assert.Equal(live.Order(), live);
        SequencerRepairPropertyTests.FollowHoles(world, [.. expected]);
    }

    private static void CheckCandles(Passage[] passages, RepairManner manner)
    {
        using var world = Play(passages, manner);
        var expected = Expected(world).ToHashSet();
        if (expected.Count == 0)
        {
            return;
        }

        using var metrics = new PipelineMetrics();
        var candles = new CandleWorld(CandleWorld.AllOptions, metrics);
        candles.Tell(world.Left[0].At, Bitcoin, HealthState.Fresh, Start);
        foreach (var (left, at) in world.Batches)
        {
            candles.Send(at, batch => Fill(batch, left));
        }

        candles.RunTo(world.Left[^1].At + Day);
        foreach (var (key, row) in NaiveFold.Of([.. world.Truth.Where(trade => expected.Contains(trade.Id))]))
        {
            if (key.OpenTime + key.Interval.Microseconds > candles.Now - 60_000_000)
            {
                continue;
            }

            var candle = candles.Last[(Bitcoin, key.Interval, key.OpenTime)];
            Assert.NotEqual(CandleState.Forming, candle.State);
            if (row != NaiveFold.Of(candle))
            {
                var told = candles.Records.Where(one => one.Interval == key.Interval && one.OpenTime == key.OpenTime);
                Assert.Fail($"{row} is not what was told:\n{string.Join('\n', told)}\nafter\n{string.Join('\n', world.Left)}");
            }
        }
    }

    private static void CheckInterrupted(Passage[] passages, RepairManner manner, Interruption[] interruptions)
    {
        // More of them in a row would say that the ids are not contiguous.
        var shown = passages.Count(passage => passage.ShownAfterSeconds is not null);
        if (shown >= Sequencer.SilentToDemote)
        {
            return;
        }

        using var run = new InterruptedRun(passages, manner, [.. interruptions.Take(4)], Start);
        try
        {
            run.Run();
        }
        catch (Exception exception) when (exception is Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"{exception.Message}\nafter\n{string.Join('\n', run.World.Left)}", exception);
        }

        var ids = LeftIds(run.World).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        var left = ids.ToHashSet();
        Assert.DoesNotContain(
            run.World.Truth.Where((_, i) => passages[i].ShownAfterSeconds is null),
            trade => !left.Contains(trade.Id) && left.Any(id => id < trade.Id) && left.Any(id => id > trade.Id));
        Assert.Equal(0, run.Unrevisable);
        var trades = run.World.Truth.Where(trade => left.Contains(trade.Id)).ToList();
        if (trades.Count > 0)
        {
            CheckFolded(run, trades);
            CheckCarried(run, trades);
        }
    }

    private static void CheckFolded(InterruptedRun run, List<Trade> trades)
    {
        var last = trades.Max(trade => trade.EventTime);
        foreach (var (key, row) in NaiveFold.Of(trades))
        {
            if (key.OpenTime + key.Interval.Microseconds > run.Candles.Now - 60_000_000)
            {
                continue;
            }

            Assert.True(run.Candles.Last.TryGetValue((Bitcoin, key.Interval, key.OpenTime), out var candle), $"no record of {key}");
            var isComplete = key.OpenTime > key.Interval.OpenOf(trades[0].EventTime);
            if (row != NaiveFold.Of(candle) || (candle.Complete != isComplete && candle.CloseTime <= last))
            {
                Assert.Fail($"{row} is not what was told:\n{History(run, key.Interval, key.OpenTime)}");
            }
        }
    }

    /// <summary>From 1m up every window between the first trade and the last has its record, the empty ones that of the close before.</summary>
    private static void CheckCarried(InterruptedRun run, List<Trade> trades)
    {
        var expected = NaiveFold.Of(trades);
        var last = trades.Max(trade => trade.EventTime);
        foreach (var interval in CandleInterval.All.Where(one => one.Microseconds >= 60_000_000))
        {
            decimal? close = null;
            for (var open = interval.OpenOf(trades.Min(trade => trade.EventTime)); open + interval.Microseconds <= last; open += interval.Microseconds)
            {
                if (expected.TryGetValue((interval, open), out var row))
                {
                    close = row.Close;
                }
                else if (!run.Candles.Last.TryGetValue((Bitcoin, interval, open), out var candle) || !candle.Complete || !Carries(NaiveFold.Of(candle), close))
                {
                    Assert.Fail($"{interval} at {open} does not carry {close}:\n{History(run, interval, open)}");
                }
            }
        }
    }

    private static bool Carries(NaiveFold.Row told, decimal? close) =>
        (told.Open, told.High, told.Low, told.Close, told.Volume, told.Trades) == (close, close, close, close, 0, 0);

    private static string History(InterruptedRun run, CandleInterval interval, long openTime)
    {
        var told = run.Candles.Records.Where(one => one.Interval == interval && one.OpenTime == openTime);
        return $"{string.Join('\n', told)}\nafter\n{string.Join('\n', run.World.Left)}";
    }

    private static void Fill(MarketBatch batch, object[] left)
    {
        foreach (var one in left)
        {
            if (one is Gap gap)
            {
                batch.Add(gap);
            }
            else
            {
                batch.Add((Trade)one);
            }
        }
    }

    /// <summary>What the venue made from the first trade that a socket brought to the last.</summary>
    private static List<long> Expected(RepairWorld world) =>
        [.. world.Truth.Select(trade => trade.Id).Where(id => id >= world.Seen.First && id <= world.Seen.Last)];

    private static IEnumerable<long> LeftIds(RepairWorld world) => world.Left.Select(one => one.What).OfType<Trade>().Select(trade => trade.Id);
}
