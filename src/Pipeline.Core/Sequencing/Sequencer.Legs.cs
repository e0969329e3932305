using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>
/// Trades that several sockets carry. One before which ids are missing is held, and with it all later ones of its instrument, until
/// another socket brought the ids or the wait is over; then they leave in the batch that released them, behind what released them. That
/// batch may be of another instrument or leg, or a tick.
/// </summary>
internal sealed partial class Sequencer
{
    // Connections differ by less than this; a clock that falls back further has been set back, and nothing held is waited for.
    private const long ClockStep = 2_000_000;

    // What one batch may release, but for the last instrument: more would make one huge batch.
    private const int MaxReleased = 4_096;

    private const long Ever = long.MaxValue - 1;

    private readonly HoldBudget _holdBudget = holdBudget ?? new HoldBudget();
    private readonly HoldQueue _holds = new();
    private readonly ValueList<MarketEvent> _incoming = new();
    private readonly LegTable _legs = new(metrics);
    private FirstCopies? _copies;
    private long _now;

    /// <summary>When a batch is wanted even if nothing happens, by the market clock; the maximum when never.</summary>
    public long NextDeadline => _holds.NextDeadline;

    private void ProcessLegs(MarketBatch batch)
    {
        _incoming.Clear();
        _incoming.AddRange(batch.Events.Span);
        batch.Events.Truncate(0);
        Follow(batch);
        for (var i = 0; i < _incoming.Count; i++)
        {
            var happened = _incoming[i];
            if (happened.Kind == MarketEventKind.Trade)
            {
                TakeTrade(batch, happened);
            }
            else if (Passes(batch, happened))
            {
                batch.Events.Add(happened);
            }
        }
    }

    /// <summary>Nobody will bring anything more: what is held leaves, at the time the lane has come to.</summary>
    private void End(MarketBatch batch)
    {
        batch.Now = _now;
        ReleaseDue(batch, Ever, int.MaxValue);
    }

    private void Follow(MarketBatch batch)
    {
        var isSetBack = batch.Now < _now - ClockStep;
        _now = isSetBack ? batch.Now : Math.Max(_now, batch.Now);
        ReleaseDue(batch, isSetBack ? Ever : _now, MaxReleased);
    }

    private void ReleaseDue(MarketBatch batch, long until, int most)
    {
        while (batch.Events.Count < most && _holds.TryTake(until, out var state))
        {
            while (state.Held!.Deadline <= until)
            {
                ReleaseFirst(batch, state);
            }

            _holds.Put(state);
        }
    }

    private void TakeTrade(MarketBatch batch, MarketEvent happened)
    {
        var trade = batch.Trades[happened.Index];
        var state = _states[trade.Instrument];
        NoteLeg(batch, state, trade);
        if (IsHeld(batch, state, trade))
        {
            _holds.Put(state);
            return;
        }

        var frontier = state.Trades.Frontier;
        var passes = Passes(ref batch.Trades[happened.Index], state, batch);
        if (state.Trades.Frontier < frontier)
        {
            ReleaseOldSeries(batch, state, frontier);
        }

        if (passes)
        {
            batch.Events.Add(happened);
        }

        ReleaseFollowing(batch, state);
        _holds.Put(state);
    }

    private bool IsHeld(MarketBatch batch, InstrumentOrder state, in Trade trade)
    {
        var first = FirstIdOf(trade);
        while (state.Trades.IsAhead(first) && (batch.Legs > 1 || state.Held is { IsEmpty: false }))
        {
            var held = state.Held ??= new HeldTrades(maxHeld, _holdBudget);
            var wait = state.Legs?.Wait() ?? LegRows.LeastWait;
            switch (held.Add(trade, first, _now + wait))
            {
                case HoldResult.Held:
                    return true;
                case HoldResult.Copy:
                    Drop(trade.Instrument.Venue, "duplicate");
                    return true;
            }

            // No room: the lowest hole counts at once. When it is the one before this trade, the trade goes on with it.
            if (held.IsEmpty || held.FirstId >= first)
            {
                return false;
            }

            ReleaseFirst(batch, state);
        }

        return false;
    }

    /// <summary>What is missing before the lowest trade held counts as a hole; the trade goes on, and what follows it.</summary>
    private void ReleaseFirst(MarketBatch batch, InstrumentOrder state)
    {
        Release(batch, state, state.Held!.Take());
        ReleaseFollowing(batch, state);
    }

    private void ReleaseFollowing(MarketBatch batch, InstrumentOrder state)
    {
        while (state.Held is { IsEmpty: false } held && !state.Trades.IsAhead(held.FirstId))
        {
            Release(batch, state, held.Take());
        }
    }

    private void Release(MarketBatch batch, InstrumentOrder state, in Trade trade)
    {
        batch.Trades.Add(trade);
        var index = batch.Trades.Count - 1;
        if (Passes(ref batch.Trades[index], state, batch))
        {
            batch.Events.Add(new MarketEvent(MarketEventKind.Trade, index));
        }
    }

    /// <summary>The venue counts anew: what is held belongs to the ids before, and nobody will bring what it waits for.</summary>
    private void ReleaseOldSeries(MarketBatch batch, InstrumentOrder state, long frontier)
    {
        while (state.Held is { IsEmpty: false } held)
        {
            var missing = held.FirstId - frontier - 1;
            var trade = held.Take();
            frontier = Math.Max(frontier, trade.Id);
            if (missing > 0)
            {
                metrics.Hole(trade.Instrument.Venue, "trade", missing);
            }

            if (trade.Kind == TradeKind.OffMarket)
            {
                Drop(trade.Instrument.Venue, "off-market");
                continue;
            }

            batch.Events.Add(new MarketEvent(MarketEventKind.Trade, batch.Trades.Count));
            batch.Trades.Add(trade with { AfterGap = missing > 0 });
        }
    }

    /// <summary>Which leg was first, by how much, and what each left out.</summary>
    private void NoteLeg(MarketBatch batch, InstrumentOrder state, in Trade trade)
    {
        if (batch.Legs <= 1)
        {
            // An answer to a request came over no socket and says nothing of them.
            state.Legs = batch.Socket == 0 ? state.Legs : null;
            return;
        }

        var instrument = trade.Instrument;
        var isCounted = instrument.Rules.Trades != IdDiscipline.Unordered;
        var leg = _legs.Of(instrument.Venue, batch.Connection);
        var missing = (state.Legs ??= new LegRows()).Note(batch.Socket, leg, FirstIdOf(trade), trade.Id);
        if (isCounted)
        {
            leg.Lose(missing);
        }

        _copies ??= new FirstCopies();
        var isKnown = isCounted ? trade.Id <= state.Trades.Frontier : state.TradeIds.Contains(trade.Id);
        if (!_copies.Meet(instrument, trade.Id, batch.Socket, batch.Now) && !isKnown)
        {
            leg.Win();
            _copies.Remember(instrument, trade.Id, batch.Socket, leg, batch.Now);
        }
    }
}
