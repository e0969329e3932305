using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.TestKit;
using static Pipeline.Tests.Market.TestMarket;

namespace Pipeline.Tests.Candles;

/// <summary>
/// Streams as station 4 passes them on, made by chance: live ids rise, holes are announced before the first later trade and filled later,
/// in pages. Whatever the order, the last record of each key is what a naive fold of all trades says.
/// </summary>
public sealed class CandlePropertyTests : IDisposable
{
    private const int Trades = 1_500;
    private static readonly long Start = At("2023-04-02T21:00:00Z");
    private static readonly Instrument Unordered = new(0, "bybit", "BTC-USDT", "BTCUSDT", new SequenceRules(IdDiscipline.Unordered, BookRule.Resend));

    private readonly PipelineMetrics _metrics = new();

    public static TheoryData<int> Seeds => [.. SeedRange.Of(few: 8, all: 40)];

    public void Dispose() => _metrics.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public void HolesThatAreFilled_LastRecordsEqualANaiveFoldAndAreComplete(int seed)
    {
        var stream = new TradeStream(seed, Trades, Start, abandons: false);
        var world = new CandleWorld(CandleWorld.AllOptions, _metrics);
        stream.Play(world);
        CheckTrades(world, stream.Delivered);
        CheckCarried(world, stream.Delivered);
        Assert.True(stream.Holes > 10);
        Assert.Equal(0, Remarks("unrevisable"));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void HolesThatAreGivenUp_WindowsTheyTouchAreIncompleteAndNoOthers(int seed)
    {
        var stream = new TradeStream(seed, Trades, Start, abandons: true);
        var world = new CandleWorld(CandleWorld.AllOptions, _metrics);
        stream.Play(world);
        CheckTrades(world, stream.Delivered, stream.Lost);
    }

    /// <summary>At any point a process may stop and another go on from what was saved.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Restart_AtAnyPoint_LastRecordsAreTheSame(int seed)
    {
        var stream = new TradeStream(seed, Trades, Start, abandons: false);
        var world = new CandleWorld(CandleWorld.AllOptions, _metrics);
        var random = new Random(seed);
        stream.Play(world, () =>
        {
            if (random.Next(20) == 0)
            {
                world.Restart(Bitcoin);
                world.Tell(world.Now, Bitcoin, stream.Health, stream.LastEventTime);
            }
        });
        CheckTrades(world, stream.Delivered);
        CheckCarried(world, stream.Delivered);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void IdsWithoutOrder_LateWithinWhatIsHeld_LastRecordsEqualANaiveFold(int seed)
    {
        var random = new Random(seed);
        var time = Start;
        var sent = new List<(long Received, Trade Trade)>();
        for (var i = 0; i < Trades; i++)
        {
            time += random.Next(30) == 0 ? random.Next(1, 200_000_000) : random.Next(1, 900_000);
            var late = random.Next(15) == 0 ? random.Next(1_000_000, 3_500_000) : random.Next(0, 900_000);
            var trade = Trade(Unordered, random.NextInt64(), time, $"{random.Next(100, 200)}.{random.Next(100)}", $"{random.Next(1, 50)}");
            sent.Add((time + late, trade));
        }

        var world = new CandleWorld(CandleWorld.AllOptions, _metrics);
        var ordered = sent.OrderBy(one => one.Received).ToList();
        world.Tell(ordered[0].Received, Unordered, HealthState.Fresh, Start);
        foreach (var (received, trade) in ordered)
        {
            world.Send(received, trade);
        }

        world.RunTo(time + (8 * 86_400_000_000L));
        var trades = sent.Select(one => one.Trade with { Id = -1, FirstId = -1 }).ToList();
        CheckTrades(world, trades);
        Assert.Equal(0, Remarks("unrevisable"));
        Assert.Contains(world.Records, candle => candle.State == CandleState.Revised);
    }

    private static void CheckTrades(CandleWorld world, IReadOnlyList<Trade> trades, IReadOnlyList<(long From, long To)>? lost = null)
    {
        var last = world.Last.ToDictionary(one => (one.Key.Item2, one.Key.Item3), one => one.Value);
        var first = trades.Min(trade => trade.EventTime);
        foreach (var (key, row) in NaiveFold.Of(trades))
        {
            Assert.True(last.TryGetValue(key, out var candle), $"no record of {key}");
            Assert.NotEqual(CandleState.Forming, candle.State);
            if (row != NaiveFold.Of(candle))
            {
                Assert.Fail($"{row} is not {candle}");
            }

            var isFirst = candle.OpenTime <= first;
            var isTouched = lost?.Any(one => one.To >= candle.OpenTime && one.From < candle.CloseTime) == true;
            if (candle.Complete != (!isFirst && !isTouched))
            {
                Assert.Fail($"{candle} is said to be as complete as it is not");
            }
        }
    }

    /// <summary>From 1m up every window has its record, the empty ones that of the close before.</summary>
    private static void CheckCarried(CandleWorld world, IReadOnlyList<Trade> trades)
    {
        var byId = trades.OrderBy(trade => trade.Id).ToList();
        var expected = NaiveFold.Of(trades);
        foreach (var interval in CandleInterval.All)
        {
            var last = world.Last.Where(one => one.Key.Item2 == interval).ToDictionary(one => one.Key.Item3, one => one.Value);
            if (interval.Name.EndsWith('s'))
            {
                Assert.Equal(expected.Keys.Count(key => key.Interval == interval), last.Count);
                continue;
            }

            var close = "";
            for (var open = last.Keys.Min(); open <= last.Keys.Max(); open += interval.Microseconds)
            {
                Assert.True(last.TryGetValue(open, out var candle), $"{interval} has none at {open}");
                if (!expected.ContainsKey((interval, open)))
                {
                    Assert.Equal($"{close} {close} {close} {close} 0 0 0", Carried(candle));
                    Assert.True(candle.Complete);
                }

                close = candle.Close.ToString();
            }
        }
    }

    private static string Carried(in Candle c) => $"{c.Open} {c.High} {c.Low} {c.Close} {c.Volume} {c.QuoteVolume} {c.Trades}";

    private long Remarks(string what) =>
        _metrics.Snapshot().Where(one => one.Name == "pipeline.candles.remarks" && one.Detail == what).Sum(one => one.Value);
}
