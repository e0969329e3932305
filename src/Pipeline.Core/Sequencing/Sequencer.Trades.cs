using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>Trades whose ids are contiguous, one by one.</summary>
internal sealed partial class Sequencer
{
    /// <summary>The trade is the one that is expected, or one whose id tells copies apart and nothing else.</summary>
    private bool IsPlain(in Trade trade, MarketBatch batch, out bool passes)
    {
        var state = _states[trade.Instrument];
        passes = true;
        if (FirstIdOf(trade) == state.Trades.NextId && trade.Kind == TradeKind.Market && !state.IsAfterGap)
        {
            state.Legs = null;
            state.Series = batch.Series > state.Series ? batch.Series : state.Series;
            state.IsChanged = true;
            state.Trades.Advance(trade.Id, trade.EventTime);
            return true;
        }

        if (!state.IsUnordered || trade.Kind != TradeKind.Market || !IsWithinSeries(state, batch.Series) || state.DemotedAt >= 0)
        {
            return false;
        }

        state.Legs = null;
        passes = TryRemember(state, trade);
        return true;
    }

    private void TakeTrade(MarketBatch batch, int at)
    {
        var trade = batch.Trades[at];
        var state = _states[trade.Instrument];
        if (batch.Repair is not null)
        {
            TakeRepaired(batch, state, trade, at);
        }
        else
        {
            NoteLeg(batch, state, trade);
            if (state.IsUnordered)
            {
                TakeUnordered(batch, state, trade, at);
            }
            else
            {
                TakeOrdered(batch, state, trade, at);
            }
        }

        Settle(batch, state);
    }

    private void TakeOrdered(MarketBatch batch, InstrumentOrder state, in Trade trade, int at)
    {
        var ids = state.Trades;
        var first = Math.Min(FirstIdOf(trade), trade.Id);
        var verdict = ids.Judge(first, trade.Id, trade.EventTime, out var gap);
        var reason = ReasonOfHole(state, batch.Series);
        if (verdict != TradeVerdict.Suspect && trade.Id > ids.Frontier)
        {
            Acquit(batch, state);
        }

        switch (verdict)
        {
            case TradeVerdict.Next:
            case TradeVerdict.Within:
                gap?.Take(first, trade.Id);
                PassOrHold(batch, state, trade, first, at);
                ReleaseFollowing(batch, state);
                break;
            case TradeVerdict.Ahead:
                if (first > ids.Top + 1)
                {
                    Open(batch, state, ids.Top + 1, first - 1, trade.EventTime, reason);
                }

                PassOrHold(batch, state, trade, first, at);
                break;
            case TradeVerdict.Late:
                Fill(batch, state, gap!, trade, first, at);
                break;
            case TradeVerdict.Overlap:
                // Part of it went on already. Its quantity cannot be divided, so what is new of it is a hole.
                Drop(trade.Instrument.Venue, "overlap");
                if (trade.Id > ids.Top)
                {
                    Open(batch, state, ids.Top + 1, trade.Id, trade.EventTime, GapReason.Overlap);
                    ReleaseFollowing(batch, state);
                }

                break;
            case TradeVerdict.Suspect:
                Suspect(batch, state, trade);
                break;
            default:
                Drop(trade.Instrument.Venue, "duplicate");
                break;
        }
    }

    /// <summary>Takes up which series the trade came over; a hole before it is the socket's fault if it is a new one.</summary>
    private static string ReasonOfHole(InstrumentOrder state, long series)
    {
        var isBreak = state.BreaksWith(series);
        if (state.IsRestored)
        {
            state.IsRestored = false;
            return GapReason.Restart;
        }

        return isBreak ? GapReason.Disconnected : GapReason.Stream;
    }

    /// <summary>The frontier moves to the trade, and it leaves, unless it is none of the market's.</summary>
    /// <param name="at">Its place in the batch; negative when it has none yet.</param>
    private void Pass(MarketBatch batch, InstrumentOrder state, in Trade trade, long first, int at)
    {
        var ids = state.Trades;

        // Over ids that the venue has nothing under, in a hole of which more is on its way: nothing passes a hole that is not announced.
        if (ids.Frontier >= 0 && first > ids.Frontier + 1 && ids.Waiting is { IsAnnounced: false, IsSettled: false } open && trade.Id <= open.ToId)
        {
            Announce(batch, state, open);
        }

        // Over ids of an announced hole that lies around the trade.
        state.IsAfterGap |= ids.Frontier >= 0 && first > ids.Frontier + 1 && ids.Waiting is { IsAnnounced: true };
        ids.Advance(trade.Id, trade.EventTime);
        Publish(batch, state, trade, at);
    }

