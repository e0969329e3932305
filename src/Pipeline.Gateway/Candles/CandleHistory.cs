using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Gateway.History;
using Pipeline.Gateway.Hub;
using Pipeline.History;

namespace Pipeline.Gateway.Candles;

/// <summary>
/// Answers with history that has no seam to what comes live after it: the rows of the store, read on a thread that may wait, overlaid
/// between two records of the hub by what the hub holds beyond the offset that was committed with them.
/// </summary>
/// <param name="store">Null where none runs: then history reaches back as far as the hub's memory.</param>
/// <param name="board">The forming candles, whose records the hub may have let go.</param>
internal sealed class CandleHistory(CandleStore? store, IHistoryMarks? marks, CandleBoard board, TimeProvider time)
{
    // Rows go out of date at most once in the time for which the hub keeps what is stored.
    private const int MaxReads = 3;

    // 10 ms, twice as long each time, up to 320 ms: about a second in all.
    private const int MaxAsks = 8;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(320);

    private readonly Lock _gate = new();
    private long _refused;

    /// <summary>From a question to its answer. For any thread.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Questions that could not be answered because store and hub did not come together.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Reads, overlays, and lets <paramref name="finish"/> run before the hub's next record.</summary>
    /// <param name="prepare">Made of the rows before the hub is asked, off its thread.</param>
    /// <param name="finish">On the hub's thread: quick. The answer it gets is complete up to here.</param>
    /// <exception cref="HubUnavailableException">The hub takes no command, or is more than a second behind the store.</exception>
    /// <exception cref="HistoryException">The store cannot be read.</exception>
    public async Task<TResult> AnswerAsync<TPrepared, TResult>(
        ICandleHub hub, HistoryRange range, Func<CandlePage, TPrepared> prepare, Func<TPrepared, CandleOverlay, TResult> finish, CancellationToken cancellation = default)
    {
        var began = time.GetTimestamp();
        var page = await ReadAsync(range, cancellation);
        var prepared = prepare(page);
        var (reads, pause) = (1, FirstPause);
        for (var asks = 1; ; asks++)
        {
            var (fit, result) = await hub.AskAsync(
                tail => TryOverlay(tail, range, page, out var overlay) is var fit && fit == HistoryFit.Fits
                    ? (fit, finish(prepared, overlay))
                    : (fit, default(TResult)),
                cancellation);
            switch (fit)
            {
                case HistoryFit.Fits:
                    Measure(began);
                    return result!;
                case HistoryFit.TooOld when reads < MaxReads:
                    reads++;
                    page = await ReadAsync(range, cancellation);
                    prepared = prepare(page);
                    break;
                case HistoryFit.TooNew when asks < MaxAsks:
                    await Task.Delay(pause, time, cancellation);
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                    break;
                default:
                    Interlocked.Increment(ref _refused);
                    throw new HubUnavailableException("The hub has not read as far as the history, or lets candles go faster than they can be read.");
            }
        }
    }

    /// <summary>The candles themselves, for those who want nothing to happen at that moment.</summary>
    public Task<HistoryAnswer> AnswerAsync(ICandleHub hub, HistoryRange range, CancellationToken cancellation = default) =>
        AnswerAsync(hub, range, page => page, (page, overlay) => overlay.Merge(page.Candles, range, page), cancellation);

    private async Task<CandlePage> ReadAsync(HistoryRange range, CancellationToken cancellation)
    {
        if (store is null)
        {
            return new CandlePage([], false, 0, long.MinValue, StorePosition.None);
        }

        var page = await store.ReadAsync(new CandleQuery(range.Key) { From = range.From, To = range.To, Limit = range.Limit, NewestFirst = true }, cancellation);
        return page with { Candles = [.. page.Candles.Reverse()] };
    }

    private void Measure(long began)
    {
        lock (_gate)
        {
            Latency.Add((long)time.GetElapsedTime(began).TotalMicroseconds, MarketTime.Now(time));
        }
    }

    /// <summary>Whether the rows fit the hub's memory at this moment.</summary>
    private HistoryFit TryOverlay(ICandleTail tail, HistoryRange range, CandlePage page, out CandleOverlay overlay)
    {
        var series = range.Series;
        var partition = tail.PartitionOf(series);
        var isSameLog = page.Position.LogId == tail.LogId;
        var next = isSameLog && partition >= 0 ? page.Position.NextOf(partition) : 0;
        overlay = CandleOverlay.None(page);
        if (partition < 0)
        {
            return HistoryFit.Fits;
        }

        if (isSameLog && next < (marks?.KeptFrom(partition) ?? 0))
        {
            return HistoryFit.TooOld;
        }

        if (isSameLog && next > Math.Max(0, tail.PositionOf(partition)))
        {
            return HistoryFit.TooNew;
        }

        overlay = CandleOverlay.Of(tail.CandlesAfter(series, partition, next - 1), board.FormingOf(series), range, page, isSameLog);
        return HistoryFit.Fits;
    }
}
