using Pipeline.Core.Books;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Books;

/// <summary>Long random streams with every fault of their kind: what is held, and what readers of the records hold, is the venue's.</summary>
public sealed class BookPropertyTests
{
    private const int Frames = 10_000;

    // Pauses are short, so that books are lost and found often.
    private static readonly BookOptions Options = new() { MaxPause = TimeSpan.FromSeconds(2) };

    [Theory]
    [InlineData(BookRule.Range, 1)]
    [InlineData(BookRule.Range, 2)]
    [InlineData(BookRule.Previous, 3)]
    [InlineData(BookRule.Previous, 4)]
    [InlineData(BookRule.Chain, 5)]
    [InlineData(BookRule.Resend, 6)]
    public void Apply_RandomStream_HoldsTheVenuesBook(BookRule rule, int seed)
    {
        var stream = new BookStream(rule, seed);
        var sync = new BookSync(rule, Options);
        var (compared, rebuilt) = (0, 0);
        stream.Run(Frames, Deliver, now => Act(sync.Tick(now)), Check);

        Assert.InRange(compared, Frames / 2, Frames);
        Assert.InRange(rebuilt, 20, Frames / 10);

        void Deliver(OrderBookUpdate update, BookLevel[] levels, long now) => Act(sync.Apply(update, levels, now));

        void Act(BookEffects effects)
        {
            rebuilt += effects.Rebuilt ? 1 : 0;
            if (effects.Request)
            {
                stream.Request();
            }
        }

        void Check()
        {
            if (sync.State == BookState.Valid && stream.IsCurrent)
            {
                compared++;
                Assert.Equal(stream.Venue.Id, sync.Id);
                AssertEqual(stream.Venue.Bids.Reverse(), sync.Book.Bids);
                AssertEqual(stream.Venue.Asks, sync.Book.Asks);
            }
        }
    }

    [Theory]
    [InlineData(BookRule.Range, 11, 40)]
    [InlineData(BookRule.Previous, 12, 40)]
    [InlineData(BookRule.Chain, 13, int.MaxValue)]
    [InlineData(BookRule.Resend, 14, int.MaxValue)]
    public void Process_RandomStream_ReadersHoldTheBestLevels(BookRule rule, int seed, int snapshotDepth)
    {
        const int Depth = 20;
        var stream = new BookStream(rule, seed, snapshotDepth);
        using var metrics = new PipelineMetrics();
        var options = Options with { Depth = Depth, SnapshotDepth = Math.Min(1_000, snapshotDepth) };
        var station = new BookStation(options, new BookRequests(_ => stream.Request()), metrics);
        var consumer = new BookConsumer();
        var compared = 0;
        stream.Run(Frames, Deliver, now => Run(new MarketBatch { Now = now }), Check);

        Assert.InRange(compared, Frames / 2, Frames);
        Assert.InRange(consumer.Snapshots, 100, 1_000);
        Assert.InRange(consumer.Updates, Frames / 4, Frames);
        Assert.Equal(snapshotDepth < 1_000, metrics.Snapshot().Any(sample => sample.Detail == "depth"));

        void Deliver(OrderBookUpdate update, BookLevel[] levels, long now)
        {
            var batch = new MarketBatch { Now = now };
            batch.Add(update, levels);
            Run(batch);
        }

        void Run(MarketBatch batch)
        {
            station.Process(batch);
            consumer.Apply(batch);
        }

        void Check()
        {
            if (metrics.BooksIn("binance", "valid") == 1 && stream.IsCurrent)
            {
                compared++;
                Assert.Equal(Best(stream.Venue.Bids.Reverse(), Depth), consumer.Bids.Reverse());
                Assert.Equal(Best(stream.Venue.Asks, Depth), consumer.Asks);
            }
        }
    }

    private static IEnumerable<KeyValuePair<decimal, Number>> Best(IEnumerable<KeyValuePair<long, long>> side, int depth) =>
        side.Take(depth).Select(level => KeyValuePair.Create(level.Key / 1_000m, new Number(level.Value, 2)));

    private static void AssertEqual(IEnumerable<KeyValuePair<long, long>> truth, BookSide side)
    {
        var depth = 0;
        foreach (var (price, quantity) in truth)
        {
            Assert.Equal((new Number(price, 3), new Number(quantity, 2)), (side.At(depth).Price, side.At(depth).Quantity));
            depth++;
        }

        Assert.Equal(depth, side.Count);
    }
}
