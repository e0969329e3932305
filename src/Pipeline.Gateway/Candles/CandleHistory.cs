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
    private const int MaxAttempts = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Reads, overlays, and lets <paramref name="finish"/> run before the hub's next record.</summary>
    /// <param name="prepare">Made of the rows before the hub is asked, off its thread.</param>
    /// <param name="finish">On the hub's thread: quick. The answer it gets is complete up to here.</param>
    /// <exception cref="HubUnavailableException">The hub takes no command.</exception>
    /// <exception cref="HistoryException">The store cannot be read.</exception>
    public async Task<TResult> AnswerAsync<TPrepared, TResult>(
        ICandleHub hub, HistoryRange range, Func<CandlePage, TPrepared> prepare, Func<TPrepared, CandleOverlay, TResult> finish, CancellationToken cancellation = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            var page = await ReadAsync(range, cancellation);
            var prepared = prepare(page);
            var isLast = attempt == MaxAttempts;
            var (isDone, result) = await hub.AskAsync(
                tail => TryOverlay(tail, range, page, isLast, out var overlay) ? (true, finish(prepared, overlay)) : (false, default(TResult)),
                cancellation);
            if (isDone)
            {
                return result!;
            }

            await Task.Delay(Pause, time, cancellation);
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

    /// <summary>False when the rows do not fit the hub's memory at this moment: they must be read again.</summary>
    private bool TryOverlay(ICandleTail tail, HistoryRange range, CandlePage page, bool isLast, out CandleOverlay overlay)
    {
        var series = range.Series;
        var partition = tail.PartitionOf(series);
        var isSameLog = page.Position.LogId == tail.LogId;
        var next = isSameLog && partition >= 0 ? page.Position.NextOf(partition) : 0;
        overlay = CandleOverlay.None(page);
        if (partition < 0)
        {
            return true;
        }

        // What lies between the rows and the hub's memory was let go since they were read; what the store has and the hub has not read yet
        // would come a second time, live.
        var fits = next >= (marks?.KeptFrom(partition) ?? 0) && next <= Math.Max(0, tail.PositionOf(partition));
        if (isSameLog && !fits && !isLast)
        {
            return false;
        }

        overlay = CandleOverlay.Of(tail.CandlesAfter(series, partition, next - 1), board.FormingOf(series), range, page, isSameLog);
        return true;
    }
}
