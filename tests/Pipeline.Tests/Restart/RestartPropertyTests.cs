using Pipeline.Core.Candles;
using Pipeline.Core.Market;
using Pipeline.TestKit;
using Xunit.Abstractions;

namespace Pipeline.Tests.Restart;

/// <summary>At any cut that the rules of acknowledgement allow, what was there and what follows equals a run without the cut.</summary>
public sealed class RestartPropertyTests(ITestOutputHelper output)
{
    private const long Second = 1_000_000;
    private const long Length = 180 * Second;

    private static readonly CandleOptions Options = new()
    {
        Intervals = [.. new[] { "1s", "5s", "1m", "5m" }.Select(CandleInterval.Parse)],
        Live = [CandleInterval.Parse("1s")],
    };

    public static TheoryData<int> Seeds => [.. SeedRange.Of(few: 4, all: 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Restart_AnyCut_EqualsTheRunWithoutIt(int seed)
    {
        var random = new Random(seed);
        var venue = new MadeUpVenue(seed, Length);
        var whole = Run(venue, seed, losses: 0.01);
        for (var cut = 0; cut < 6; cut++)
        {
            var first = new HandedOver();
            var killTime = MadeUpVenue.Start + random.NextInt64(2 * Second, Length - (20 * Second));
            using (var run = new StationRun(venue, Options, first, seed, null, MadeUpVenue.Start))
            {
                run.Run(killTime, losses: 0.01);
            }

            // Each instrument has begun: where nothing is in the log, the next trade is the first.
            var begun = first.Trades.Count(trade => trade.EventTime < MadeUpVenue.Start + Second);
            var log = first.Kill(Math.Max(begun, ChooseEnd(first, random)), random);
            for (var restart = 0; restart < 3; restart++)
            {
                var before = log.Candles.ToList();
                var now = killTime + (random.Next(100, 15_000) * 1_000L);
                var restored = log.Restore(Options, now, isMarkerLost: random.Next(2) == 0);
                AssertNothingTwice(before, restored.CandlesToWrite);
                foreach (var gap in restored.GapsToWrite)
                {
                    log.Add(gap);
                }

                foreach (var candle in restored.CandlesToWrite)
                {
                    log.Add(candle);
                }

                // Killed again at once, or at last left to go on.
                using var again = new StationRun(venue, Options, log, seed + cut, restored, now);
                killTime = restart < 2 ? now + (random.Next(0, 4_000) * 1_000L) : MadeUpVenue.Start + Length;
                again.Run(killTime, losses: 0.01);
                if (restart < 2)
                {
                    log = log.Kill(log.Trades.Count - random.Next(0, 3), random);
                }
                else
                {
                    again.Run(MadeUpVenue.Start + Length + (700 * Second), losses: 0);
                }
            }

            AssertEqual(venue, whole, log, $"seed {seed} cut {cut}");
        }

        output.WriteLine($"{whole.Trades.Count} trades, {whole.Gaps.Count()} gap records, {whole.Candles.Count()} candle records, 6 cuts of 3 restarts");
    }

    /// <summary>Where the log of trades ends: anywhere near its end, or exactly at a record of a hole.</summary>
    private static int ChooseEnd(HandedOver log, Random random)
    {
        var places = log.PlacesOfGaps.TakeLast(6).ToList();
        return places.Count > 0 && random.Next(2) == 0 ? places[random.Next(places.Count)] : log.Trades.Count - random.Next(0, 60);
    }

    private static HandedOver Run(MadeUpVenue venue, int seed, double losses)
    {
        var whole = new HandedOver();
        using var run = new StationRun(venue, Options, whole, seed, null, MadeUpVenue.Start);
        run.Run(MadeUpVenue.Start + Length, losses);
        run.Run(MadeUpVenue.Start + Length + (700 * Second), losses: 0);
        Assert.Contains(whole.Gaps, gap => gap.State == GapState.Open);
        Assert.Contains(whole.Candles, candle => candle.State == CandleState.Revised);
        return whole;
    }

    /// <summary>A final once, revisions numbered one by one, none that says what was said.</summary>
    private static void AssertNothingTwice(List<Candle> written, IReadOnlyList<Candle> missing)
    {
        foreach (var candle in missing)
        {
            var last = written.FindLastIndex(one => KeyOf(one) == KeyOf(candle));
            Assert.Equal(last < 0 ? (CandleState.Final, 0) : (CandleState.Revised, written[last].Revision + 1), (candle.State, candle.Revision));
            Assert.False(last >= 0 && ContentOf(written[last]) == ContentOf(candle), $"said twice: {candle}");
        }
    }

    private static void AssertEqual(MadeUpVenue venue, HandedOver whole, HandedOver log, string which)
    {
        foreach (var instrument in venue.Instruments)
        {
            var truth = venue.Trades.Where(trade => trade.Instrument == instrument).Select(FactsOf).ToList();
            Assert.Equal(truth, whole.Trades.Where(trade => trade.Instrument.Key == instrument.Key).Select(FactsOf).OrderBy(one => one.Id));
            var cut = log.Trades.Where(trade => trade.Instrument.Key == instrument.Key).Select(FactsOf).OrderBy(one => one.Id).ToList();
            Assert.True(truth.SequenceEqual(cut), $"{which} {instrument}: {Difference(truth, cut)}");
        }

        AssertLedger(log, which);
        var (expected, actual) = (LastOf(whole), LastOf(log));
        foreach (var (key, candle) in expected)
        {
            Assert.True(actual.TryGetValue(key, out var other), $"{which}: {key} is missing");
            Assert.True(ContentOf(candle) == ContentOf(other), $"{which}: {key}\n{candle}\n{History(log, key)}");
        }

        Assert.Empty(actual.Keys.Except(expected.Keys));
        foreach (var records in log.Candles.GroupBy(KeyOf))
        {
            Assert.Equal(Enumerable.Range(0, records.Count()), records.Select(candle => candle.Revision));
        }
    }

    /// <summary>What was fetched lay in a hole that the ledger has, and a hole ends once.</summary>
    private static void AssertLedger(HandedOver log, string which)
    {
        foreach (var trade in log.Trades.Where(trade => trade.Source == TradeSource.Repair))
        {
            Assert.True(
                log.Gaps.Any(gap => gap.Instrument.Key == trade.Instrument.Key && gap.FromId <= trade.Id && trade.Id <= gap.ToId),
                $"{which}: {trade.Instrument} {trade.Id} was fetched, and no hole has it");
        }

        foreach (var records in log.Gaps.Where(gap => gap.Reason != GapReason.Audit).GroupBy(gap => (gap.Instrument.Key, gap.FromId)))
        {
            Assert.True(
                records.SkipWhile(gap => gap.State == GapState.Open).Count() == 1, $"{which}: {string.Join('\n', records)}");
        }
    }

    private static string History(HandedOver log, (string Instrument, string Interval, long OpenTime) key)
    {
        var records = log.Candles.Where(candle => KeyOf(candle) == key).Select(candle => $"{candle}");
        var trades = log.Trades.Select((trade, offset) => (trade, offset)).Where(one => one.trade.Instrument.Key == key.Instrument)
            .Where(one => Math.Abs(one.trade.EventTime - key.OpenTime) < 5 * Second)
            .Select(one => $"{one.offset}:{one.trade.Id} {one.trade.Source} {one.trade.EventTime - key.OpenTime}");
        var gaps = log.Gaps.Where(gap => gap.Instrument.Key == key.Instrument && Math.Abs(gap.FromTime - key.OpenTime) < 5 * Second)
            .Select(gap => $"{gap.FromId}-{gap.ToId} {gap.State} {gap.Reason} {string.Join(",", gap.Missing)} {gap.FromTime - key.OpenTime} {gap.ToTime - key.OpenTime} at {gap.UpdatedTime - key.OpenTime}");
        return string.Join('\n', [.. records, .. trades, .. gaps]);
    }

    private static string Difference(List<(long Id, Number, Number, AggressorSide, long)> truth, List<(long Id, Number, Number, AggressorSide, long)> cut)
    {
        var missing = truth.Except(cut).Select(one => one.Id);
        var twice = cut.GroupBy(one => one.Id).Where(ids => ids.Count() > 1).Select(ids => ids.Key);
        return $"missing {string.Join(",", missing)}, twice {string.Join(",", twice)}";
    }

    private static (long Id, Number Price, Number Quantity, AggressorSide Side, long Time) FactsOf(Trade trade) =>
        (trade.Id, trade.Price, trade.Quantity, trade.Side, trade.EventTime);

    private static (string Instrument, string Interval, long OpenTime) KeyOf(Candle candle) =>
        (candle.Instrument.Key, candle.Interval.Name, candle.OpenTime);

    private static Candle ContentOf(Candle candle) => candle with
    {
        Instrument = null!,
        State = CandleState.Final,
        Revision = 0,
        Updates = 0,
        ReceivedTime = 0,
    };

    private static Dictionary<(string Instrument, string Interval, long OpenTime), Candle> LastOf(HandedOver log) =>
        log.Candles.GroupBy(KeyOf).ToDictionary(records => records.Key, records => records.Last());
}
