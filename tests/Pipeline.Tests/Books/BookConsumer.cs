using Pipeline.Core.Market;

namespace Pipeline.Tests.Books;

/// <summary>A reader of the published records: applies them in their order and nothing else.</summary>
internal sealed class BookConsumer
{
    private long _id = -1;

    public SortedDictionary<decimal, Number> Bids { get; } = [];

    public SortedDictionary<decimal, Number> Asks { get; } = [];

    public int Snapshots { get; private set; }

    public int Updates { get; private set; }

    public void Apply(MarketBatch batch)
    {
        foreach (var happened in batch.Events.Span)
        {
            Assert.Equal(MarketEventKind.BookUpdate, happened.Kind);
            Apply(batch.BookUpdates[happened.Index], batch.Levels.Span);
        }
    }

    public void Apply(in OrderBookUpdate record, ReadOnlySpan<BookLevel> levels)
    {
        if (record.Kind == BookUpdateKind.Snapshot)
        {
            Assert.Equal(-1, record.PreviousUpdateId);
            Bids.Clear();
            Asks.Clear();
            Snapshots++;
        }
        else
        {
            Assert.Equal(_id, record.PreviousUpdateId);
            Assert.NotEqual(0, record.Bids + record.Asks);
            Updates++;
        }

        _id = record.LastUpdateId;
        Apply(Bids, levels.Slice(record.FirstLevel, record.Bids), record.Kind);
        Apply(Asks, levels.Slice(record.FirstLevel + record.Bids, record.Asks), record.Kind);
    }

    private static void Apply(SortedDictionary<decimal, Number> side, ReadOnlySpan<BookLevel> levels, BookUpdateKind kind)
    {
        foreach (var level in levels)
        {
            var price = TestBooks.Exact(level.Price);
            Assert.False(kind == BookUpdateKind.Snapshot && level.Quantity == Number.Zero);
            Assert.True(level.Quantity != Number.Zero || side.ContainsKey(price), "What leaves must have been there.");
            side[price] = level.Quantity;
            if (level.Quantity == Number.Zero)
            {
                side.Remove(price);
            }
        }
    }
}
