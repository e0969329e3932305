using System.Globalization;
using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;

namespace Pipeline.Benchmarks;

/// <summary>
/// What an instrument and an open candle keep on the heap in stations 4 and 5, thousands of instruments at once, and what a trade costs
/// on its way through the candle station.
/// </summary>
internal static class MemoryBenchmark
{
    private const int Instruments = 5_000;
    private const int Rounds = 5;
    private const int MeasuredTrades = 2 * 1024 * 1024;
    private const int BatchTrades = 256;
    private const long Start = 1_700_000_000_000_000;
    private const long Second = 1_000_000;

    // Ten minutes at a trade a second each: every window below an hour has closed, queues have the size they keep.
    private const int TradesEach = 600;

    private static readonly Number Price = Number.Parse("91234.56");
    private static readonly Number Quantity = Number.Parse("0.00123");

    public static Task RunAsync()
    {
        Console.WriteLine($"memory: live heap of stations 4 and 5, {Instruments.ToString("N0", CultureInfo.InvariantCulture)} instruments");
        Console.WriteLine("  |                                          | first trade each | 10 min at 1 trade/s each |");
        PrintHeap("station 4, one socket, B per instrument", () => new OrderStation(legs: 1), 1);
        PrintHeap("station 4, two sockets, B per instrument", () => new OrderStation(legs: 2), 1);
        var all = CandleInterval.All.Count;
        var whole = PrintHeap($"station 5, {all} intervals, B per instrument", () => new CandleStation(CandleInterval.All), 1);
        Console.WriteLine(Row("  the same, all told, B per open candle", whole.First / all, whole.Later / all));
        var one = PrintHeap("station 5, 1 interval, B per instrument", () => new CandleStation([CandleInterval.Parse("1m")]), 1);
        Console.WriteLine(Row("  one open candle more, B", (whole.First - one.First) / (all - 1), (whole.Later - one.Later) / (all - 1)));
        Console.WriteLine();
        Console.WriteLine($"  candle station alone, one thread, {all} intervals, batches of {BatchTrades}, median of {Rounds}:");
        PrintTime(1, Second / 1_000);
        PrintTime(100, Second / 100);
        PrintTime(Instruments, Second / 10);
        PrintTime(Instruments, Second);

        return Task.CompletedTask;
    }

    private static (double First, double Later) PrintHeap(string name, Func<Station> make, int each)
    {
        // Warm: what is made once for all is there.
        make().Play(1, 1, each);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var station = make();
        var empty = GC.GetTotalMemory(forceFullCollection: true) - before;
        station.Play(Instruments, 1, each);
        var first = PerInstrument(before, empty);
        station.Play(Instruments, TradesEach, each);
        var later = PerInstrument(before, empty);
        GC.KeepAlive(station);
        Console.WriteLine(Row(name, first, later));
        return (first, later);
    }

    private static double PerInstrument(long before, long empty) =>
        (GC.GetTotalMemory(forceFullCollection: true) - before - empty) / (double)Instruments;

    private static string Row(string name, double first, double later) =>
        string.Create(CultureInfo.InvariantCulture, $"  | {name,-40} | {first,16:N0} | {later,24:N0} |");

    /// <param name="pause">Microseconds between two trades of an instrument.</param>
    private static void PrintTime(int instruments, long pause)
    {
        var station = new CandleStation(CandleInterval.All) { Pause = pause };
        var perInstrument = Math.Max(1, MeasuredTrades / instruments);
        station.Play(instruments, perInstrument / 4, BatchTrades);
        var rounds = new List<Measurement>();
        for (var round = 0; round < Rounds; round++)
        {
            rounds.Add(Measurement.Of((long)perInstrument * instruments, () => station.Play(instruments, perInstrument, BatchTrades)));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"    {instruments,5:N0} at {Second / pause,5:N0} trades/s each {Measurement.Median(rounds)}, {station.RecordsPerTrade:F3} records a trade"));
    }

    /// <summary>Trades of every instrument in turn, spread over the pause between two of one, through one station.</summary>
    private abstract class Station
    {
        private static readonly Instrument[] Names =
            [.. Enumerable.Range(0, Instruments).Select(i => new Instrument(i, "bench", $"I{i}-USDT", $"I{i}USDT"))];

        private readonly MarketBatch _batch = new();
        private long _rounds;
        private long _trades;
        private long _records;

        /// <summary>Microseconds between two trades of an instrument.</summary>
        public long Pause { get; init; } = Second;

        public double RecordsPerTrade => _records / (double)_trades;

        public void Play(int instruments, int each, int batchTrades)
        {
            for (var round = 0; round < each; round++, _rounds++)
            {
                for (var i = 0; i < instruments; i++)
                {
                    var time = Start + (_rounds * Pause) + (i * Pause / instruments);
                    _batch.Add(new Trade(
                        Names[i], _rounds + 1, _rounds + 1, Price, Quantity, AggressorSide.Buy, 1, TradeKind.Market, time, time, TradeSource.Live,
                        AfterGap: false));
                    if (_batch.Trades.Count == batchTrades || i == instruments - 1)
                    {
                        Send(time);
                    }
                }
            }
        }

        protected abstract void Process(MarketBatch batch);

        private void Send(long now)
        {
            _batch.Now = now;
            _trades += _batch.Trades.Count;
            Process(_batch);
            _records += _batch.Candles.Count;
            _batch.Release();
        }
    }

    private sealed class OrderStation(int legs) : Station
    {
        private readonly Sequencer _sequencer = new(new PipelineMetrics());

        protected override void Process(MarketBatch batch)
        {
            // Both sockets bring everything, the second an instant later.
            Trade[] trades = legs == 1 ? [] : batch.Trades.Span.ToArray();
            Send(batch, 1);
            if (legs == 2)
            {
                batch.Release();
                foreach (ref readonly var trade in trades.AsSpan())
                {
                    batch.Add(trade);
                }

                Send(batch, 2);
            }
        }

        private void Send(MarketBatch batch, long socket)
        {
            (batch.Socket, batch.Series, batch.Legs, batch.Connection) = (socket, 1, legs, socket == 1 ? "bench-1a" : "bench-1b");
            _sequencer.Process(batch);
        }
    }

    private sealed class CandleStation(IReadOnlyList<CandleInterval> intervals) : Station
    {
        private readonly CandleWindows _windows = new(new CandleOptions { Intervals = intervals }, new PipelineMetrics());

        protected override void Process(MarketBatch batch) => _windows.Process(batch);
    }
}
