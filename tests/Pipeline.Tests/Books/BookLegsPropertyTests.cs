using Pipeline.Core.Books;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Books;

/// <summary>Long random runs over sockets that group differently, come and go: the book is the venue's at its id, and readers see no break.</summary>
public sealed class BookLegsPropertyTests : IDisposable
{
    private const int Steps = 6_000;
    private const int Depth = 20;

    // Full records only where a book was rebuilt, so that they can be counted.
    private static readonly BookOptions Options = new()
    {
        Depth = Depth,
        SnapshotInterval = TimeSpan.FromHours(10),
        TrustedSilence = TimeSpan.FromHours(10),
    };

    private readonly PipelineMetrics _metrics = new();

    public void Dispose() => _metrics.Dispose();

    [Theory]
    [InlineData(BookRule.Range, 1)]
    [InlineData(BookRule.Range, 2)]
    [InlineData(BookRule.Previous, 3)]
    [InlineData(BookRule.Previous, 4)]
    [InlineData(BookRule.Chain, 5)]
    [InlineData(BookRule.Chain, 6)]
    [InlineData(BookRule.Resend, 7)]
    [InlineData(BookRule.Resend, 8)]
    public void Process_SocketsThatOverlap_NeverLoseTheBook(BookRule rule, int seed)
    {
        var venue = new TwoLegBook(rule, seed);
        var random = new Random(seed);
        var run = new Run(this, venue, rule);
        venue.Step();
        venue.Begin();
        for (var step = 0; step < Steps; step++)
        {
            // A rotation every two hundred steps or so: half a second side by side, then either the old one goes or the new one again.
            var phase = step % 200;
            if (phase == 100)
            {
                venue.Begin();
            }
            else if (phase == 150)
            {
                venue.End(venue.Open[random.Next(3) == 0 && run.IsSettledOn(venue.Open[1]) == false ? 1 : 0]);
            }

            run.Step();
        }

        Assert.Equal(0, Sum("pipeline.books.recoveries"));
        Assert.InRange(Sum("pipeline.books.moves"), 15, 80);
        Assert.InRange(run.Compared, Steps / 3, Steps * 10);
        Assert.Equal(1, run.Consumer.Snapshots);
        Assert.InRange(run.Consumer.Updates, Steps / 10, Steps * 2);
        run.Drain();
    }

    [Theory]
    [InlineData(BookRule.Range, 11)]
    [InlineData(BookRule.Previous, 12)]
    [InlineData(BookRule.Chain, 13)]
    [InlineData(BookRule.Resend, 14)]
    public void Process_SocketsCutAtRandom_TheBookIsRightOrNotServed(BookRule rule, int seed)
    {
        var venue = new TwoLegBook(rule, seed);
        var random = new Random(seed);
        var run = new Run(this, venue, rule);
        for (var step = 0; step < Steps; step++)
        {
            if (venue.Open.Count < 2 && random.Next(60) == 0)
            {
                venue.Begin();
            }
            else if (venue.Open.Count > 0 && random.Next(150) == 0)
            {
                venue.End(venue.Open[random.Next(venue.Open.Count)]);
            }

            run.Step();
        }

        Assert.InRange(Sum("pipeline.books.moves"), 10, 200);
        Assert.InRange(run.Compared, Steps / 4, Steps * 10);
        Assert.InRange(run.Consumer.Snapshots, 2, 200);
        Assert.Equal(rule is BookRule.Chain or BookRule.Resend, Sum("pipeline.books.recoveries") == 0);
    }

    private long Sum(string name) => _metrics.Snapshot().Where(sample => sample.Name == name).Sum(sample => sample.Value);

    /// <summary>The station for the records, and beside it the same logic without one, so that its book can be looked at.</summary>
    private sealed class Run
    {
        private readonly TwoLegBook _venue;
        private readonly BookStation _station;
        private readonly BookSync _sync;
        private readonly BookLegs _legs;
        private readonly bool _isRest;
        private int _answerIn = -1;
        private int _answersIn = -1;

        public Run(BookLegsPropertyTests tests, TwoLegBook venue, BookRule rule)
        {
            _venue = venue;
            _isRest = rule is BookRule.Range or BookRule.Previous;
            _station = new BookStation(Options, new BookRequests(_ => _answersIn = 7), tests._metrics);
            var budget = new BufferBudget(1_000_000);
            _sync = new BookSync(rule, Options, canAsk: true, budget);
            _legs = new BookLegs(_sync, rule, Options, budget);
        }

        public BookConsumer Consumer { get; } = new();

        public int Compared { get; private set; }

        public bool IsSettledOn(long socket) => _legs.Followed == socket;

        public void Step()
        {
            var batches = _venue.Step();
            if (_legs.Deadline <= _venue.Now)
            {
                Act(_legs.Tick(_venue.Now));
            }

            Give(new MarketBatch { Now = _venue.Now });
            foreach (var batch in batches)
            {
                Give(batch);
            }

            // A stream's snapshot comes by subscribing again, which the tests of one socket do; here it comes with the next socket.
            if (_isRest && (_answerIn-- == 0 | _answersIn-- == 0))
            {
                Give(_venue.Answer());
            }
        }

        /// <summary>When everything has arrived, readers hold the best levels.</summary>
        public void Drain()
        {
            _venue.TruthAt(_sync.Id);
            Assert.Equal(Best(_venue.Bids), Consumer.Bids.Reverse().Select(level => (level.Key, level.Value)));
            Assert.Equal(Best(_venue.Asks), Consumer.Asks.Select(level => (level.Key, level.Value)));
        }

        private static IEnumerable<(decimal Price, Number Quantity)> Best(IEnumerable<(long Price, long Quantity)> side) =>
            side.Take(Depth).Select(level => (level.Price / 1_000m, new Number(level.Quantity, 2)));

        private void Give(MarketBatch batch)
        {
            foreach (var update in batch.BookUpdates.Span)
            {
                Act(_legs.Take(update, batch.Levels.Span.Slice(update.FirstLevel, update.Bids + update.Asks), BookOrigin.Of(batch), batch.Now));
                Check();
            }

            _station.Process(batch);
            Consumer.Apply(batch);
        }

        private void Act(BookEffects effects)
        {
            if (effects.Request)
            {
                _answerIn = 7;
            }
        }

        private void Check()
        {
            if (_sync.State != BookState.Valid)
            {
                return;
            }

            Compared++;
            _venue.TruthAt(_sync.Id);
            AssertEqual(_venue.Bids, _sync.Book.Bids);
            AssertEqual(_venue.Asks, _sync.Book.Asks);
        }

        private static void AssertEqual(IEnumerable<(long Price, long Quantity)> truth, BookSide side)
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
}
