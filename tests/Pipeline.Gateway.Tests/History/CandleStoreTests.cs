using Pipeline.Core.Market;
using Pipeline.History;
using static Pipeline.Gateway.Tests.History.SampleCandles;

namespace Pipeline.Gateway.Tests.History;

public sealed class CandleStoreTests : IDisposable
{
    private readonly HistoryFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Read_AfterReopening_GivesEveryFieldExactly()
    {
        var series = Series();
        HistoryCandle[] odd =
        [
            Candle(series, 0),
            Candle(series, 1, revision: 3),
            Candle(series, 2) with { TakerBuyVolume = null, Trades = -1, FirstId = -1, LastId = -1, Source = CandleSource.Venue, Complete = true },
            Candle(series, 3) with
            {
                Open = new Number(999_999_999_999_999_999, 36), High = new Number(999_999_999_999_999_999, 0), Low = new Number(-1, 36), Close = Number.Zero,
                Volume = new WideNumber(Int128.MaxValue, 0), QuoteVolume = new WideNumber(Int128.MinValue, 72), TakerBuyVolume = WideNumber.Zero,
            },
            Candle(series, 4) with { FirstId = long.MaxValue - 1, LastId = long.MaxValue, Trades = 0, Updates = int.MaxValue, Revision = int.MaxValue, State = CandleState.Revised },
            Candle(series, 5) with { Open = new Number(123, 5), High = new Number(1234, 6), Low = new Number(1, 12), Close = new Number(5, 1), Source = CandleSource.Prices },
        ];
        using (var store = _file.Open())
        {
            await store.CommitAsync(BatchOf(series, odd), "log");
        }

        using var again = _file.Open();
        Assert.Equal(odd, again.Read(new CandleQuery(series)).Candles);
        Assert.Equal(Int128.MinValue, again.Read(new CandleQuery(series)).Candles[3].QuoteVolume.Mantissa);
    }

    [Fact]
    public async Task Read_RangeLimitAndOrder_AreKept()
    {
        using var store = _file.Open();
        var series = Series();
        await store.CommitAsync(BatchOf(series, [.. Enumerable.Range(0, 50).Select(i => Candle(series, i))]), "log");
        await store.CommitAsync(BatchOf(Series(1), [.. Enumerable.Range(0, 50).Select(i => Candle(Series(1), i))]), "log");
        var minute = series.Interval.Microseconds;

        Assert.Equal([49, 48, 47], Indices(store.Read(new CandleQuery(series) { Limit = 3, NewestFirst = true })));
        Assert.Equal([19, 18], Indices(store.Read(new CandleQuery(series) { To = Start + (20 * minute), Limit = 2, NewestFirst = true })));
        Assert.Equal([20, 19], Indices(store.Read(new CandleQuery(series) { To = Start + (20 * minute) + 1, Limit = 2, NewestFirst = true })));
        Assert.Equal([10, 11, 12], Indices(store.Read(new CandleQuery(series) { From = Start + (9 * minute) + 1, Limit = 3 })));
        Assert.Equal([], Indices(store.Read(new CandleQuery(series) { From = Start + (50 * minute) })));
        Assert.Equal([], Indices(store.Read(new CandleQuery(Series(9)))));

        var page = store.Read(new CandleQuery(series) { From = Start + (48 * minute), Limit = 2 });
        Assert.False(page.HasMore);
        Assert.True((page with { HasMore = store.Read(new CandleQuery(series) { Limit = 49 }).HasMore }).HasMore);
        Assert.Equal(50, page.Total);
        Assert.Equal(50, store.Read(new CandleQuery(series) { Limit = 0 }).Total);
    }

    [Fact]
    public async Task Commit_SameKeyAgain_HigherRevisionThenHigherOffsetWins()
    {
        using var store = _file.Open();
        var series = Series();
        var first = Candle(series, 0);
        var revised = Candle(series, 0, revision: 2);
        var late = Candle(series, 0, revision: 1);
        var corrected = Candle(series, 0) with { Updates = 99 };

        Assert.Equal(new CommitResult(1, 0, 0), await CommitAsync(store, series, 10, first));
        Assert.Equal(new CommitResult(0, 1, 0), await CommitAsync(store, series, 11, corrected));
        Assert.Equal(new CommitResult(0, 0, 1), await CommitAsync(store, series, 10, first));
        Assert.Equal(new CommitResult(0, 1, 0), await CommitAsync(store, series, 12, revised));
        Assert.Equal(new CommitResult(0, 0, 1), await CommitAsync(store, series, 13, late));
        Assert.Equal([revised], store.Read(new CandleQuery(series)).Candles);
        Assert.Equal(1, store.Stats().Candles);
    }

