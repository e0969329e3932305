using Pipeline.Core.Books;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.TestKit;
using static Pipeline.Tests.Books.TestBooks;

namespace Pipeline.Tests.Books;

public sealed class BookStationTests : IDisposable
{
    private static readonly Instrument First = Instrument(BookRule.Range);
    private static readonly Instrument Other = Instrument(BookRule.Range, 1);

    private readonly PipelineMetrics _metrics = new();
    private readonly List<Instrument> _requests = [];
    private readonly BookStation _station;

    public BookStationTests() => _station = CreateSut(new BookOptions { Depth = 2 });

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Process_UpdateOfAValidBook_LeavesAsItsChangedBestLevels()
    {
        Assert.Equal(["Snapshot 10 -1 100:1 99:1|101:1"], Snapshot(First, 10, "100:1 99:1 98:1 101:1"));
        Assert.Equal(["Update 12 10 100:0 98:1|"], Update(First, 11, 12, "100:0 97:4"));
        Assert.Equal(["Update 15 12 99:0 98:2 97:4|"], Update(First, 13, 15, "99:0 98:2"));
    }

    [Fact]
    public void Process_NothingAmongTheBestChanged_LeavesNothingAndTheNextNamesTheLastRecord()
    {
        Snapshot(First, 10, "100:1 99:1 98:1 101:1");
        Assert.Empty(Update(First, 11, 11, "98:7"));
        Assert.Empty(Update(First, 12, 12, "100:1"));
        Assert.Equal(["Update 13 10 100:2|"], Update(First, 13, 13, "100:2"));
    }

    [Fact]
    public void Forget_Instrument_ItsBookIsNeitherPublishedByTheClockNorAskedFor()
    {
        Snapshot(First, 10, "100:1 101:1");
        Snapshot(Other, 10, "100:1 101:1");
        Update(Other, 20, 21, "100:5");
        Assert.Equal([Other], _requests);
        _station.Forget(First);
        _station.Forget(Other);
        _station.Forget(Other);

        for (var second = 1; second <= 60; second++)
        {
            Assert.Empty(Process(new MarketBatch { Now = second * 1_000_000L }));
        }

        Assert.Equal([Other], _requests);
        Assert.Equal((0, 0), (_metrics.BooksIn("binance", "valid"), _metrics.BooksIn("binance", "recovering")));
        Assert.Equal(["Snapshot 50 -1 100:1|101:1"], Snapshot(First, 50, "100:1 101:1", 60_000_000));
    }

    [Fact]
    public void Process_LostBook_PublishesNothingUntilItIsRebuiltAndLeavesOthersAlone()
    {
        Snapshot(First, 10, "100:1 101:1");
        Snapshot(Other, 10, "100:1 101:1");
        Assert.Empty(Update(First, 20, 21, "100:5"));
        Assert.Single(Update(Other, 11, 11, "100:5"));
        Assert.Equal([First], _requests);
        Assert.Equal((1, 1), (_metrics.BooksIn("binance", "valid"), _metrics.BooksIn("binance", "recovering")));
        Assert.Equal(1, Value("pipeline.books.recoveries", "gap"));
        Assert.Equal(["Snapshot 21 -1 100:5 99:1|101:1"], Snapshot(First, 20, "99:1 101:1"));
        Assert.Equal(2, _metrics.BooksIn("binance", "valid"));
    }

    [Fact]
    public void Process_RebuiltBook_BearsTheTimeOfTheLastUpdateApplied()
    {
        var batch = new MarketBatch();
        batch.Add(Of(First, BookUpdateKind.Update, 1, 5, time: 700), []);
        batch.Add(Of(First, BookUpdateKind.Snapshot, 3, 3), []);
        _station.Process(batch);
        var record = batch.BookUpdates[Assert.Single(batch.Events.Span.ToArray()).Index];
        Assert.Equal((5, 5, 700), (record.FirstUpdateId, record.LastUpdateId, record.EventTime));
    }

