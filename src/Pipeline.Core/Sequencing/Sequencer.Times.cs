using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>
/// Where ids tell nothing of holes, a new series of the connection is one, of unknown size: it has a beginning and an end in time. Trades
/// of it are fetched as far as the venue's newest page reaches back; price ticks are not to be had again.
/// </summary>
internal sealed partial class Sequencer
{
    private static bool IsWithinSeries(InstrumentOrder state, long series) =>
        series <= state.Series && state is { Break: null, IsAfterGap: false, IsRestored: false };

    private void TakeUnordered(MarketBatch batch, InstrumentOrder state, in Trade trade, int at)
    {
        WatchSeries(state, batch.Series, "trade");
        var first = Math.Min(FirstIdOf(trade), trade.Id);
        if (state.DemotedAt >= 0 && state.Trades.Find(first, trade.Id) is { } gap)
        {
            TryRemember(state, trade);
            Fill(batch, state, gap, trade, first, at);
            return;
        }

        if (trade.Id <= state.DemotedAt)
        {
            Drop(trade.Instrument.Venue, "duplicate");
            return;
        }

        var time = state.LastTime;
        if (!TryRemember(state, trade))
        {
            return;
        }

        // What came first of the new series may be a copy: the hole ends with what is new behind it.
        if (state.Break is { } reason)
        {
            state.Break = null;
            OpenTime(batch, state, time, trade.EventTime, reason, canAsk: _repairs is not null);
        }

        Publish(batch, state, trade, at);
    }

    /// <summary>False for a copy, which is counted.</summary>
    private bool TryRemember(InstrumentOrder state, in Trade trade)
    {
        if (!state.TradeIds.TryAdd(trade.Id, _now))
        {
            return Drop(trade.Instrument.Venue, "duplicate");
        }

        state.LastTime = Math.Max(state.LastTime, trade.EventTime);
        state.IsChanged = true;
        return true;
    }

    private void WatchSeries(InstrumentOrder state, long series, string kind)
    {
        var isBreak = state.BreaksWith(series);
        if (!isBreak && !state.IsRestored)
        {
            return;
        }

        state.Break = state.IsRestored ? GapReason.Restart : GapReason.Disconnected;
        state.IsRestored = false;
        state.IsAfterGap = true;
        _metrics.Hole(state.Instrument.Venue, kind, missing: 0);
    }

    /// <summary>One that is open already grows: only one of an instrument is asked for at a time.</summary>
    private void OpenTime(MarketBatch batch, InstrumentOrder state, long from, long to, string reason, bool canAsk)
    {
        var open = state.TimeGap;
        if (open is null)
        {
            _metrics.GapsOpen(state.Instrument.Venue, 1);
        }

        var gap = new Gap(
            state.Instrument, FromId: -1, ToId: -1, GapState.Open, open?.Reason ?? reason, [], state.Trades.Series, open?.FromTime ?? from, to,
            open?.OpenedTime ?? _now, _now, IsAnnounced: true);
        batch.Add(gap);
        state.TimeGap = gap;
        state.IsChanged = true;
        if (canAsk)
        {
            _repairs!.Request(new(gap.Instrument, gap.FromId, [], gap.FromTime, gap.ToTime, gap.OpenedTime));
        }
        else
        {
            CloseTime(batch, state, gap, GapState.Abandoned, GapReason.NotRepairable);
        }
    }

    private void CloseTime(MarketBatch batch, InstrumentOrder state, in Gap gap, GapState end, string reason)
    {
        batch.Add(gap with { State = end, Reason = reason, UpdatedTime = _now });
        state.TimeGap = null;
        state.IsChanged = true;
        _metrics.GapsOpen(gap.Instrument.Venue, -1);
        _metrics.GapClosed(gap.Instrument.Venue, EndName(end, isAnnounced: true), _now - gap.OpenedTime);
        _repairs?.Forget(gap.Instrument, gap.FromId);
    }

