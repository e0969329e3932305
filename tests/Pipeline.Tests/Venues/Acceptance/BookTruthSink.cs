using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Simulator.World;
using Pipeline.Tests.Books;

namespace Pipeline.Tests.Venues.Acceptance;

/// <summary>
/// A reader of books behind the graph: applies every record as it comes and holds the best levels against the simulator's own book at
/// the same change. Whatever is not so is kept in <see cref="Faults"/>.
/// </summary>
/// <param name="changeOf">The simulator's number of the change that a record ends with.</param>
/// <param name="unitsPerBase">Venue's units of quantity in one of the base currency.</param>
internal sealed class BookTruthSink(MarketWorld world, int depth, Func<OrderBookUpdate, long> changeOf, Func<string, int> unitsPerBase) : IMarketSink
{
    private const int MostFaults = 10;

    private readonly Lock _gate = new();
    private readonly Dictionary<Instrument, BookConsumer> _books = [];

    public List<string> Faults { get; } = [];

    /// <summary>Records of all books.</summary>
    public int Records { get; private set; }

    public int RecordsOf(Instrument instrument) => Of(instrument, book => book.Snapshots + book.Updates);

    public int SnapshotsOf(Instrument instrument) => Of(instrument, book => book.Snapshots);

    public ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation)
    {
        lock (_gate)
        {
            foreach (var happened in batch.Events.Span)
            {
                if (happened.Kind == MarketEventKind.BookUpdate)
                {
                    Read(batch.BookUpdates[happened.Index], batch.Levels.Span);
                }
                else
                {
                    Blame($"a {happened.Kind}");
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    private int Of(Instrument instrument, Func<BookConsumer, int> figure)
    {
        lock (_gate)
        {
            return _books.TryGetValue(instrument, out var book) ? figure(book) : 0;
        }
    }

    private void Read(in OrderBookUpdate record, ReadOnlySpan<BookLevel> levels)
    {
        Records++;
        if (!_books.TryGetValue(record.Instrument, out var book))
        {
            _books.Add(record.Instrument, book = new BookConsumer());
        }

        try
        {
            book.Apply(record, levels);
            Compare(record, book);
        }
        catch (Xunit.Sdk.XunitException fault)
        {
            Blame($"{record.Instrument.Key} {record.Kind} {record.LastUpdateId}: {fault.Message}");
        }
    }

    private void Compare(OrderBookUpdate record, BookConsumer book)
    {
        var engine = world.Engines.Single(
            one => one.Spec.Venue.Name() == record.Instrument.Venue && one.Spec.Symbol == record.Instrument.Symbol);
        var make = world.Read(() => engine.Book.History.Prepare(changeOf(record)));
        Assert.True(make is not null, "The simulator never had such a book.");
        var (truth, units) = (make(), unitsPerBase(record.Instrument.Id));
        Compare(truth.Bids, book.Bids.Reverse(), units);
        Compare(truth.Asks, book.Asks, units);
    }

    private void Compare(IReadOnlyList<PriceLevel> truth, IEnumerable<KeyValuePair<decimal, Number>> side, int units)
    {
        // In the world's own units, since this is done for every level of every record; texts are for people.
        var expected = truth.Take(depth).Select(level => (level.Price, level.Quantity * units));
        var actual = side.Select(level => ((long)(level.Key * FixedPoint.One), FixedPoint.TryFrom(level.Value, out var quantity) ? quantity : -1));
        if (!expected.SequenceEqual(actual))
        {
            Assert.Equal(Text(expected), Text(actual));
        }
    }

    private static string Text(IEnumerable<(long Price, long Quantity)> side) => string.Join(' ', side.Select(level =>
        $"{FixedPoint.ToNumber(level.Price)}:{FixedPoint.ToNumber(level.Quantity)}"));

    private void Blame(string fault)
    {
        if (Faults.Count < MostFaults)
        {
            Faults.Add(fault);
        }
    }
}
