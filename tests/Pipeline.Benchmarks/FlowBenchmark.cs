using System.Globalization;
using System.Threading.Tasks.Dataflow;
using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;

namespace Pipeline.Benchmarks;

/// <summary>
/// What the graph's five hops cost in saturation: the real graph, with stations that have next to nothing to do, moving batches of
/// 256; beside it the obvious chain of five blocks that moves single items.
/// </summary>
internal static class FlowBenchmark
{
    private const int Rounds = 5;
    private const int BatchMessages = 16 * 1024 * 1024;
    private const int SingleMessages = 1024 * 1024;

    public static async Task RunAsync()
    {
        Console.WriteLine("flow: five Dataflow hops in saturation, CPU of the whole process");
        await GraphAsync(BatchMessages / 8);
        await SingleItemsAsync(SingleMessages / 4);
        var graph = new List<Measurement>();
        var single = new List<Measurement>();
        for (var round = 0; round < Rounds; round++)
        {
            graph.Add(Measurement.Of(BatchMessages, () => GraphAsync(BatchMessages).GetAwaiter().GetResult()));
            single.Add(Measurement.Of(SingleMessages, () => SingleItemsAsync(SingleMessages).GetAwaiter().GetResult()));
        }

        var batches = Measurement.Median(graph);
        var items = Measurement.Median(single);
        Console.WriteLine($"  graph, batches of {FrameBatch.MaxFrames,-14} {batches}");
        Console.WriteLine($"  obvious chain, single items    {items}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  ratio {items.NanosecondsPerMessage / batches.NanosecondsPerMessage:F0} to 1; goal: graph at most 50 ns CPU per message"));
    }

    private static async Task GraphAsync(int messages)
    {
        using var metrics = new PipelineMetrics();
        var symbols = new SymbolTable();
        symbols.Add(new Instrument(0, "bench", "A-B", "AB"));
        var source = new FeedSource("bench", "bench-1", new OneQuotePerBatch(), symbols, 1000);
        byte[][] frames = [.. Enumerable.Repeat("{}"u8.ToArray(), FrameBatch.MaxFrames)];
        var sink = new CountingSink();
        await using var graph = new PipelineGraph(new GraphOptions(), new CandleOptions(), _ => 0, sink, metrics, TimeProvider.System);

        // One batch object is sent round and round, as a connection with a full pool would: its own cost is not the hops'.
        var batch = FrameBatch.Of(source, 1, frames);
        for (var sent = 0; sent < messages; sent += FrameBatch.MaxFrames)
        {
            batch.Retain();
            graph.Take(batch);
            await batch.Released;
            batch.Release();
        }

        await graph.CompleteAsync();
        if (sink.Batches != messages / FrameBatch.MaxFrames)
        {
            throw new InvalidOperationException($"The graph delivered {sink.Batches} batches.");
        }
    }

    private static async Task SingleItemsAsync(int messages)
    {
        var bounded = new ExecutionDataflowBlockOptions { BoundedCapacity = 8192, SingleProducerConstrained = true };
        var propagate = new DataflowLinkOptions { PropagateCompletion = true };
        var first = new TransformBlock<Item, Item>(Work, bounded);
        var last = first;
        for (var hop = 1; hop < 4; hop++)
        {
            var next = new TransformBlock<Item, Item>(Work, bounded);
            last.LinkTo(next, propagate);
            last = next;
        }

        var sum = 0L;
        var end = new ActionBlock<Item>(item => sum += item.A, bounded);
        last.LinkTo(end, propagate);
        for (var i = 0; i < messages; i++)
        {
            var item = new Item(i, 0, 0, 0, 0, 0);
            if (!first.Post(item))
            {
                await first.SendAsync(item);
            }
        }

        first.Complete();
        await end.Completion;
        if (sum == 0)
        {
            throw new InvalidOperationException("The chain delivered nothing.");
        }
    }

    private static Item Work(Item item) => item with { A = item.A + 1 };

    private readonly record struct Item(long A, long B, long C, long D, long E, long F);

    private sealed class OneQuotePerBatch : IVenueParser
    {
        private long _updateId;

        public void Parse(FrameBatch frames, VenueBatch into)
        {
            into.Source = frames.Source;
            into.ReceivedTime = frames.ReceivedTime;
            into.Frames = frames.Count;
            into.Add(new VenueQuote(0, ++_updateId, default, default, default, default, 1));
        }
    }

    private sealed class CountingSink : IMarketSink
    {
        public long Batches { get; private set; }

        public ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation)
        {
            Batches += batch.Quotes.Count;
            return ValueTask.CompletedTask;
        }

        public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
    }
}
