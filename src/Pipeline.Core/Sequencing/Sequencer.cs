using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Repair;
using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>
/// Station 4 of one lane: passes each event of its instruments on once and in order. Trades by their venue's discipline, quotes and
/// partial books by rising update id, price ticks by slot, tickers, marks and funding by time; liquidations come as they come, no venue
/// orders them. Trades before which ids are missing wait for them: another socket may bring them, or repair; what took too long is
/// announced and follows later. Whatever is dropped is counted with a reason. Books are kept by the station of their own behind it.
/// </summary>
internal sealed partial class Sequencer
{
    private readonly InstrumentMap<InstrumentOrder> _states;
    private readonly PipelineMetrics _metrics;
    private readonly ITradeRepairs? _repairs;
    private readonly Func<Instrument, TradeSeriesState?>? _restore;
    private readonly HoldBudget _holdBudget;
    private readonly LegTable _legs;
    private readonly int _maxHeld;
    private readonly long _hold;

    /// <param name="repairs">Who is asked for what is missing; null = nobody, holes are announced and given up.</param>
    /// <param name="repair">Null = the defaults.</param>
    /// <param name="restore">How far an instrument has come before this process; null = nothing is known.</param>
    public Sequencer(
        PipelineMetrics metrics,
        HoldBudget? holdBudget = null,
        ITradeRepairs? repairs = null,
        RepairOptions? repair = null,
        Func<Instrument, TradeSeriesState?>? restore = null)
    {
        repair ??= new RepairOptions();
        _metrics = metrics;
        _repairs = repairs;
        _restore = restore;
        _holdBudget = holdBudget ?? new HoldBudget();
        _legs = new LegTable(metrics);
        _maxHeld = repair.MaxHeld;
        _hold = MarketTime.From(repair.Hold);
        _states = new(Make);
    }

    public void Process(MarketBatch batch)
    {
        if (batch.IsLast)
        {
            End(batch);
        }
        else
        {
            ProcessEvents(batch);
        }

        if (batch.IsCheckpoint)
        {
            AddStates(batch);
        }
    }

    private void ProcessEvents(MarketBatch batch)
    {
        FollowTime(batch);
        if (batch.Legs > 1 || !_holds.IsEmpty || batch.Repair is not null || batch.Lacking is not null)
        {
            ProcessAnew(batch, from: 0, kept: 0);
        }
        else
        {
            ProcessInPlace(batch);
        }
    }

    /// <summary>The usual case: what passes stays where it is. What does more than pass or not is handled with all behind it.</summary>
    private void ProcessInPlace(MarketBatch batch)
    {
        var kept = 0;
        for (var i = 0; i < batch.Events.Count; i++)
        {
            var happened = batch.Events[i];
            if (!IsPlain(batch, happened, out var passes))
            {
                ProcessAnew(batch, i, kept);
                return;
            }

            if (passes)
            {
                batch.Events[kept++] = happened;
            }
        }

        batch.Events.Truncate(kept);
    }

    /// <summary>False when it takes more than to let the event pass or not.</summary>
    private bool IsPlain(MarketBatch batch, MarketEvent happened, out bool passes)
    {
        switch (happened.Kind)
        {
            case MarketEventKind.Trade:
                return IsPlain(in batch.Trades[happened.Index], batch, out passes);
            case MarketEventKind.PriceTick:
                return IsPlain(in batch.PriceTicks[happened.Index], batch, out passes);
            default:
                passes = Passes(batch, happened);
                return true;
        }
    }

    private bool Passes(MarketBatch batch, MarketEvent happened) => happened.Kind switch
    {
        MarketEventKind.Quote => Passes(in batch.Quotes[happened.Index], batch),
        MarketEventKind.BookUpdate => Passes(ref batch.BookUpdates[happened.Index], batch),
        MarketEventKind.Ticker => Passes(in batch.Tickers[happened.Index], batch),
        MarketEventKind.MarkPrice => Passes(in batch.MarkPrices[happened.Index], batch),
        MarketEventKind.FundingRate => Passes(in batch.FundingRates[happened.Index], batch),
        MarketEventKind.Liquidation => Passes(in batch.Liquidations[happened.Index], batch),
        MarketEventKind.VenueCandle => Passes(in batch.Candles[happened.Index], batch),
        MarketEventKind.Health => Touch(batch.Health[happened.Index].Instrument),
        _ => true,
    };

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

    private bool Drop(string venue, string reason)
    {
        _metrics.Dropped(venue, reason);
        return false;
    }

    private bool PassReset(string venue, string kind)
    {
        _metrics.Reset(venue, kind);
        return true;
    }
}
