using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>How far the instruments have come: from another process, and for the next one.</summary>
internal sealed partial class Sequencer
{
    // A reader of them compares the newest page of the venue, and the tail of the log, with them.
    public const int MaxRecentIds = 1_000;

    /// <summary>Those of which anything is kept.</summary>
    public IEnumerable<Instrument> Known => _states.Made.Select(state => state.Instrument);

    /// <summary>
    /// Lets go of what the instrument had: what comes of it from now on is the first of it. Its open holes end in the batch.
    /// </summary>
    public void Forget(Instrument instrument, MarketBatch batch)
    {
        if (_states.Remove(instrument) is not { } state)
        {
            return;
        }

        while (state.Held is { IsEmpty: false } held)
        {
            held.Take();
            Drop(instrument.Venue, "unwanted");
        }

        foreach (var gap in state.Trades.Gaps)
        {
            if (gap.IsAnnounced)
            {
                Close(batch, state, gap, GapState.Abandoned, GapReason.Unsubscribed);
            }
            else if (gap.IsAsked)
            {
                _metrics.GapsOpen(instrument.Venue, -1);
                _repairs?.Forget(instrument, gap.FromId);
            }
        }

        if (state.TimeGap is { } time)
        {
            CloseTime(batch, state, time, GapState.Abandoned, GapReason.Unsubscribed);
        }

        if (state.Suspects is not null)
        {
            _repairs?.Forget(instrument, -1);
        }

        state.QueuedFor = long.MaxValue;
    }

    private InstrumentOrder Make(Instrument instrument)
    {
        var state = new InstrumentOrder(instrument);
        if (_restore?.Invoke(instrument) is not { } before)
        {
            return state;
        }

        state.IsRestored = before.Frontier >= 0 || before.FrontierTime > 0;
        state.SilentGaps = before.SilentGaps;
        state.LastTime = before.FrontierTime;
        state.Trades.Restore(before);
        state.Silent = before.SilentHoles.Count > 0 ? [.. before.SilentHoles] : null;
        foreach (var id in before.RecentIds)
        {
            state.TradeIds.TryAdd(id, before.FrontierTime);
        }

        if (before.IsDemoted)
        {
            state.IsUnordered = true;
            state.DemotedAt = before.Frontier;
        }

        foreach (var gap in state.Trades.Gaps)
        {
            var request = gap.Ask(instrument);
            _metrics.GapsOpen(instrument.Venue, 1);
            _repairs?.Request(request);
        }

        foreach (var gap in before.OpenGaps)
        {
            if (gap.FromId < 0)
            {
                state.TimeGap = gap;
                _metrics.GapsOpen(instrument.Venue, 1);
                _repairs?.Request(new(instrument, gap.FromId, [], gap.FromTime, gap.ToTime, gap.OpenedTime));
            }
        }

        return state;
    }

    /// <summary>Any sign of an instrument brings it back to where it was: its open holes are asked for though it may not trade for hours.</summary>
    private bool Touch(Instrument instrument)
    {
        if (_restore is not null)
        {
            _ = _states[instrument];
        }

        return true;
    }

    private void AddStates(MarketBatch batch)
    {
        foreach (var state in _states.Made)
        {
            var isUnchanged = !state.IsChanged && !batch.IsWholeCheckpoint;
            if (state.IsChanged || state.Saved is null)
            {
                state.IsChanged = false;
                state.Saved = StateOf(state);
            }

            batch.Add(new InstrumentState(state.Instrument) { Trades = state.Saved, IsUnchanged = isUnchanged });
        }
    }

    private static TradeSeriesState StateOf(InstrumentOrder state)
    {
        var ids = state.Trades;
        var gaps = new List<Gap>();
        foreach (var gap in ids.Gaps)
        {
            if (gap is { IsAnnounced: true, IsOver: false })
            {
                gaps.Add(gap.AsRecord(state.Instrument));
            }
        }

        if (state.TimeGap is { } time)
        {
            gaps.Add(time);
        }

        return new TradeSeriesState
        {
            Frontier = ids.Frontier,
            FrontierTime = state.IsUnordered || ids.Frontier < 0 ? state.LastTime : ids.FrontierTime,
            Series = ids.Series,
            OpenGaps = gaps,
            SilentHoles = state.Silent is { } silent ? [.. silent] : [],
            SilentGaps = state.SilentGaps,
            IsDemoted = state.DemotedAt >= 0,
            RecentIds = state.IsUnordered ? state.TradeIds.Newest(MaxRecentIds) : [],
        };
    }
}
