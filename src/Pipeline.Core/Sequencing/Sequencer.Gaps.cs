using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>Holes of contiguous ids: from finding one to the record of its end.</summary>
internal sealed partial class Sequencer
{
    /// <summary>So many holes in a row in which the venue had nothing say that its ids are not contiguous.</summary>
    internal const int SilentToDemote = 20;

    // A long repair says how far it is at most so often, microseconds: readers wait for these records.
    private const long ProgressPause = 1_000_000;

    private void Open(MarketBatch batch, InstrumentOrder state, long from, long to, long toTime, string reason)
    {
        var ids = state.Trades;
        while (ids.Gaps.Count >= Arbiter.MaxGaps)
        {
            AbandonOldest(batch, state);
        }

        var askAt = _now + (batch.Legs > 1 ? state.Legs?.Wait() ?? LegRows.LeastWait : 0);
        if (ids.Gaps.Count > 0 && ids.Gaps[^1] is { IsWaiting: true } lower)
        {
            // The usual lead may have become less meanwhile; what lies below is told first all the same.
            askAt = Math.Max(askAt, lower.AskAt);
        }

        var gap = new TradeGap(from, to, ids.Series)
        {
            Reason = reason,
            FromTime = ids.TopTime,
            ToTime = toTime,
            OpenedTime = _now,
            AskAt = askAt,
            HoldUntil = _repairs is null ? askAt : askAt + _hold,
        };
        ids.Open(gap);
        if (askAt <= _now)
        {
            Ask(state, gap);
        }

        while (ids.Waiting is { } lowest && lowest.HoldUntil <= _now)
        {
            Announce(batch, state, lowest);
            ReleaseFollowing(batch, state);
        }
    }

    private void Ask(InstrumentOrder state, TradeGap gap)
    {
        _metrics.Hole(state.Instrument.Venue, "trade", gap.MissingCount);
        _metrics.GapsOpen(state.Instrument.Venue, 1);
        var request = gap.Ask(state.Instrument);
        _repairs?.Request(request);
    }

    /// <summary>What waits behind it is let go.</summary>
    private void Announce(MarketBatch batch, InstrumentOrder state, TradeGap gap)
    {
        if (gap.IsAnnounced || gap.IsOver || gap.IsSettled)
        {
            return;
        }

        if (!gap.IsAsked)
        {
            Ask(state, gap);
        }

        gap.IsAnnounced = true;
        Tell(batch, state, gap, GapState.Open, gap.Reason);
        if (_repairs is null)
        {
            Abandon(batch, state, gap, GapReason.NotRepairable);
        }
    }

    private void AbandonOldest(MarketBatch batch, InstrumentOrder state)
    {
        var oldest = state.Trades.Gaps[0];
        Announce(batch, state, oldest);
        Abandon(batch, state, oldest, GapReason.TooMany);
        ReleaseFollowing(batch, state);
    }

    /// <summary>All that there is of it came.</summary>
    private void End(MarketBatch batch, InstrumentOrder state, TradeGap gap)
    {
        state.Trades.Remove(gap);
        if (!gap.IsAsked)
        {
            // Another leg brought it.
            return;
        }

        if (gap.IsFilled)
        {
            state.SilentGaps = 0;
            Close(batch, state, gap, GapState.Repaired, gap.Reason);
        }
        else
        {
            // One that is asked for again says nothing new of the venue's ids.
            state.SilentGaps += gap.Reason == GapReason.Audit ? 0 : 1;
            RememberSilent(state, gap.ToRecord(state.Instrument, GapState.VenueSilent, gap.Reason, _now));
            Close(batch, state, gap, GapState.VenueSilent, gap.Reason);
        }
    }

    private void Abandon(MarketBatch batch, InstrumentOrder state, TradeGap gap, string reason)
    {
        if (gap.IsOver)
        {
            return;
        }

        Close(batch, state, gap, GapState.Abandoned, reason);
        gap.IsOver = true;
        if (!gap.IsWaiting)
        {
            state.Trades.Remove(gap);
        }
    }