    [Fact]
    public void Process_QuietBook_IsPublishedWholeByTheClock()
    {
        Snapshot(First, 10, "100:1 101:1");
        Assert.InRange(_station.NextDeadline, 9 * Second, 10 * Second);
        Assert.Empty(Process(new MarketBatch { Now = _station.NextDeadline - 1 }));
        Assert.Equal(["Snapshot 10 -1 100:1|101:1"], Process(new MarketBatch { Now = _station.NextDeadline }));
    }

    [Fact]
    public void Process_VenueSilentForTooLong_StopsPublishingUntilItSpeaks()
    {
        Snapshot(First, 10, "100:1 101:1");
        var published = 0;
        while (_station.NextDeadline < 300 * Second)
        {
            published += Process(new MarketBatch { Now = _station.NextDeadline }).Count;
        }

        Assert.InRange(published, 9, 10);
        Assert.Equal((0, 1), (_metrics.BooksIn("binance", "valid"), _metrics.BooksIn("binance", "stale")));
        Assert.Equal(["Snapshot 11 -1 100:5|101:1"], Update(First, 11, 11, "100:5", now: 300 * Second));
        Assert.Equal((1, 0), (_metrics.BooksIn("binance", "valid"), _metrics.BooksIn("binance", "stale")));
        Assert.InRange(_station.NextDeadline, 309 * Second, 310 * Second);
    }

    /// <summary>OKX says every 60 s at the latest that a book has not changed.</summary>
    [Fact]
    public void Process_KeepAliveOfAStaleBook_PublishesItWholeAgain()
    {
        var okx = Instrument(BookRule.Chain, 2);
        Snapshot(okx, 10, "100:1 101:1");
        while (_station.NextDeadline < 120 * Second)
        {
            Process(new MarketBatch { Now = _station.NextDeadline });
        }

        var batch = new MarketBatch { Now = 120 * Second };
        batch.Add(Of(okx, BookUpdateKind.Update, 10, 10, 10), []);
        Assert.Equal(["Snapshot 10 -1 100:1|101:1"], Process(batch));
    }

    [Fact]
    public void Process_BusyBook_IsPublishedWholeWithTheFirstUpdateWhenDue()
    {
        Snapshot(First, 10, "100:1 101:1");
        Assert.Equal(["Snapshot 11 -1 100:2|101:1"], Update(First, 11, 11, "100:2", now: 10 * Second));
    }

    [Fact]
    public void Process_ManyBooksDue_SpreadsThemOverTicks()
    {
        for (var i = 0; i < 200; i++)
        {
            Snapshot(Instrument(BookRule.Range, i), 10, "100:1 101:1");
        }

        var sizes = new List<int>();
        while (_station.NextDeadline <= 10 * Second)
        {
            sizes.Add(Process(new MarketBatch { Now = 10 * Second }).Count);
        }

        Assert.Equal(200, sizes.Sum());
        Assert.All(sizes, size => Assert.InRange(size, 1, 64));
    }

    [Fact]
    public void Process_NoAnswer_AsksAgainByTheClock()
    {
        Update(First, 1, 5, "100:1");
        Assert.Equal(10 * Second, _station.NextDeadline);
        Process(new MarketBatch { Now = 10 * Second });
        Assert.Equal([First, First], _requests);
        Assert.Equal((2, 1), (Value("pipeline.books.snapshots", "requested"), Value("pipeline.books.snapshots", "unanswered")));
    }

    [Fact]
    public void Process_RequestThrows_IsCountedAndTheLaneGoesOn()
    {
        var station = new BookStation(new BookOptions(), new BookRequests(_ => throw new InvalidOperationException("no")), _metrics);
        var batch = new MarketBatch();
        batch.Add(Of(First, BookUpdateKind.Update, 1, 1), []);
        station.Process(batch);
        Assert.Equal(1, Value("pipeline.books.snapshots", "request-failed"));
    }

