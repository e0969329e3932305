using System.Diagnostics;
using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Xunit.Abstractions;
using static Pipeline.Tests.Market.TestMarket;

namespace Pipeline.Tests.Candles;

/// <summary>A day of a whole venue on virtual time: busy, quiet and silent instruments.</summary>
public sealed class CandleDayTests(ITestOutputHelper output) : IDisposable
{
    private const int Instruments = 500;
    private const int Busy = 8;
    private const int Silent = 50;
    private const long Latency = 50_000;
    private static readonly long Start = At("2023-04-05T00:00:00Z");
    private static readonly long End = Start + 86_400_000_000L;

    private readonly PipelineMetrics _metrics = new();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Day_Of500Instruments_EveryIntervalIsClosedExactlyOnceAndOnTime()
    {
        var clocks = new VenueClocks();
        var clock = clocks.Of("binance");
        var windows = new CandleWindows(new CandleSettings(new CandleOptions { Live = [] }), _metrics, clocks);
        var random = new Random(3);
        var next = new PriorityQueue<int, long>();
        var ids = new long[Instruments];
        Instrument[] instruments = [.. Enumerable.Range(0, Instruments).Select(i => new Instrument(i, "binance", $"I{i}-USDT", $"I{i}USDT"))];
        var until = new long[Instruments, CandleInterval.All.Count];
        var expected = new HashSet<(int, long)>();
        var seconds = 0L;
        var (finals, worst, batch) = (0L, 0L, new MarketBatch());
        for (var i = 0; i < Instruments; i++)
        {
            next.Enqueue(i, Start + random.Next(1, 1_000_000));
        }

        var real = Stopwatch.StartNew();
        while (next.TryDequeue(out var i, out var time) && time < End)
        {
            RunTo(time + Latency);
            batch.Now = time + Latency;
            batch.Add(Trade(instruments[i], ++ids[i], time));
            if (ids[i] == 1)
            {
                batch.Add(new StreamHealth(instruments[i], "trade", HealthState.Fresh, "first-data", "c", batch.Now, time, batch.Now));
            }

            clock.Note(time, batch.Now);
            Process();
            expected.Add((i, time / 1_000_000));
            next.Enqueue(i, i < Busy ? time + random.Next(100_000, 8_000_000)
                : i < Instruments - Silent ? time + random.NextInt64(1_000_000, 900_000_000) : End);
        }

        RunTo(End + 1_200_000);
        output.WriteLine(
            $"{ids.Sum()} trades, {finals} finals of {Instruments} instruments in 24 h, at most {worst / 1000.0} ms past their end; {real.Elapsed.TotalSeconds:F1} s");
        // At midnight more empty candles are due than one batch carries: the rest leave 50 ms later.
        Assert.InRange(worst, 1_000_000, 1_000_000 + Latency + 60_000);
        Assert.Equal(expected.Count, seconds);
        foreach (var interval in CandleInterval.All.Where(one => one.Microseconds is >= 60_000_000 and <= 86_400_000_000))
        {
            for (var i = 0; i < Instruments; i++)
            {
                Assert.Equal(End, until[i, interval.Index]);
            }
        }

        void RunTo(long now)
        {
            while (windows.NextDeadline <= now)
            {
                batch.Now = windows.NextDeadline;
                Process();
            }
        }

        void Process()
        {
            windows.Process(batch);
            foreach (ref readonly var candle in batch.Candles.Span)
            {
                Assert.Equal(CandleState.Final, candle.State);
                ref var known = ref until[candle.Instrument.Index, candle.Interval.Index];
                var isNext = known == 0 || (candle.Interval.Microseconds >= 60_000_000 ? candle.OpenTime == known : candle.OpenTime >= known);
                Assert.True(isNext);
                Assert.True(candle.Complete || known == 0);
                known = candle.CloseTime;
                worst = Math.Max(worst, batch.Now - candle.CloseTime);
                seconds += candle.Interval.Microseconds == 1_000_000 ? 1 : 0;
                finals++;
            }

            batch.Release();
        }
    }
}
