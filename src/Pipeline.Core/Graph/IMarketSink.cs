using Pipeline.Core.Market;

namespace Pipeline.Core.Graph;

/// <summary>Station 6: writes market events out.</summary>
public interface IMarketSink
{
    /// <summary>
    /// Hands over every event of the batch, in order. Completes when all of them were taken; while there is no room it does not
    /// complete, and that is back pressure. Called by one lane at a time for that lane's batches, by several lanes at once.
    /// The batch stays the caller's: nothing of it may be kept.
    /// </summary>
    ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation);

    /// <summary>Completes when everything taken so far is delivered.</summary>
    ValueTask FlushAsync(CancellationToken cancellation);
}
