using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>
/// Station 4 of one lane: passes each event of its instruments on once and in order. Trades by contiguous id, quotes by rising
/// update id; books are checked for continuity. Whatever is dropped is counted with a reason.
/// </summary>
internal sealed class Sequencer(PipelineMetrics metrics)
{
    private readonly InstrumentMap<State> _states = new(_ => new State());

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
        var verdict = _states[trade.Instrument].Trades.Judge(trade.Id, trade.EventTime, out var missing);
        switch (verdict)
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
            case Verdict.Reset:
                metrics.Reset(venue, "trade");
                trade = trade with { AfterGap = true };
                return true;
            default:
                return true;
        }
    }

    /// <summary>Update ids of quotes rise but are not contiguous; venues do send older ones after newer (binance-public-data#305).</summary>
    private bool Passes(in Quote quote) =>
        Passes(_states[quote.Instrument].Quotes.Judge(quote.UpdateId), quote.Instrument.Venue, "quote");

    private bool Passes(in OrderBookUpdate update)
    {
        ref var books = ref _states[update.Instrument].Books;
        var frontier = books.Frontier;
        var verdict = books.Judge(update.LastUpdateId);
        if (verdict == Verdict.Next && frontier >= 0 && update.FirstUpdateId > frontier + 1)
        {
            metrics.Hole(update.Instrument.Venue, "book", update.FirstUpdateId - frontier - 1);
        }

        return Passes(verdict, update.Instrument.Venue, "book");
    }

    private bool Passes(Verdict verdict, string venue, string kind)
    {
        switch (verdict)
        {
            case Verdict.Duplicate:
                metrics.Dropped(venue, kind == "quote" ? "duplicate-quote" : "duplicate-book");
                return false;
            case Verdict.Late:
                metrics.Dropped(venue, kind == "quote" ? "stale-quote" : "stale-book");
                return false;
            case Verdict.Reset:
                metrics.Reset(venue, kind);
                return true;
            default:
                return true;
        }
    }

    private sealed class State
    {
        public RisingIds Quotes;

        public RisingIds Books;

        public Arbiter Trades { get; } = new();
    }
}
