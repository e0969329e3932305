using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Core.Topology;
using Pipeline.Gateway.History;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Tests.Candles;
using Pipeline.History;

namespace Pipeline.Gateway.Tests.History;

public sealed class HistoryWriterTests : IDisposable
{
    private static readonly SeriesKey Series = new("binance", "BTC-USDT", SampleCandles.Minute);

    private readonly HistoryFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Writer_AfterARestart_GoesOnFromItsOffsetsAndReadsNothingTwice()
    {
        var log = LogOf(0, 10);
        await RunAsync(log, (_, _) => Task.CompletedTask);
        Fill(log, 10, 5);

        var figures = await RunAsync(log, (_, _) => Task.CompletedTask);

        Assert.Equal((5, 0, 0, HistoryState.Running), (figures.Added, figures.Replaced, figures.Skipped, figures.State));
        Assert.Equal(15, Total());
    }

    [Fact]
    public async Task Writer_OfAnotherLog_ReadsItFromTheStartAndKeepsWhatOnlyTheOldOneHad()
    {
        await RunAsync(LogOf(0, 10), (_, _) => Task.CompletedTask);

        var figures = await RunAsync(LogOf(8, 4, "log-2"), (_, _) => Task.CompletedTask);

        Assert.Equal((2, 2), (figures.Added, figures.Replaced));
        Assert.Equal(12, Total());
    }

    [Fact]
    public async Task Writer_FormingAndMalformedRecords_MoveThePositionAlone()
    {
        var log = LogOf(0, 1);
        log.AddCandle(0, CandleRecord.At(1, state: "forming"));
        log.AddCandle(0, CandleRecord.At(2) with { Open = "1e5" });
        log.AddCandle(0, CandleRecord.At(3) with { High = "01" });
        log.AddCandle(0, CandleRecord.At(4) with { OpenTime = CandleRecord.Start + 1 });

        var figures = await RunAsync(log, (_, _) => Task.CompletedTask);

        Assert.Equal((1, 3), (figures.Added, figures.Malformed));
    }

    [Fact]
    public async Task Writer_DiskFull_TriesAgainUntilThereIsRoomAndLosesNothing()
    {
        var log = LogOf(0, 10);
        var figures = await RunAsync(log, async (store, writer) =>
        {
            await store.LimitPagesAsync(10);
            Fill(log, 10, 4_000);
            await CandleStack.UntilAsync(() => Task.FromResult(writer.Figures.State == HistoryState.Retrying));
            var page = store.Read(new CandleQuery(Series) { Limit = 0 });
            Assert.InRange(page.Total, 10, 4_009);
            Assert.Equal(page.Total, page.Position.NextOf(0));
            Assert.Contains("Make room", writer.Figures.LastError, StringComparison.Ordinal);
            await store.LimitPagesAsync(1_000_000);
            await CandleStack.UntilAsync(() =>
            {
                _file.Time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(store.Position.NextOf(0) == log.EndOf(0));
            });
        });

        Assert.Equal(4_010, Total());
        Assert.True(figures.Retries > 0);
        Assert.Equal(HistoryState.Running, figures.State);
    }

    private static MemoryLog LogOf(int first, int count, string logId = "log-1")
    {
        var log = new MemoryLog(1, logId);
        Fill(log, first, count);
        return log;
    }

    private static void Fill(MemoryLog log, int first, int count)
    {
        for (var i = 0; i < count; i++)
        {
            log.AddCandle(0, CandleRecord.At(first + i));
        }
    }

    private long Total()
    {
        using var store = _file.Open();
        return store.Read(new CandleQuery(Series) { Limit = 0 }).Total;
    }

    /// <summary>Lets a writer read the log to its end, then does something, then ends it.</summary>
    private async Task<HistoryFigures> RunAsync(MemoryLog log, Func<CandleStore, HistoryWriter, Task> during)
    {
        using var store = _file.Open();
        var options = new HistoryOptions { CommitRecords = 100 };
        await using var writer = new HistoryWriter(store, log, options, _file.Time, NullLogger<HistoryWriter>.Instance);
        writer.Start(new NoHub());
        writer.OnLog(new LogBeginning(log.LogId, [new PartitionBeginning(TopicKind.Candles, 0, 0, 0, log.EndOf(0))]));
        await CandleStack.UntilAsync(() =>
        {
            // Batches are due by this clock.
            _file.Time.Advance(TimeSpan.FromMilliseconds(250));
            return Task.FromResult(store.Position.LogId == log.LogId && store.Position.NextOf(0) == log.EndOf(0));
        });
        await during(store, writer);
        await CandleStack.UntilAsync(() => Task.FromResult(writer.Figures.State == HistoryState.Running));
        return writer.Figures;
    }

    private sealed class NoHub : ICandleHub
    {
        public Task<T> AskAsync<T>(Func<ICandleTail, T> question, CancellationToken cancellation = default) => throw new HubUnavailableException();

        public bool Post(Action<ICandleTail> command, bool force = false) => false;
    }
}
