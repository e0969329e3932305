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
        Prop.ForAll(Arb.Array(Passage.Any), RepairManner.InTime, (passages, manner) =>
        {
            using var world = Play(passages, manner);
            Assert.Equal(Expected(world), LeftIds(world));
        }),
        cases: 400,
        largest: 150,
        output);

    /// <summary>Where it is not, what comes later lies in an announced hole, and all of it together is the sorted unique input.</summary>
    [Fact]
    public void RepairedWhenever_OutputIsTheUniqueInputAndHolesSayWhatIsOutOfPlace() => ForAny.Check(
        Prop.ForAll(Arb.Array(Passage.Any), RepairManner.Any, (passages, manner) =>
        {
            using var world = Play(passages, manner);
            var expected = Expected(world);
            Assert.Equal(expected, LeftIds(world).Order());
            var live = world.Left.Select(one => one.What).OfType<Trade>().Where(trade => trade.Source == TradeSource.Live).Select(trade => trade.Id).ToList();
            Assert.Equal(live.Order(), live);
            SequencerRepairPropertyTests.FollowHoles(world, [.. expected]);
        }),
        cases: 400,
        largest: 150,
        output);

    [Fact]
    public void RepairedWhenever_CandlesEqualANaiveFoldOfTheUniqueInput() => ForAny.Check(
        Prop.ForAll(Arb.Array(Passage.Any), RepairManner.Any, CheckCandles),
        cases: 150,
        largest: 120,
        output);

    /// <summary>Two cases that were wrong once, as the property found and shrank them: a fold twice, and a window forgotten too soon.</summary>
    [Fact]
    public void RepairedBehindWindowsThatTheClockClosed_CandlesEqualANaiveFold()
    {
        CheckCandles([Of(100, 0), Of(1_542_597), Of(39_470, 0)], new RepairManner(1, 30_000, 0, 1_000, 500));
        CheckCandles([Of(100, 0), Of(100), Of(100), Of(100), Of(100), Of(240_000, 0)], new RepairManner(1, 0, 0, 2, 5_000));

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
