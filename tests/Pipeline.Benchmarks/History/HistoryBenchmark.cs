using System.Diagnostics;
using System.Globalization;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.History;

namespace Pipeline.Benchmarks.History;

/// <summary>
/// Candles as the gateway stores them: every interval of many instruments, in the order in which windows close, batch by batch; then
/// queries of 100 candles at random places, alone and while writing goes on.
/// </summary>
internal static class HistoryBenchmark
{
    /// <summary>Candles written; the full size is 10 million: <c>HISTORY_CANDLES=10000000</c>.</summary>
    private const int DefaultCandles = 1_000_000;

    private const int Instruments = 100;
    private const int BatchCandles = 5_000;
    private const int Queries = 5_000;
    private const int QueryCandles = 100;
    private const long Start = 1_767_571_200_000_000;

    public static async Task RunAsync()
    {
        var candles = int.TryParse(Environment.GetEnvironmentVariable("HISTORY_CANDLES"), CultureInfo.InvariantCulture, out var wanted) ? wanted : DefaultCandles;
        var folder = Directory.CreateTempSubdirectory("pipeline-bench-history-");
        try
        {
            await RunAsync(Path.Combine(folder.FullName, "candles.db"), candles);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(string path, int candles)
    {
        var options = new HistoryOptions { Path = path, MaxSize = 100L << 30 };
        var written = new Dictionary<SeriesKey, long>();
        using var closings = Closings().GetEnumerator();
        var offset = 0L;
        using (var store = CandleStore.Open(options, TimeProvider.System))
        {
            Console.WriteLine($"history: {candles:N0} candles, {Instruments} instruments x {CandleInterval.All.Count} intervals, batches of {BatchCandles:N0}");
            var clock = Stopwatch.StartNew();
            while (offset < candles)
            {
                offset = await WriteAsync(store, closings, written, offset);
            }

            Console.WriteLine($"  write            {candles / clock.Elapsed.TotalSeconds,10:N0} candles/s   {clock.Elapsed.TotalSeconds:F1} s");
            Report("query            ", Query(store, written));
            using var ending = new CancellationTokenSource();
            var writing = Task.Run(async () =>
            {
                while (!ending.IsCancellationRequested)
                {
                    offset = await WriteAsync(store, closings, written: null, offset);
                }
            });
            Report("query + writing  ", Query(store, written));
            await ending.CancelAsync();
            await writing;
        }

        var total = new FileInfo(path).Length;
        Console.WriteLine($"  file             {total / (double)offset,10:F1} B/candle   {total / 1048576.0:N0} MiB of {offset:N0} candles");
        var opening = Stopwatch.StartNew();
        using var again = CandleStore.Open(options, TimeProvider.System);
        Console.WriteLine($"  open             {opening.Elapsed.TotalMilliseconds,10:F1} ms   {again.Stats().Series:N0} series, {again.Stats().Candles:N0} candles");
    }

    /// <summary>Milliseconds of each query.</summary>
    private static double[] Query(CandleStore store, Dictionary<SeriesKey, long> written)
    {
        var random = new Random(7);
        var series = written.Where(one => one.Value - Start > QueryCandles * one.Key.Interval.Microseconds).ToArray();
        var times = new double[Queries];
        for (var i = 0; i < Queries; i++)
        {
            var (key, newest) = series[random.Next(series.Length)];

            // Most look at the newest, some scroll back.
            var to = i % 4 != 0 ? long.MaxValue : Start + (QueryCandles * key.Interval.Microseconds) + random.NextInt64(newest - Start - (QueryCandles * key.Interval.Microseconds));
            var clock = Stopwatch.GetTimestamp();
            var page = store.Read(new CandleQuery(key) { To = to, Limit = QueryCandles, NewestFirst = true });
            times[i] = Stopwatch.GetElapsedTime(clock).TotalMilliseconds;
            if (page.Candles.Count < QueryCandles - 1)
            {
                throw new InvalidOperationException($"{key} answered {page.Candles.Count} candles.");
            }
        }

        Array.Sort(times);
        return times;
    }

    private static void Report(string what, double[] sorted) => Console.WriteLine(
        $"  {what}p50 {sorted[sorted.Length / 2],6:F3} ms   p99 {sorted[sorted.Length * 99 / 100],6:F3} ms   max {sorted[^1],6:F3} ms   ({QueryCandles} candles; goal p99 <= 5 ms)");

    private static async Task<long> WriteAsync(CandleStore store, IEnumerator<(SeriesKey Series, long OpenTime)> closings, Dictionary<SeriesKey, long>? written, long offset)
    {
        var batch = new CandleBatch();
        for (var i = 0; i < BatchCandles && closings.MoveNext(); i++)
        {
            var (series, time) = closings.Current;
            batch.Add(series, 0, offset++, CandleAt(time, offset));
            if (written is not null)
            {
                written[series] = time;
            }
        }

        await store.CommitAsync(batch, "bench");
        return offset;
    }

    private static IEnumerable<(SeriesKey Series, long OpenTime)> Closings()
    {
        var series = Enumerable.Range(0, Instruments)
            .SelectMany(i => CandleInterval.All.Select(interval => new SeriesKey("binance", string.Create(CultureInfo.InvariantCulture, $"S{i}-USDT"), interval)))
            .GroupBy(one => one.Interval).ToArray();
        for (var now = Start + 1_000_000; ; now += 1_000_000)
        {
            foreach (var group in series.Where(group => group.Key.OpenOf(now) == now))
            {
                foreach (var one in group)
                {
                    yield return (one, now - one.Interval.Microseconds);
                }
            }
        }
    }

    private static HistoryCandle CandleAt(long time, long seed)
    {
        var open = new Number(9_123_456 + (seed % 9_973), 2);
        return new HistoryCandle(
            time, open, new Number(open.Mantissa + (seed % 911), 2), new Number(open.Mantissa - (seed % 877), 2), new Number(open.Mantissa + (seed % 499), 2),
            new WideNumber(32_145_678 + seed, 5), new WideNumber((Int128)29_328_411_000 + seed, 7), new WideNumber(19_000_000 + seed, 5),
            57 + (seed % 100), 5_689_012_345 + seed, 5_689_012_445 + seed, CandleState.Final, 0, true, 5, CandleSource.Trades);
    }
}
