using Pipeline.Core.Market;

namespace Pipeline.Core.Graph;

/// <summary>
/// In front of a replay's sink: what came live when it was recorded says that it was replayed. Behind all stations, so that they do
/// with it what they did live.
/// </summary>
public sealed class ReplayMark(IMarketSink sink) : IMarketSink
{
    public ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        for (var i = 0; i < batch.Trades.Count; i++)
        {
            ref var trade = ref batch.Trades[i];
            if (trade.Source == TradeSource.Live)
            {
                trade = trade with { Source = TradeSource.Replay };
            }
        }

        return sink.WriteAsync(batch, cancellation);
    }

    public ValueTask FlushAsync(CancellationToken cancellation) => sink.FlushAsync(cancellation);
}
