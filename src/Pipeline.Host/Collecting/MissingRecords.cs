using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Core.Restart;

namespace Pipeline.Host.Collecting;

/// <summary>What a restored partition's log lacks.</summary>
internal static class MissingRecords
{
    /// <summary>Holes first: what is in them comes out of order. Completes when all of it is acknowledged.</summary>
    public static async Task WriteAsync(RestoredPartition restored, IMarketSink sink, int lanes, CancellationToken cancellation)
    {
        var batch = new MarketBatch { Lane = restored.Partition % lanes };
        foreach (var gap in restored.GapsToWrite)
        {
            batch.Add(gap);
        }

        foreach (var candle in restored.CandlesToWrite)
        {
            batch.Add(candle);
        }

        if (batch.Events.Count > 0)
        {
            await sink.WriteAsync(batch, cancellation);
            await sink.FlushAsync(cancellation);
        }
    }
}
