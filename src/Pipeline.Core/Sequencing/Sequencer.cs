using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>
/// Station 4 of one lane: passes each event of its instruments on once and in order. Trades by their venue's discipline, quotes and
/// partial books by rising update id, price ticks by slot, tickers, marks and funding by time; liquidations come as they come, no venue
/// orders them. Whatever is dropped is counted with a reason. Books are kept by the station of their own behind it.
/// </summary>
internal sealed class Sequencer(PipelineMetrics metrics)
{
    private readonly InstrumentMap<InstrumentOrder> _states = new(_ => new InstrumentOrder());

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

    /// <summary>What comes of the instrument from now on is the first of it.</summary>
    public void Forget(Instrument instrument) => _states.Remove(instrument);

    private bool Passes(MarketBatch batch, MarketEvent happened) => happened.Kind switch
    {
        MarketEventKind.Trade => Passes(ref batch.Trades[happened.Index], batch.Series),
        MarketEventKind.Quote => Passes(in batch.Quotes[happened.Index]),
        MarketEventKind.BookUpdate => Passes(ref batch.BookUpdates[happened.Index]),
        MarketEventKind.Ticker => Passes(in batch.Tickers[happened.Index]),
        MarketEventKind.MarkPrice => Passes(in batch.MarkPrices[happened.Index]),
        MarketEventKind.FundingRate => Passes(in batch.FundingRates[happened.Index]),
        MarketEventKind.PriceTick => Passes(ref batch.PriceTicks[happened.Index], batch),
        _ => true,
    };

    private bool Passes(ref Trade trade, long series)
    {
        var state = _states[trade.Instrument];
        if (trade.Instrument.Rules.Trades == IdDiscipline.Unordered)
        {
            WatchSeries(state, series, trade.Instrument.Venue, "trade");
        }

        if (!IsNew(state, trade))
        {
            return false;
        }

        if (trade.Kind == TradeKind.OffMarket)
        {
            return Drop(trade.Instrument.Venue, "off-market");
        }

        if (state.IsAfterGap)
        {
            state.IsAfterGap = false;
            trade = trade with { AfterGap = true };
        }

        return true;
    }

    private bool IsNew(InstrumentOrder state, in Trade trade)
    {
        var venue = trade.Instrument.Venue;
        var discipline = trade.Instrument.Rules.Trades;
        if (discipline == IdDiscipline.Unordered)
        {
            return state.TradeIds.TryAdd(trade.Id) || Drop(venue, "duplicate");
        }

        var first = discipline == IdDiscipline.Ranges ? trade.FirstId : trade.Id;
        switch (state.Trades.Judge(first, trade.Id, trade.EventTime, out var missing))
        {
            case Verdict.Duplicate:
                return Drop(venue, "duplicate");
            case Verdict.Late:
                return Drop(venue, "late");
            case Verdict.Overlap:
                metrics.Hole(venue, "trade", missing);
                state.IsAfterGap = true;
                return Drop(venue, "overlap");
            case Verdict.AfterHole:
                metrics.Hole(venue, "trade", missing);
                state.IsAfterGap = true;
                return true;
            case Verdict.Reset:
                metrics.Reset(venue, "trade");
                state.IsAfterGap = true;
                return true;
            default:
                return true;
        }
    }

    /// <summary>Update ids of quotes rise but are not contiguous; venues do send older ones after newer (binance-public-data#305).</summary>
    private bool Passes(in Quote quote)
    {
        var venue = quote.Instrument.Venue;
        return _states[quote.Instrument].Quotes.Judge(quote.UpdateId) switch
        {
            Verdict.Duplicate => Drop(venue, "duplicate-quote"),
            Verdict.Late => Drop(venue, "stale-quote"),
            Verdict.Reset => PassReset(venue, "quote"),
            _ => true,
        };
    }

    /// <summary>A partial book is a record for itself; the others build a book.</summary>
    private bool Passes(ref OrderBookUpdate update)
    {
        if (update.Kind != BookUpdateKind.Partial)
        {
            return true;
        }

        var venue = update.Instrument.Venue;
        update = update with { PreviousUpdateId = -1 };
        return _states[update.Instrument].Partials.Judge(update.LastUpdateId) switch
        {
            Verdict.Duplicate => Drop(venue, "duplicate-book"),
            Verdict.Late => Drop(venue, "stale-book"),
            Verdict.Reset => PassReset(venue, "book"),
            _ => true,
        };
    }

    private bool Passes(in Ticker ticker) =>
        _states[ticker.Instrument].Tickers.Passes(ticker.EventTime, ticker.ReceivedTime) || Drop(ticker.Instrument.Venue, "stale-ticker");

    private bool Passes(in MarkPrice mark) =>
        _states[mark.Instrument].Marks.Passes(mark.EventTime, mark.ReceivedTime) || Drop(mark.Instrument.Venue, "stale-mark");

    private bool Passes(in FundingRate rate) =>
        _states[rate.Instrument].Funding.Passes(rate.EventTime, rate.ReceivedTime) || Drop(rate.Instrument.Venue, "stale-funding");

    private bool Passes(ref PriceTick tick, MarketBatch batch)
    {
        var state = _states[tick.Instrument];
        var venue = tick.Instrument.Venue;
        WatchSeries(state, batch.Series, venue, "price");
        var signature = batch.Bytes.Span.Slice(tick.SignatureAt, tick.SignatureLength);
        var passes = state.Ticks.Judge(tick, signature) switch
        {
            Verdict.Duplicate => Drop(venue, "duplicate"),
            Verdict.Late => Drop(venue, "late"),
            Verdict.Reset => PassReset(venue, "price"),
            _ => true,
        };
        if (passes && state.IsAfterGap)
        {
            state.IsAfterGap = false;
            tick = tick with { AfterGap = true };
        }

        return passes;
    }

    /// <summary>
    /// Where ids tell nothing of holes, a new series of its connection is one, of unknown size. It is marked with the instrument's next
    /// event: until then no window of it closes.
    /// </summary>
    private void WatchSeries(InstrumentOrder state, long series, string venue, string kind)
    {
        if (state.BreaksWith(series))
        {
            metrics.Hole(venue, kind, missing: 0);
            state.IsAfterGap = true;
        }
    }

    private bool Drop(string venue, string reason)
    {
        metrics.Dropped(venue, reason);
        return false;
    }

    private bool PassReset(string venue, string kind)
    {
        metrics.Reset(venue, kind);
        return true;
    }
}
