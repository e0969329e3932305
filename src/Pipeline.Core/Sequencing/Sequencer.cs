using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>
/// Station 4 of one lane: passes each event of its instruments on once and in order. Trades by their venue's discipline, quotes and
/// partial books by rising update id, price ticks by slot, tickers, marks and funding by time; liquidations come as they come, no venue
/// orders them. While several sockets carry a stream, trades before which ids are missing wait for them, and what the sockets brought
/// is passed once. Whatever is dropped is counted with a reason. Books are kept by the station of their own behind it.
/// </summary>
internal sealed partial class Sequencer(PipelineMetrics metrics, int maxHeld = HeldTrades.DefaultCapacity, HoldBudget? holdBudget = null)
{
    private readonly InstrumentMap<InstrumentOrder> _states = new(_ => new InstrumentOrder());

    public void Process(MarketBatch batch)
    {
        if (batch.IsLast)
        {
            End(batch);
            return;
        }

        if (batch.Legs > 1 || !_holds.IsEmpty)
        {
            ProcessLegs(batch);
            return;
        }

        _now = Math.Max(_now, batch.Now);

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
        MarketEventKind.Trade => PassesAlone(ref batch.Trades[happened.Index], batch),
        MarketEventKind.Quote => Passes(in batch.Quotes[happened.Index], batch),
        MarketEventKind.BookUpdate => Passes(ref batch.BookUpdates[happened.Index], batch),
        MarketEventKind.Ticker => Passes(in batch.Tickers[happened.Index], batch),
        MarketEventKind.MarkPrice => Passes(in batch.MarkPrices[happened.Index], batch),
        MarketEventKind.FundingRate => Passes(in batch.FundingRates[happened.Index], batch),
        MarketEventKind.Liquidation => Passes(in batch.Liquidations[happened.Index], batch),
        MarketEventKind.VenueCandle => Passes(in batch.Candles[happened.Index], batch),
        MarketEventKind.PriceTick => Passes(ref batch.PriceTicks[happened.Index], batch),
        _ => true,
    };

    /// <summary>One socket carries the trade: what its ids leave out is lost.</summary>
    private bool PassesAlone(ref Trade trade, MarketBatch batch)
    {
        var state = _states[trade.Instrument];
        state.Legs = null;
        return Passes(ref trade, state, batch);
    }

    private bool Passes(ref Trade trade, InstrumentOrder state, MarketBatch batch)
    {
        if (trade.Instrument.Rules.Trades == IdDiscipline.Unordered)
        {
            WatchSeries(state, batch.Series, trade.Instrument.Venue, "trade");
        }

        if (!IsNew(state, trade, batch.Now))
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

    private bool IsNew(InstrumentOrder state, in Trade trade, long now)
    {
        var venue = trade.Instrument.Venue;
        if (trade.Instrument.Rules.Trades == IdDiscipline.Unordered)
        {
            return state.TradeIds.TryAdd(trade.Id, now) || Drop(venue, "duplicate");
        }

        switch (state.Trades.Judge(FirstIdOf(trade), trade.Id, trade.EventTime, out var missing))
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

    private static long FirstIdOf(in Trade trade) => trade.Instrument.Rules.Trades == IdDiscipline.Ranges ? trade.FirstId : trade.Id;

    /// <summary>Update ids of quotes rise but are not contiguous; venues do send older ones after newer (binance-public-data#305).</summary>
    private bool Passes(in Quote quote, MarketBatch batch)
    {
        var venue = quote.Instrument.Venue;
        return _states[quote.Instrument].Quotes.Judge(quote.UpdateId, quote.EventTime, batch.Socket, batch.Legs) switch
        {
            Verdict.Duplicate => Drop(venue, "duplicate-quote"),
            Verdict.Late => Drop(venue, "stale-quote"),
            Verdict.Reset => PassReset(venue, "quote"),
            _ => true,
        };
    }

    /// <summary>A partial book is a record for itself; the others build a book.</summary>
    private bool Passes(ref OrderBookUpdate update, MarketBatch batch)
    {
        if (update.Kind != BookUpdateKind.Partial)
        {
            return true;
        }

        var venue = update.Instrument.Venue;
        update = update with { PreviousUpdateId = -1 };
        return _states[update.Instrument].Partials.Judge(update.LastUpdateId, update.EventTime, batch.Socket, batch.Legs) switch
        {
            Verdict.Duplicate => Drop(venue, "duplicate-book"),
            Verdict.Late => Drop(venue, "stale-book"),
            Verdict.Reset => PassReset(venue, "book"),
            _ => true,
        };
    }

    private bool Passes(in Ticker ticker, MarketBatch batch)
    {
        var verdict = _states[ticker.Instrument].Tickers.Judge(
            ticker with { ReceivedTime = 0 }, ticker.EventTime, ticker.ReceivedTime, batch.Socket);
        return IsNewest(verdict, ticker.Instrument.Venue, "stale-ticker", "duplicate-ticker");
    }

    private bool Passes(in MarkPrice mark, MarketBatch batch)
    {
        var verdict = _states[mark.Instrument].Marks.Judge(mark with { ReceivedTime = 0 }, mark.EventTime, mark.ReceivedTime, batch.Socket);
        return IsNewest(verdict, mark.Instrument.Venue, "stale-mark", "duplicate-mark");
    }

    private bool Passes(in FundingRate rate, MarketBatch batch)
    {
        var verdict = _states[rate.Instrument].Funding.Judge(rate with { ReceivedTime = 0 }, rate.EventTime, rate.ReceivedTime, batch.Socket);
        return IsNewest(verdict, rate.Instrument.Venue, "stale-funding", "duplicate-funding");
    }

    private bool IsNewest(Verdict verdict, string venue, string stale, string duplicate) => verdict switch
    {
        Verdict.Late => Drop(venue, stale),
        Verdict.Duplicate => Drop(venue, duplicate),
        _ => true,
    };

    private bool Passes(in Liquidation liquidation, MarketBatch batch) =>
        _states[liquidation.Instrument].Liquidations.IsNew(liquidation, batch.Socket)
        || Drop(liquidation.Instrument.Venue, "duplicate-liquidation");

    private bool Passes(in Candle candle, MarketBatch batch) =>
        _states[candle.Instrument].VenueCandles.IsNew(candle, batch.Socket) || Drop(candle.Instrument.Venue, "duplicate-candle");

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
