using Pipeline.Core.Diagnostics;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;

namespace Pipeline.Core.Client;

/// <summary>The end of the graph in a program of its own: gives each event to those who watch its instrument.</summary>
internal sealed class WatchSink(PipelineMetrics metrics) : IMarketSink
{
    private readonly Lock _gate = new();
    private volatile WatchedInstrument?[] _watched = [];

    /// <summary>Who watches the instrument; made when nobody did.</summary>
    public WatchedInstrument Of(Instrument instrument)
    {
        lock (_gate)
        {
            if (instrument.Index >= _watched.Length)
            {
                var more = new WatchedInstrument?[Math.Max(instrument.Index + 1, _watched.Length * 2)];
                _watched.CopyTo(more, 0);
                _watched = more;
            }

            return _watched[instrument.Index] ??= new WatchedInstrument();
        }
    }

    public ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation)
    {
        foreach (var happened in batch.Events.Span)
        {
            try
            {
                Push(batch, happened);
            }
            catch (Exception)
            {
                // An observer's own trouble; the others go on.
                metrics.ObserverError("client");
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <summary>Tells all who watch that nothing more comes.</summary>
    public void Complete()
    {
        foreach (var one in _watched)
        {
            one?.Dispose();
        }
    }

    private void Push(MarketBatch batch, MarketEvent happened)
    {
        switch (happened.Kind)
        {
            case MarketEventKind.Trade:
                ref readonly var trade = ref batch.Trades[happened.Index];
                Find(trade.Instrument)?.Trades.OnNext(trade);
                break;
            case MarketEventKind.Quote:
                ref readonly var quote = ref batch.Quotes[happened.Index];
                Find(quote.Instrument)?.Quotes.OnNext(quote);
                break;
            case MarketEventKind.Candle:
                ref readonly var candle = ref batch.Candles[happened.Index];
                Find(candle.Instrument)?.Candles.OnNext(candle);
                break;
            case MarketEventKind.BookUpdate:
                ref readonly var update = ref batch.BookUpdates[happened.Index];
                Find(update.Instrument)?.Push(update, batch.Levels.Span.Slice(update.FirstLevel, update.Bids + update.Asks));
                break;
            default:
                break;
        }
    }

    private WatchedInstrument? Find(Instrument instrument) =>
        _watched is var watched && instrument.Index < watched.Length ? watched[instrument.Index] : null;
}