    [Fact]
    public void Process_ClockSetBack_KeepsTheInterval()
    {
        Snapshot(First, 10, "100:1 101:1", now: 3600 * Second);
        Process(new MarketBatch { Now = Second });
        Assert.InRange(_station.NextDeadline, Second, 11 * Second);
    }

    [Fact]
    public void Process_OtherEventsAndPartials_KeepTheirPlaces()
    {
        var batch = new MarketBatch();
        batch.Add(new Quote(First, 1, default, default, default, default, 0, 0));
        batch.Add(Of(First, BookUpdateKind.Update, 1, 1), []);
        batch.Add(Of(First, BookUpdateKind.Partial, 7, 7, bids: 1), Levels("100:1"));
        batch.Add(new Quote(First, 2, default, default, default, default, 0, 0));
        _station.Process(batch);
        Assert.Equal(
            [(MarketEventKind.Quote, 0), (MarketEventKind.BookUpdate, 1), (MarketEventKind.Quote, 1)],
            batch.Events.Span.ToArray().Select(happened => (happened.Kind, happened.Index)));
    }

    [Fact]
    public void Process_SteadyState_AllocatesNothing()
    {
        var station = CreateSut(new BookOptions());
        var venue = new BookVenue(BookRule.Range, 21);
        var batches = new MarketBatchPool();
        Run(station, batches, venue.Snapshot());
        var frames = Enumerable.Range(0, 4_000).Select(_ => venue.NextFrame()).ToList();
        foreach (var frame in frames.Take(2_000))
        {
            Run(station, batches, frame);
        }

        var next = 2_000;
        var allocated = Allocations.Least(
            () =>
            {
                for (var end = next + 400; next < end; next++)
                {
                    Run(station, batches, frames[next]);
                }
            },
            rounds: 5);

        Assert.Equal(0, allocated);
        Assert.Equal(1, _metrics.BooksIn("binance", "valid"));
    }

    private static void Run(BookStation station, MarketBatchPool batches, (OrderBookUpdate Update, BookLevel[] Levels) frame)
    {
        var batch = batches.Rent();
        batch.Now = frame.Update.ReceivedTime;
        batch.Add(frame.Update, frame.Levels);
        station.Process(batch);
        batch.Release();
    }

    private static string Text(MarketBatch batch, in OrderBookUpdate record)
    {
        var levels = batch.Levels.Span.Slice(record.FirstLevel, record.Bids + record.Asks).ToArray().Select(l => $"{l.Price}:{l.Quantity}").ToList();
        var bids = string.Join(' ', levels.Take(record.Bids));
        return $"{record.Kind} {record.LastUpdateId} {record.PreviousUpdateId} {bids}|{string.Join(' ', levels.Skip(record.Bids))}";
    }

    private BookStation CreateSut(BookOptions options) => new(options, new BookRequests(_requests.Add), _metrics);

    private List<string> Snapshot(Instrument instrument, long id, string levels, long now = 0)
    {
        var parsed = Levels(levels);
        var batch = new MarketBatch { Now = now };
        batch.Add(Of(instrument, BookUpdateKind.Snapshot, id, id, -1, parsed.Length - 1, 1), parsed);
        return Process(batch);
    }

    /// <summary>Levels are bids.</summary>
    private List<string> Update(Instrument instrument, long from, long id, string levels, long now = 0)
    {
        var parsed = Levels(levels);
        var batch = new MarketBatch { Now = now };
        batch.Add(Of(instrument, BookUpdateKind.Update, from, id, -1, parsed.Length), parsed);
        return Process(batch);
    }

    private List<string> Process(MarketBatch batch)
    {
        _station.Process(batch);
        return [.. batch.Events.Span.ToArray().Select(happened => Text(batch, batch.BookUpdates[happened.Index]))];
    }

    private long Value(string name, string detail) => _metrics.Snapshot().Where(s => s.Name == name && s.Detail == detail).Sum(s => s.Value);
}
