using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>
/// What waits. A trade before which ids are missing is held, and with it all later ones of its instrument, until another socket or repair
/// brought the ids or the wait is over; then they leave in the batch that released them, behind what released them. That batch may be of
/// another instrument or leg, or a tick.
/// </summary>
internal sealed partial class Sequencer
{
    // Connections differ by less than this; a clock that falls back further has been set back, and nothing held is waited for.
    private const long ClockStep = 2_000_000;

    // What one batch may release, but for the last instrument: more would make one huge batch.
    private const int MaxReleased = 4_096;

    private const long Ever = long.MaxValue - 1;

    private readonly HoldQueue _holds = new();
    private readonly ValueList<MarketEvent> _incoming = new();
    private FirstCopies? _copies;
    private bool _isSetBack;
    private long _now;

    /// <summary>When a batch is wanted even if nothing happens, by the market clock; the maximum when never.</summary>
    public long NextDeadline => _holds.NextDeadline;

    /// <summary>What is due leaves first; then the batch's events from <paramref name="from"/> on, behind the ones kept of those before.</summary>
    private void ProcessAnew(MarketBatch batch, int from, int kept)
    {
        _incoming.Clear();
        _incoming.AddRange(batch.Events.Span[from..]);
        batch.Events.Truncate(kept);
        ReleaseDue(batch, _isSetBack ? Ever : _now, MaxReleased);
        for (var i = 0; i < _incoming.Count; i++)
        {
            var happened = _incoming[i];
            switch (happened.Kind)
            {
                case MarketEventKind.Trade:
                    TakeTrade(batch, happened.Index);
                    break;
                case MarketEventKind.PriceTick:
                    TakeTick(batch, happened);
                    break;
                default:
                    if (Passes(batch, happened))
                    {
                        batch.Events.Add(happened);
                    }

                    break;
            }
        }

        if (batch.Repair is { } answer)
        {
            TakeAnswer(batch, answer);
        }

        if (batch.Lacking is { } lacking)
        {
            Reopen(batch, lacking);
        }
    }

    /// <summary>Nobody will bring anything more: what is held leaves, at the time the lane has come to.</summary>
    private void End(MarketBatch batch)
    {
        batch.Now = _now;
        ReleaseDue(batch, Ever, int.MaxValue);
        foreach (var state in _states.Made)
        {
            Acquit(batch, state);
        }
    }

    private void FollowTime(MarketBatch batch)
    {
        _isSetBack = batch.Now < _now - ClockStep;
        _now = _isSetBack ? batch.Now : Math.Max(_now, batch.Now);
    }

    private void ReleaseDue(MarketBatch batch, long until, int most)
    {
        while (batch.Events.Count < most && _holds.TryTake(until, out var state))
        {
            foreach (var gap in state.Trades.Gaps)
            {
                if (gap is { IsWaiting: true, IsAsked: false, IsFilled: false } && gap.AskAt <= until)
                {
                    Ask(state, gap);
                }
            }

            while (state.Trades.Waiting is { } lowest && lowest.HoldUntil <= until)
            {
                Announce(batch, state, lowest);
                ReleaseFollowing(batch, state);
            }

            Settle(batch, state);
        }
    }

    /// <summary>The trade goes on, or waits for what is missing before it; the ids before are known to be missing.</summary>
    private void PassOrHold(MarketBatch batch, InstrumentOrder state, in Trade trade, long first, int at)
    {
        var ids = state.Trades;
        while (ids.IsBlocked(first))
        {
            var held = state.Held ??= new HeldTrades(_maxHeld, _holdBudget);
            switch (held.Add(trade, first))
            {
                case HoldResult.Held:
                    ids.Reach(trade.Id, trade.EventTime);
                    return;
                case HoldResult.Copy:
                    Drop(trade.Instrument.Venue, "duplicate");
                    return;
            }

            // No room: the lowest hole counts at once. When it is the one before this trade, the trade goes on.
            Announce(batch, state, ids.Waiting!);
            ReleaseFollowing(batch, state);
        }

        PassOver(batch, state, first);
        Pass(batch, state, trade, first, at);
        ReleaseFollowing(batch, state);
    }

    /// <summary>What is held leaves as far as nothing is waited for any more.</summary>
    private void ReleaseFollowing(MarketBatch batch, InstrumentOrder state)
    {
        while (true)
        {
            PassOver(batch, state, state.Held is { IsEmpty: false } next ? next.FirstId : long.MaxValue);
            if (state.Held is not { IsEmpty: false } held || state.Trades.IsBlocked(held.FirstId))
            {
                return;
            }

            var first = held.FirstId;
            Pass(batch, state, held.Take(), first, at: -1);
        }
    }

    /// <summary>Lets the frontier go over the holes before a trade of which nothing is waited for any more.</summary>
    private void PassOver(MarketBatch batch, InstrumentOrder state, long first)
    {
        while (state.Trades.Waiting is { } gap && gap.ToId < first && (gap.IsAnnounced || gap.IsSettled))
        {
            gap.IsWaiting = false;
            if (state.Trades.Frontier < gap.ToId)
            {
                state.Trades.Advance(gap.ToId, Math.Max(state.Trades.FrontierTime, gap.ToTime));
                state.IsAfterGap |= gap is { IsAnnounced: true, IsFilled: false };
            }

            if (gap.IsOver)
            {
                state.Trades.Remove(gap);
            }
            else if (gap.IsSettled)
            {
                End(batch, state, gap);
            }
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
        var isCounted = !state.IsUnordered;
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
