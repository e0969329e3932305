using Pipeline.Core.Market;

namespace Pipeline.Core.Graph;

/// <summary>Decides, at the entrance of station 4 of one lane, which batch is a checkpoint. Plain; for one thread.</summary>
/// <param name="partitions">Those of the lane.</param>
internal sealed class CheckpointTrigger(CheckpointOptions options, IReadOnlyList<int> partitions)
{
    private readonly long _interval = MarketTime.From(options.Interval);
    private readonly long[] _rewritten = new long[partitions.Count];
    private long _due = long.MaxValue;
    private long _trades;

    /// <summary>When a batch is wanted even if nothing happens, by the market clock; the maximum before the first.</summary>
    public long NextDeadline => _due;

    /// <summary>To be called with every batch, before the stations see it.</summary>
    public void Look(MarketBatch batch)
    {
        _trades += batch.Trades.Count;
        if (_due == long.MaxValue || _due - batch.Now > _interval)
        {
            // The first, or the clock was set back.
            _due = batch.Now + _interval;
        }

        // The last batch of a lane bears no time, and is the last chance.
        if (batch.IsLast || batch.Now >= _due || _trades >= options.Trades)
        {
            _due = Math.Max(batch.Now, _due - _interval) + _interval;
            _trades = 0;
            batch.IsCheckpoint = true;
            batch.IsWholeCheckpoint = MustRewrite();
        }
    }

    private bool MustRewrite()
    {
        var must = false;
        for (var i = 0; i < partitions.Count && options.StateBytes is { } bytesOf; i++)
        {
            must |= bytesOf(partitions[i]) - _rewritten[i] >= options.RewriteBytes;
        }

        for (var i = 0; i < partitions.Count && must; i++)
        {
            _rewritten[i] = options.StateBytes!(partitions[i]);
        }

        return must;
    }
}