    /// <summary>A row of the venue's newest page.</summary>
    private void TakeOfTime(MarketBatch batch, InstrumentOrder state, in Trade trade, int at)
    {
        if (state.TimeGap is { } gap && trade.Id > state.DemotedAt && trade.EventTime >= gap.FromTime && trade.EventTime <= gap.ToTime
            && !state.TradeIds.Contains(trade.Id))
        {
            TryRemember(state, trade);
            if (trade.Kind == TradeKind.OffMarket)
            {
                Drop(trade.Instrument.Venue, "off-market");
                return;
            }

            _metrics.TradeRepaired(trade.Instrument.Venue, "rest");
            Leave(batch, trade, at);
        }
    }

    private void TakeTimeAnswer(MarketBatch batch, InstrumentOrder state, RepairAnswer answer)
    {
        if (state.Suspects is { Count: > 0 })
        {
            JudgeSuspects(batch, state, answer);
        }

        if (state.TimeGap is not { } gap)
        {
            return;
        }

        if (answer.Outcome == RepairOutcome.Done && Newest(batch, answer.Instrument).Time < gap.ToTime)
        {
            // It has grown while the answer was on its way, and is asked for anew.
            return;
        }

        if (answer.Outcome == RepairOutcome.Done)
        {
            CloseTime(batch, state, gap, GapState.Repaired, gap.Reason);
        }
        else if (answer.Outcome == RepairOutcome.Abandoned)
        {
            CloseTime(batch, state, gap, GapState.Abandoned, answer.Reason);
        }
    }

    /// <summary>The venue's newest trades say whether it counts anew.</summary>
    private void JudgeSuspects(MarketBatch batch, InstrumentOrder state, RepairAnswer answer)
    {
        var (newest, time) = Newest(batch, answer.Instrument);
        if (newest < 0 || time <= state.Trades.FrontierTime)
        {
            return;
        }

        if (state.Trades.Frontier - newest >= SeriesWatch.FarBelow)
        {
            BeginSeries(batch, state);
        }
        else
        {
            Acquit(batch, state);
        }
    }

    /// <summary>The newest trade that was fetched.</summary>
    private static (long Id, long Time) Newest(MarketBatch batch, Instrument instrument)
    {
        var (newest, time) = (-1L, 0L);
        foreach (ref readonly var trade in batch.Trades.Span)
        {
            if (trade.Instrument == instrument && trade.Source == TradeSource.Repair && trade.EventTime >= time)
            {
                (newest, time) = (trade.Id, trade.EventTime);
            }
        }

        return (newest, time);
    }

    private bool IsPlain(in PriceTick tick, MarketBatch batch, out bool passes)
    {
        var state = _states[tick.Instrument];
        passes = false;
        if (!IsWithinSeries(state, batch.Series))
        {
            return false;
        }

        passes = IsNew(state, tick, batch);
        return true;
    }

    private void TakeTick(MarketBatch batch, MarketEvent happened)
    {
        ref var tick = ref batch.PriceTicks[happened.Index];
        var state = _states[tick.Instrument];
        WatchSeries(state, batch.Series, "price");
        var last = state.LastTime;
        if (!IsNew(state, tick, batch))
        {
            return;
        }

        if (state.Break is { } reason)
        {
            state.Break = null;
            OpenTime(batch, state, last, tick.EventTime, reason, canAsk: false);
        }

        tick = tick with { AfterGap = state.IsAfterGap };
        state.IsAfterGap = false;
        batch.Events.Add(happened);
    }

    private bool IsNew(InstrumentOrder state, in PriceTick tick, MarketBatch batch)
    {
        var venue = tick.Instrument.Venue;
        var signature = batch.Bytes.Span.Slice(tick.SignatureAt, tick.SignatureLength);
        var passes = state.Ticks.Judge(tick, signature) switch
        {
            Verdict.Duplicate => Drop(venue, "duplicate"),
            Verdict.Late => Drop(venue, "late"),
            Verdict.Reset => PassReset(venue, "price"),
            _ => true,
        };
        if (passes)
        {
            state.LastTime = Math.Max(state.LastTime, tick.EventTime);
            state.IsChanged = true;
        }

        return passes;
    }
}
