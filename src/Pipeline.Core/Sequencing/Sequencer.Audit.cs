using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>
/// Holes in which the venue had nothing, though its candle counts something there: they are opened again and asked for once more. What
/// comes of it passes as any repair does; if nothing does, the hole ends as it did before. Ids that went on are never asked for.
/// </summary>
internal sealed partial class Sequencer
{
    private static void RememberSilent(InstrumentOrder state, Gap ended)
    {
        var silent = state.Silent ??= [];
        if (silent.Count >= SilentHoles.Most)
        {
            silent.RemoveAt(0);
        }

        silent.Add(ended);
    }

    private void Reopen(MarketBatch batch, AuditRepair lacking)
    {
        var state = _states[lacking.Instrument];
        var found = state.IsUnordered || _repairs is null
            ? []
            : state.Silent?.FindAll(gap => gap.Series == state.Trades.Series && Touches(gap, lacking)) ?? [];

        // Station 5 holds what they touch no longer: a trade that it cannot count would leave a candle wrong that says it is complete.
        var tooOld = found.RemoveAll(gap => gap.UpdatedTime < _now - SilentHoles.Keep);
        _metrics.AuditRepair(lacking.Instrument.Venue, found.Count > 0 ? "reopened" : tooOld > 0 ? "too-old" : "nothing-missing");
        foreach (var gap in found)
        {
            state.Silent!.Remove(gap);
            Reopen(batch, state, gap);
        }

        if (found.Count > 0)
        {
            Settle(batch, state);
        }
    }

    private static bool Touches(in Gap gap, AuditRepair lacking)
    {
        foreach (var range in lacking.Missing)
        {
            foreach (var missing in gap.Missing)
            {
                if (missing.First <= range.Last && missing.Last >= range.First)
                {
                    return true;
                }
            }
        }

        return lacking.Missing.Count == 0 && gap.FromTime < lacking.ToTime && gap.ToTime >= lacking.FromTime;
    }

    private void Reopen(MarketBatch batch, InstrumentOrder state, in Gap silent)
    {
        var gaps = state.Trades.Gaps;
        while (gaps.Count >= Arbiter.MaxGaps)
        {
            AbandonOldest(batch, state);
        }

        var gap = new TradeGap(silent.FromId, silent.ToId, silent.Series, silent.Missing)
        {
            Reason = GapReason.Audit,
            FromTime = silent.FromTime,
            ToTime = silent.ToTime,
            OpenedTime = _now,
            IsAnnounced = true,
        };
        var fromId = silent.FromId;
        var index = gaps.FindIndex(one => one.FromId > fromId);
        gaps.Insert(index < 0 ? gaps.Count : index, gap);

        // The record goes before the asking: what was silent is a hole again.
        Tell(batch, state, gap, GapState.Open, gap.Reason);
        Ask(state, gap);
    }
}
