using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>
/// Station 4 of one lane: passes each event of its instruments on once and in order. Trades by contiguous id, quotes by rising
/// update id; books are checked for continuity. Whatever is dropped is counted with a reason.
/// </summary>
internal sealed class Sequencer(PipelineMetrics metrics)
{
    private State?[] _states = [];

    public void Process(MarketBatch batch)
    {
        var kept = 0;
        for (var i = 0; i < batch.Events.Count; i++)
        {
            var happened = batch.Events[i];
            if (Passes(batch, happened))
            {
                batch.Events[kept++] = happened;
            }
        }

        batch.Events.Truncate(kept);
    }

    private bool Passes(MarketBatch batch, MarketEvent happened) => happened.Kind switch
    {
        MarketEventKind.Trade => Passes(ref batch.Trades[happened.Index]),
        MarketEventKind.Quote => Passes(in batch.Quotes[happened.Index]),
        MarketEventKind.BookUpdate => Passes(in batch.BookUpdates[happened.Index]),
        _ => true,
    };

    private bool Passes(ref Trade trade)
    {
        var venue = trade.Instrument.Venue;
        switch (StateOf(trade.Instrument).Trades.Judge(trade.Id, out var missing))
        {
            case Verdict.Duplicate:
                metrics.Dropped(venue, "duplicate");
                return false;
            case Verdict.Late:
                metrics.Dropped(venue, "late");
                return false;
            case Verdict.AfterHole:
                metrics.Hole(venue, "trade", missing);
                trade = trade with { AfterGap = true };
                return true;
            default:
                return true;
        }
    }

    /// <summary>Update ids of quotes rise but are not contiguous; venues do send older ones after newer (binance-public-data#305).</summary>
    private bool Passes(in Quote quote)
    {
        var state = StateOf(quote.Instrument);
        if (quote.UpdateId <= state.QuoteId)
        {
            metrics.Dropped(quote.Instrument.Venue, quote.UpdateId == state.QuoteId ? "duplicate-quote" : "stale-quote");
            return false;
        }

        state.QuoteId = quote.UpdateId;
        return true;
    }

    private bool Passes(in OrderBookUpdate update)
    {
        var state = StateOf(update.Instrument);
        if (update.LastUpdateId <= state.BookId)
        {
            metrics.Dropped(update.Instrument.Venue, "stale-book-update");
            return false;
        }

        if (state.BookId >= 0 && update.FirstUpdateId > state.BookId + 1)
        {
            metrics.Hole(update.Instrument.Venue, "book", update.FirstUpdateId - state.BookId - 1);
        }

        state.BookId = update.LastUpdateId;
        return true;
    }

    private State StateOf(Instrument instrument)
    {
        if (instrument.Index >= _states.Length)
        {
            Array.Resize(ref _states, Math.Max(instrument.Index + 1, _states.Length * 2));
        }

        return _states[instrument.Index] ??= new State();
    }

    private sealed class State
    {
        public Arbiter Trades { get; } = new();

        public long QuoteId { get; set; } = -1;

        public long BookId { get; set; } = -1;
    }
}
