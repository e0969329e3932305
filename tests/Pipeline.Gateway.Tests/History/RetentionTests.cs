using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.History;
using static Pipeline.Gateway.Tests.History.SampleCandles;

namespace Pipeline.Gateway.Tests.History;

public sealed class RetentionTests : IDisposable
{
    private const int StepCandles = 2_000;

    private readonly HistoryFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Tidy_ByAge_RemovesWhatEndedBeforeItByInterval()
    {
        _file.Options = new HistoryOptions { MaxAge = TimeSpan.FromHours(10), MaxAgeOf = new Dictionary<CandleInterval, TimeSpan> { [CandleInterval.Parse("1s")] = TimeSpan.FromHours(1) } };
        using var store = _file.Open();
        await FillAsync(store, Series(0, "1s"), 86_400);
        await FillAsync(store, Series(0, "1m"), 1_440);
        await FillAsync(store, Series(0, "1d"), 1);

        var steps = await TidyAsync(store);

        // It is 24 h after the first candle began. A candle that ended exactly at the limit stays.
        Assert.Equal(3_601, store.Read(new CandleQuery(Series(0, "1s")) { Limit = 0 }).Total);
        Assert.Equal(Start + (82_799 * 1_000_000L), store.Read(new CandleQuery(Series(0, "1s")) { Limit = 1 }).Candles[0].OpenTime);
        Assert.Equal(601, store.Read(new CandleQuery(Series(0, "1m")) { Limit = 0 }).Total);
        Assert.Equal(1, store.Read(new CandleQuery(Series(0, "1d")) { Limit = 0 }).Total);
        Assert.Equal(82_799 + 839, steps.Sum(step => step.Aged));
        Assert.All(steps, step => Assert.InRange(step.Aged, 0, StepCandles));
        Assert.Equal(Start, store.Stats().Oldest);
    }

    [Fact]
    public async Task Tidy_BySize_TakesTheOldestOfTheLongestSeriesAndShrinksTheFile()
    {
        _file.Options = new HistoryOptions { MaxSize = 4 << 20 };
        var store = _file.Open();
        await FillAsync(store, Series(0, "1m"), 120_000);
        await FillAsync(store, Series(1, "1h"), 2_000);
        var before = store.Stats();

        var steps = await TidyAsync(store);

        var after = store.Stats();
        Assert.True(before.Bytes > 6 << 20, $"{before.Bytes} bytes before");
        Assert.Equal(2_000, store.Read(new CandleQuery(Series(1, "1h")) { Limit = 0 }).Total);
        Assert.Equal(before.Candles - steps.Sum(step => step.Oversize), after.Candles);
        Assert.Equal(Start + (119_999 * Minute.Microseconds), store.Read(new CandleQuery(Series(0, "1m")) { Limit = 1, NewestFirst = true }).Candles[0].OpenTime);
        Assert.All(steps, step => Assert.InRange(step.Oversize, 0, StepCandles));
        store.Dispose();
        Assert.InRange(new FileInfo(_file.Path).Length, 3 << 20, 4 << 20);
    }

    [Fact]
    public async Task Tidy_SeriesThatEmpties_CanBeFilledAgain()
    {
        _file.Options = new HistoryOptions { MaxAge = TimeSpan.FromMinutes(1) };
        using var store = _file.Open();
        await FillAsync(store, Series(), 10);

        await TidyAsync(store);
        Assert.Equal(0, store.Stats().Series);
        Assert.Null(store.Stats().Oldest);

        await FillAsync(store, Series(), 1);
        Assert.Equal(1, store.Stats().Candles);
        Assert.Equal(Start, store.Stats().Oldest);
    }

    private static async Task<List<TidyResult>> TidyAsync(CandleStore store)
    {
        var steps = new List<TidyResult>();
        do
        {
            steps.Add(await store.TidyAsync());
        }
        while (steps[^1].IsMore && steps.Count < 1_000);

        Assert.False(steps[^1].IsMore);
        return steps;
    }

    private static async Task FillAsync(CandleStore store, SeriesKey series, int count)
    {
        var batch = new CandleBatch();
        for (var i = 0; i < count; i++)
        {
            batch.Add(series, 0, i, Candle(series, i));
        }

        await store.CommitAsync(batch, "log");
    }
}
