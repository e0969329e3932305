using Pipeline.Core.Graph;
using Pipeline.Core.Market;

namespace Pipeline.Host.Collecting;

/// <summary>Looks at the health of streams on its way to the sink: what is published is what is answered.</summary>
internal sealed class HealthTap(IMarketSink sink, StreamHealthBoard board) : IMarketSink
{
    public ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation)
    {
        for (var i = 0; i < batch.Health.Count; i++)
        {
            board.Note(batch.Health[i]);
        }

        return sink.WriteAsync(batch, cancellation);
    }

    public ValueTask FlushAsync(CancellationToken cancellation) => sink.FlushAsync(cancellation);
}
