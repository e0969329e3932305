using System.Globalization;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Freshness;
using Pipeline.Core.Market;

namespace Pipeline.Benchmarks;

/// <summary>What station 3 pays to note what came of each stream: batches of 256 trades, and of 256 quotes, over many instruments.</summary>
internal static class ActivityBenchmark
{
    private const int Instruments = 1_000;
    private const int BatchSize = 256;
    private const int Batches = 40_000;

    /// <summary>Few batches, as from a pool: they stay in the cache.</summary>
    private const int CycleLength = 8;

    /// <summary>From one batch to the next, microseconds.</summary>
    private const long BatchTime = 300;

    private const long Start = 1_794_900_000_000_000;

    /// <summary>Age of an event on arrival, microseconds.</summary>
    private const long Age = 1_000;

    private const int Rounds = 5;

    public static Task RunAsync()
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"activity: events of {Instruments} instruments noted in batches of {BatchSize}, one thread; less what it costs to make them newer"));
        foreach (var isQuote in new[] { false, true })
        {
            var (activity, batches) = (new StreamActivity(), MakeBatches(isQuote));
            Run(batches, isQuote, activity);
            Run(batches, isQuote, null);
            var rounds = Enumerable.Range(0, Rounds).Select(_ => Round(batches, isQuote, activity)).ToList();
            Console.WriteLine($"  {(isQuote ? "quotes" : "trades")}  {Measurement.Median(rounds)}");
        }

        return Task.CompletedTask;
    }

    private static Measurement Round(VenueBatch[] batches, bool isQuote, StreamActivity activity)
    {
        var all = Measurement.Of((long)Batches * BatchSize, () => Run(batches, isQuote, activity));
        var idle = Measurement.Of(all.Messages, () => Run(batches, isQuote, null));
        return new Measurement(all.Messages, all.Cpu - idle.Cpu, all.Wall - idle.Wall, all.Allocated - idle.Allocated);
    }

    private static void Run(VenueBatch[] batches, bool isQuote, StreamActivity? activity)
    {
        for (var i = 0; i < Batches; i++)
        {
            var batch = batches[i % batches.Length];
            MakeNewer(batch, isQuote);
            activity?.Note(batch);
        }
    }

    /// <summary>The usual case is what is measured: ids and times rise, and no two batches come at the same time.</summary>
    private static void MakeNewer(VenueBatch batch, bool isQuote)
    {
        const long Ids = CycleLength * BatchSize;
        const long Time = CycleLength * BatchTime;
        batch.ReceivedTime += Time;
        for (var i = 0; i < BatchSize; i++)
        {
            if (isQuote)
            {
                ref var quote = ref batch.Quotes[i];
                quote = quote with { UpdateId = quote.UpdateId + Ids, Time = quote.Time + Time };
            }
            else
            {
                ref var trade = ref batch.Trades[i];
                trade = trade with { Id = trade.Id + Ids, FirstId = trade.FirstId + Ids, Time = trade.Time + Time };
            }
        }
    }

    private static VenueBatch[] MakeBatches(bool isQuote)
    {
        var symbols = new SymbolTable();
        for (var i = 0; i < Instruments; i++)
        {
            symbols.Add(new Instrument(i, "binance", $"I{i}-USDT", $"I{i}USDT"));
        }

        var source = new FeedSource("binance", "binance-1", null, symbols, 1);
        var random = new Random(1);
        var (one, id) = (new Number(123456, 2), 0L);
        return [.. Enumerable.Range(0, CycleLength).Select(MakeBatch)];

        VenueBatch MakeBatch(int number)
        {
            var time = Start + (number * BatchTime);
            var batch = new VenueBatch { Source = source, Origin = new FrameOrigin(1, 1, 1), ReceivedTime = time };
            for (var i = 0; i < BatchSize; i++)
            {
                var symbol = random.Next(Instruments);
                id++;
                if (isQuote)
                {
                    batch.Add(new VenueQuote(symbol, id, one, one, one, one, time - Age));
                }
                else
                {
                    batch.Add(new VenueTrade(symbol, id, id, one, one, AggressorSide.Buy, 1, TradeKind.Market, time - Age));
                }
            }

            return batch;
        }
    }
}
