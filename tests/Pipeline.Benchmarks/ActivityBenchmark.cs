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
    private const int Rounds = 5;

    public static Task RunAsync()
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"activity: events of {Instruments} instruments noted in batches of {BatchSize}, one thread"));
        foreach (var isQuote in new[] { false, true })
        {
            var (activity, batches) = (new StreamActivity(), MakeBatches(isQuote));
            Run(activity, batches);
            var rounds = Enumerable.Range(0, Rounds)
                .Select(_ => Measurement.Of((long)Batches * BatchSize, () => Run(activity, batches))).ToList();
            Console.WriteLine($"  {(isQuote ? "quotes" : "trades")}  {Measurement.Median(rounds)}");
        }

        return Task.CompletedTask;
    }

    private static void Run(StreamActivity activity, VenueBatch[] batches)
    {
        for (var i = 0; i < Batches; i++)
        {
            var batch = batches[i % batches.Length];
            batch.ReceivedTime += 10_000;
            activity.Note(batch);
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
        return [.. Enumerable.Range(0, 32).Select(_ => MakeBatch())];

        VenueBatch MakeBatch()
        {
            var batch = new VenueBatch { Source = source, Origin = new FrameOrigin(1, 1, 1), ReceivedTime = 1_794_900_000_000_000 };
            for (var i = 0; i < BatchSize; i++)
            {
                var symbol = random.Next(Instruments);
                id++;
                if (isQuote)
                {
                    batch.Add(new VenueQuote(symbol, id, one, one, one, one, 1_794_900_000_000_000));
                }
                else
                {
                    batch.Add(new VenueTrade(symbol, id, id, one, one, AggressorSide.Buy, 1, TradeKind.Market, 1_794_900_000_000_000));
                }
            }

            return batch;
        }
    }
}