    private void Publish(MarketBatch batch, InstrumentOrder state, in Trade trade, int at)
    {
        state.IsChanged = true;
        if (trade.Kind == TradeKind.OffMarket)
        {
            Drop(trade.Instrument.Venue, "off-market");
            return;
        }

        var isAfterGap = state.IsAfterGap;
        state.IsAfterGap = false;
        Leave(batch, trade with { AfterGap = isAfterGap }, at);
    }

    /// <summary>What was missing before trades that went on already.</summary>
    private void Fill(MarketBatch batch, InstrumentOrder state, TradeGap gap, in Trade trade, long first, int at)
    {
        gap.Take(first, trade.Id);
        state.IsChanged = true;
        if (trade.Kind == TradeKind.OffMarket)
        {
            Drop(trade.Instrument.Venue, "off-market");
        }
        else
        {
            _metrics.TradeRepaired(trade.Instrument.Venue, trade.Source == TradeSource.Repair ? "rest" : "late");
            Leave(batch, trade with { Source = TradeSource.Repair, AfterGap = false }, at);
        }

        if (gap.IsSettled)
        {
            End(batch, state, gap);
        }
    }

    private static void Leave(MarketBatch batch, in Trade trade, int at)
    {
        if (at < 0)
        {
            batch.Add(trade);
            return;
        }

        batch.Trades[at] = trade;
        batch.Events.Add(new MarketEvent(MarketEventKind.Trade, at));
    }

    /// <summary>
    /// Ids far below the frontier at later times, three in a row, are a new series of the venue's, not copies; or one, when the venue's
    /// newest are such too. Without that rule everything after a relisting, or after one absurd id, would count as a copy for ever.
    /// </summary>
    private void Suspect(MarketBatch batch, InstrumentOrder state, in Trade trade)
    {
        var suspects = state.Suspects ??= [];
        var id = trade.Id;
        if (suspects.Exists(one => one.Id == id))
        {
            Drop(trade.Instrument.Venue, "duplicate");
            return;
        }

        if (suspects.Count > 0 && id < suspects[^1].Id)
        {
            Acquit(batch, state);
            suspects = state.Suspects = [];
        }

        suspects.Add(trade);
        if (suspects.Count >= SeriesWatch.Enough)
        {
            BeginSeries(batch, state);
        }
        else if (suspects.Count == 1)
        {
            _repairs?.Request(new(state.Instrument, FromId: -1, [], state.Trades.FrontierTime, trade.EventTime, _now));
        }
    }

    /// <summary>They were copies, or late, like others below the frontier.</summary>
    private void Acquit(MarketBatch batch, InstrumentOrder state)
    {
        if (state.Suspects is not { } suspects)
        {
            return;
        }

        state.Suspects = null;
        _repairs?.Forget(state.Instrument, -1);
        foreach (var trade in suspects)
        {
            var first = Math.Min(FirstIdOf(trade), trade.Id);
            if (state.Trades.JudgeOld(first, trade.Id, out var gap) == TradeVerdict.Late)
            {
                Fill(batch, state, gap!, trade, first, at: -1);
            }
            else
            {
                Drop(trade.Instrument.Venue, "duplicate");
            }
        }
    }

    private void BeginSeries(MarketBatch batch, InstrumentOrder state)
    {
        var suspects = state.Suspects!;
        var ids = state.Trades;
        state.Suspects = null;
        _repairs?.Forget(state.Instrument, -1);
        while (ids.Waiting is { } gap)
        {
            Announce(batch, state, gap);
            ReleaseFollowing(batch, state);
        }

        while (ids.Gaps.Count > 0)
        {
            Abandon(batch, state, ids.Gaps[0], GapReason.NotRepairable);
        }

        _metrics.Reset(state.Instrument.Venue, "trade");
        batch.Add(new Gap(
            state.Instrument, ids.Frontier + 1, ToId: -1, GapState.Reset, GapReason.Reset, [], ids.Series + 1, ids.FrontierTime,
            suspects[0].EventTime, _now, _now, IsAnnounced: false));
        ids.Restart();
        state.IsAfterGap = true;
        foreach (var trade in suspects)
        {
            TakeOrdered(batch, state, trade, at: -1);
        }
    }
}
