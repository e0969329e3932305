using Pipeline.Core.Market;
using Pipeline.History;

namespace Pipeline.Gateway.History;

/// <content>Writing, releasing and tidying.</content>
internal sealed partial class HistoryWriter
{
    /// <summary>Writes the batch; where the disk refuses it is tried again for ever, ever more slowly.</summary>
    private async Task CommitAsync(string logId, CancellationToken cancellation)
    {
        for (var pause = FirstRetry; ; pause = pause * 2 < LastRetry ? pause * 2 : LastRetry)
        {
            try
            {
                var began = _time.GetTimestamp();
                var result = await _store.CommitAsync(_batch, logId);
                CommitTime.Add((long)_time.GetElapsedTime(began).TotalMicroseconds, MarketTime.Now(_time));
                _batch.Clear();
                Change(figures => figures with
                {
                    Added = figures.Added + result.Added,
                    Replaced = figures.Replaced + result.Replaced,
                    Skipped = figures.Skipped + result.Skipped,
                });
                AfterCommit(logId);
                return;
            }
            catch (HistoryException error) when (error.IsTransient)
            {
                if (Figures.State != HistoryState.Retrying)
                {
                    LogRetry(error.Message);
                }

                Change(figures => figures with { State = HistoryState.Retrying, Retries = figures.Retries + 1, LastError = error.Message });
                await Task.Delay(pause, _time, cancellation);
            }
        }
    }

    /// <summary>How far it has come, and what the hub may let go.</summary>
    private void AfterCommit(string logId)
    {
        var position = _store.Position;
        var isCaughtUp = _ends.All(one => one.Value == 0 || (position.LogId == logId && position.NextOf(one.Key) >= one.Value));
        Change(figures => figures with { State = isCaughtUp ? HistoryState.Running : HistoryState.CatchingUp });
        if (position.LogId != logId || _time.GetElapsedTime(_releaseAfter) < ReleaseDelay)
        {
            return;
        }

        if (_toRelease.LogId == logId)
        {
            var release = _toRelease;
            _hub!.Post(tail => Release(tail, release));
        }

        _toRelease = position;
        _releaseAfter = _time.GetTimestamp();
    }

    /// <summary>On the hub's thread, so that an answer finds mark and memory in step.</summary>
    private void Release(ICandleTail tail, StorePosition position)
    {
        if (tail.LogId != position.LogId)
        {
            return;
        }

        foreach (var (partition, next) in position.Next)
        {
            if (next > KeptFrom(partition))
            {
                _keptFrom[partition] = next;
                tail.Release(partition, next - 1);
            }
        }
    }

    private async Task TidyAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            var result = new TidyResult();
            try
            {
                result = await _store.TidyAsync();
                Change(figures => figures with { Aged = figures.Aged + result.Aged, Oversize = figures.Oversize + result.Oversize });
            }
            catch (HistoryException error)
            {
                LogTidy(error.Message);
            }

            if (!result.IsMore)
            {
                await WaitAsync(TidyInterval);
            }
        }
    }
}