    private void Close(MarketBatch batch, InstrumentOrder state, TradeGap gap, GapState end, string reason)
    {
        var venue = state.Instrument.Venue;
        Tell(batch, state, gap, end, reason);
        _metrics.GapsOpen(venue, -1);
        _metrics.GapClosed(venue, EndName(end, gap.IsAnnounced), _now - gap.OpenedTime);
        _repairs?.Forget(state.Instrument, gap.FromId);
    }

    private void Tell(MarketBatch batch, InstrumentOrder state, TradeGap gap, GapState what, string reason)
    {
        batch.Add(gap.ToRecord(state.Instrument, what, reason, _now));
        state.IsChanged = true;
    }

    private void TakeAnswer(MarketBatch batch, RepairAnswer answer)
    {
        var state = _states[answer.Instrument];
        if (answer.FromId < 0)
        {
            TakeTimeAnswer(batch, state, answer);
        }
        else if (state.Trades.Named(answer.FromId) is { } gap)
        {
            Follow(batch, state, gap, answer);
            ReleaseFollowing(batch, state);
        }

        Settle(batch, state);
    }

    private void Follow(MarketBatch batch, InstrumentOrder state, TradeGap gap, RepairAnswer answer)
    {
        gap.Prove(answer.Outcome == RepairOutcome.Done ? gap.ToId : answer.CoveredTo);
        if (gap.IsWaiting && gap.IsSettled)
        {
            // It ends where the frontier passes over it.
            return;
        }

        if (gap.IsSettled)
        {
            End(batch, state, gap);
        }
        else if (answer.Outcome == RepairOutcome.Abandoned)
        {
            Announce(batch, state, gap);
            Abandon(batch, state, gap, answer.Reason);
        }
        else if (gap is { IsAnnounced: true, HasProgressed: true } && _now - gap.UpdatedTime >= ProgressPause)
        {
            Tell(batch, state, gap, GapState.Open, gap.Reason);
        }
    }

    /// <summary>A row that was fetched: it goes on if it is missing somewhere. What else is on its page came, or will come, by itself.</summary>
    private void TakeRepaired(MarketBatch batch, InstrumentOrder state, in Trade trade, int at)
    {
        if (batch.Repair!.FromId < 0)
        {
            TakeOfTime(batch, state, trade, at);
            return;
        }

        var first = Math.Min(FirstIdOf(trade), trade.Id);
        if (state.Trades.Find(first, trade.Id) is not { } gap)
        {
            return;
        }

        if (state.IsUnordered && !TryRemember(state, trade))
        {
            gap.Take(first, trade.Id);
        }
        else if (!gap.IsWaiting)
        {
            Fill(batch, state, gap, trade, first, at);
        }
        else
        {
            gap.Take(first, trade.Id);
            _metrics.TradeRepaired(trade.Instrument.Venue, "rest");
            PassOrHold(batch, state, trade, first, at);
            ReleaseFollowing(batch, state);
        }
    }

    /// <summary>To be called when everything was done about an event of the instrument.</summary>
    private void Settle(MarketBatch batch, InstrumentOrder state)
    {
        if (state.SilentGaps >= SilentToDemote && !state.IsUnordered)
        {
            Demote(batch, state);
        }

        state.Trades.Settle(isPlain: !state.IsUnordered && state.Suspects is null && !state.IsRestored);
        _holds.Put(state);
    }

    /// <summary>
    /// From here on ids tell copies apart and nothing else, and so do the ids that went on up to now, all of which are at or below the
    /// frontier.
    /// </summary>
    private void Demote(MarketBatch batch, InstrumentOrder state)
    {
        Acquit(batch, state);
        while (state.Trades.Waiting is { } gap)
        {
            Announce(batch, state, gap);
            ReleaseFollowing(batch, state);
        }

        state.IsUnordered = true;
        state.IsChanged = true;
        state.DemotedAt = state.Trades.Frontier;
        state.LastTime = state.Trades.FrontierTime;
        _metrics.Demoted(state.Instrument.Venue);
        batch.Add(new StreamHealth(
            state.Instrument, "trade", HealthState.Fresh, "ids-not-contiguous", batch.Connection ?? "", _now, state.LastTime, _now));
    }

    private static string EndName(GapState end, bool isAnnounced) => end switch
    {
        GapState.Repaired => isAnnounced ? "repaired" : "repaired-in-time",
        GapState.VenueSilent => "venue-silent",
        _ => "abandoned",
    };
}