    [Fact]
    public async Task Commit_SeveralRecordsOfOneCandleInABatch_LastOneWinsOnce()
    {
        using var store = _file.Open();
        var series = Series();
        var batch = new CandleBatch();
        batch.Add(series, 0, 0, Candle(series, 1));
        batch.Add(series, 0, 1, Candle(series, 0));
        batch.Add(series, 0, 2, Candle(series, 1, revision: 1));

        Assert.Equal(new CommitResult(2, 1, 0), await store.CommitAsync(batch, "log"));
        Assert.Equal([Candle(series, 0), Candle(series, 1, revision: 1)], store.Read(new CandleQuery(series)).Candles);
    }

    [Fact]
    public async Task Commit_OfAnotherLog_BeginsAnewAndOverwritesWhatComesAgain()
    {
        var series = Series();
        using (var store = _file.Open())
        {
            await CommitAsync(store, series, 500, Candle(series, 0, revision: 9));
            await CommitAsync(store, series, 501, Candle(series, 1));
            await CommitAsync(store, series, 2, Candle(series, 0), "other");
        }

        using var again = _file.Open();
        Assert.Equal("other", again.Position.LogId);
        Assert.Equal(3, again.Position.NextOf(0));
        Assert.Equal([Candle(series, 0), Candle(series, 1)], again.Read(new CandleQuery(series)).Candles);

        // Back to the first log: it is read from its start again, and wins again.
        await CommitAsync(again, series, 500, Candle(series, 0, revision: 9));
        Assert.Equal(9, again.Read(new CandleQuery(series)).Candles[0].Revision);
    }

    [Fact]
    public async Task Position_MovesWithRecordsThatAreNotKept()
    {
        using var store = _file.Open();
        var batch = new CandleBatch();
        batch.Skip(3, 41);
        await store.CommitAsync(batch, "log");

        Assert.Equal(42, store.Position.NextOf(3));
        Assert.Equal(0, store.Position.NextOf(4));
        Assert.Equal(42, store.Read(new CandleQuery(Series())).Position.NextOf(3));
    }

    [Fact]
    public async Task Stats_TellWhatIsThere_AlsoAfterReopening()
    {
        using (var store = _file.Open())
        {
            Assert.Equal((0, 0L, null, null), Figures(store.Stats()));
            await store.CommitAsync(BatchOf(Series(), [Candle(Series(), 5), Candle(Series(), 9)]), "log");
            await store.CommitAsync(BatchOf(Series(1, "1h"), [Candle(Series(1, "1h"), 3)]), "log");
        }

        using var again = _file.Open();
        Assert.Equal((2, 3L, Start + (5 * Minute.Microseconds), Start + (3 * 3_600_000_000L)), Figures(again.Stats()));
        Assert.InRange(again.Stats().Bytes, 4096, 1 << 20);
    }

    [Fact]
    public async Task Read_WhileBatchesAreWritten_SeesCandlesAndPositionOfOneMoment()
    {
        using var store = _file.Open();
        var series = Series();
        const int Batches = 300;
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < Batches; i++)
            {
                await store.CommitAsync(BatchOf(series, [.. Enumerable.Range(i * 10, 10).Select(n => Candle(series, n))], i * 10), "log");
            }
        });
        var looks = 0;
        while (!writing.IsCompleted)
        {
            var page = store.Read(new CandleQuery(series) { Limit = 10, NewestFirst = true });
            Assert.Equal(page.Total, page.Position.NextOf(0));
            Assert.Equal(page.Total - 1, page.Candles.Count == 0 ? -1 : Indices(page)[0]);
            looks++;
        }

        await writing;
        Assert.True(looks > 0);
        Assert.Equal(Batches * 10, store.Stats().Candles);
    }

    private static (int, long, long?, long?) Figures(StoreStats stats) => (stats.Series, stats.Candles, stats.Oldest, stats.Newest);

    private static int[] Indices(CandlePage page) => [.. page.Candles.Select(candle => (int)((candle.OpenTime - Start) / Minute.Microseconds))];

    private static Task<CommitResult> CommitAsync(CandleStore store, SeriesKey series, long offset, HistoryCandle candle, string log = "log") =>
        store.CommitAsync(BatchOf(series, [candle], offset), log);

    private static CandleBatch BatchOf(SeriesKey series, IReadOnlyList<HistoryCandle> candles, long offset = 0)
    {
        var batch = new CandleBatch();
        foreach (var candle in candles)
        {
            batch.Add(series, 0, offset++, candle);
        }

        return batch;
    }
}
