using System.Collections.Concurrent;
using Pipeline.Core.Books;
using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.TestKit.Time;
using Pipeline.Tests.Books;
using Pipeline.Tests.Graph;

namespace Pipeline.Tests.Feeds.Rest;

public sealed class RestBookSnapshotsTests : IAsyncDisposable
{
    private static readonly Instrument Book = TestBooks.Instrument(BookRule.Range);

    private readonly PipelineMetrics _metrics = new();
    private readonly TestTimeProvider _clock = new();
    private readonly FakeBookRest _rest = new();
    private readonly CollectingSink _sink = new();
    private readonly FeedSource _source;
    private readonly RestBookSnapshots _snapshots;
    private readonly PipelineGraph _graph;

    public RestBookSnapshotsTests()
    {
        var symbols = new SymbolTable();
        symbols.Add(Book);
        _source = new FeedSource("binance", "binance-rest", null, symbols, 1_000);
        _snapshots = new RestBookSnapshots(_rest, _source, new BookOptions { SnapshotDepth = 500 }, _clock, _metrics, parallel: 2);
        _graph = new PipelineGraph(
            new GraphOptions(), new CandleOptions(), _ => 0, _sink, _metrics, _clock, new BookOptions(), _snapshots);
    }

    public async ValueTask DisposeAsync()
    {
        await _snapshots.DisposeAsync();
        await _graph.DisposeAsync();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Request_BookOfTheStream_IsBuiltFromTheAnswer()
    {
        _snapshots.Start(_graph);
        await UpdateAsync(10, 12, "100:5");
        await Until(() => _rest.Asked.Count == 1);
        Assert.Equal(("B0USDT", 500), _rest.Asked.Single());
        _rest.Answer(id: 11, "99:1", "101:1");
        await Until(() => _sink.Books.Count == 1);
        await UpdateAsync(13, 13, "98:2");
        await _graph.CompleteAsync().WaitAsync(RealTime.Bound);
        Assert.Equal([(BookUpdateKind.Snapshot, 12L, 2), (BookUpdateKind.Update, 13L, 1)], _sink.Books.Select(b => (b.Kind, b.LastUpdateId, b.Bids)));
        Assert.Equal(MarketTime.Now(_clock), _sink.Books[0].ReceivedTime);
    }

    [Fact]
    public async Task Request_Refused_IsToldAndTheBookAsksAgainByTheClock()
    {
        var failures = new ConcurrentQueue<BookSnapshotFailure>();
        _snapshots.Failed += failures.Enqueue;
        _snapshots.Failed += _ => throw new InvalidOperationException("an observer of no use");
        _snapshots.Start(_graph);
        await UpdateAsync(10, 12, "100:5");
        await Until(() => _rest.Asked.Count == 1);
        _rest.Fail(new VenueRestException(VenueRestFailure.RateLimited, "429", TimeSpan.FromSeconds(5)));
        await Until(() => Outcome("rest-rate-limited") == 1 && failures.Count == 1 && _clock.PendingTimers > 0);
        Assert.Equal(new BookSnapshotFailure(Book, VenueRestFailure.RateLimited, "429", TimeSpan.FromSeconds(5)), Assert.Single(failures));
        _clock.Advance(TimeSpan.FromSeconds(11));
        await Until(() => _rest.Asked.Count == 2);
        _rest.Answer(id: 12, "99:1", "101:1");
        await Until(() => _sink.Books.Count == 1);
    }

    [Fact]
    public async Task Request_OfWhoIsToldOfAFailure_IsNotTakenForTheOneThatFailed()
    {
        _snapshots.Failed += failure => _snapshots.Request(failure.Instrument);
        _snapshots.Start(_graph);
        _snapshots.Request(Book);
        await Until(() => _rest.Asked.Count == 1);
        _rest.Fail(new VenueRestException(VenueRestFailure.Unavailable, "503"));
        await Until(() => _rest.Asked.Count == 2);
        Assert.Equal([("B0USDT", 500), ("B0USDT", 500)], _rest.Asked);

        // The second is one of its own: it is answered, and nobody asks a third time.
        _rest.Answer(id: 12, "99:1", "101:1");
        await Until(() => _rest.Waiting == 0);
        Assert.Equal((1, 2), (Outcome("rest-unavailable"), _rest.Asked.Count));
    }

    [Fact]
    public async Task Request_TwiceAndManyBeforeTheStart_AsksOnceForEachAFewAtATime()
    {
        for (var i = 0; i < 5; i++)
        {
            var instrument = TestBooks.Instrument(BookRule.Range, i);
            _snapshots.Request(instrument);
            _snapshots.Request(instrument);
        }

        Assert.Empty(_rest.Asked);
        _snapshots.Start(_graph);
        await Until(() => _rest.Asked.Count == 2);
        for (var i = 0; i < 5; i++)
        {
            Assert.InRange(_rest.Waiting, 1, 2);
            _rest.Fail(new InvalidOperationException("not even a venue's failure stops the others"));
            await Until(() => _rest.Asked.Count >= Math.Min(5, i + 3));
        }

        await Until(() => Outcome("rest-bad-answer") == 5);
        Assert.Equal(5, _rest.Asked.Count);
    }

    [Fact]
    public async Task DisposeAsync_RequestUnderWay_GivesItUp()
    {
        _snapshots.Start(_graph);
        _snapshots.Request(Book);
        await Until(() => _rest.Asked.Count == 1);
        await _snapshots.DisposeAsync().AsTask().WaitAsync(RealTime.Bound);
        Assert.Equal(0, _rest.Waiting);
        _snapshots.Request(Book);
    }

    private static async Task Until(Func<bool> condition)
    {
        using var bound = new CancellationTokenSource(RealTime.Bound);
        while (!condition())
        {
            bound.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task UpdateAsync(long first, long last, string bids)
    {
        var batch = _graph.RentAnswer();
        batch.Source = _source;
        batch.ReceivedTime = MarketTime.Now(_clock);
        var levels = TestBooks.Levels(bids);
        batch.Levels.AddRange(levels);
        batch.Add(new VenueBookUpdate(0, BookUpdateKind.Update, first, last, -1, 0, levels.Length, 0, 0));
        Assert.True(await _graph.TakeAsync(batch));
    }

    private long Outcome(string outcome) => _metrics.Snapshot().Where(s => s.Name == "pipeline.books.snapshots" && s.Detail == outcome).Sum(s => s.Value);
}
