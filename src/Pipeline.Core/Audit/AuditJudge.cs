using Pipeline.Core.Market;

namespace Pipeline.Core.Audit;

/// <summary>Says what is the matter with a window, from what is known of it now.</summary>
internal static class AuditJudge
{
    /// <summary>Null when both sides have always said the same, or when one of them has not spoken and need not have.</summary>
    public static AuditFinding? Judge(AuditSeries series, AuditedCandle candle, long now)
    {
        if (candle.Venue is not { } venue)
        {
            return null;
        }

        if (candle.Ours is not { } ours)
        {
            return IsMissing(series, candle) ? MakeMissing(series, candle, venue, now) : null;
        }

        var differs = AuditFields.AnyDiffers(ours, venue, series.HasIds);
        var isCorrected = AuditFields.AnyDiffers(candle.VenueFirst!.Value, venue, series.HasIds);
        if (isCorrected)
        {
            return Make(series, candle, AuditCause.VenueCorrected, !differs, candle.VenueFirst, now);
        }

        if (differs)
        {
            return Make(series, candle, CauseOf(series, ours, venue), agrees: false, before: null, now);
        }

        if (AuditFields.AnyDiffers(candle.OursFirst!.Value, venue, series.HasIds))
        {
            return Make(series, candle, AuditCause.LateTrade, agrees: true, candle.OursFirst, now);
        }

        return candle.Told is { Cause: AuditCause.Missing } missing ? missing with { Agrees = true, FoundTime = now, Lacking = null } : null;
    }

    /// <summary>Whether the window lies within ours, so that we should have it.</summary>
    public static bool IsMissing(AuditSeries series, AuditedCandle candle) =>
        candle is { Ours: null, Venue: { } venue } && venue.Volume > WideNumber.Zero
        && series.OursFrom < candle.OpenTime && candle.OpenTime < series.OursTo;

    private static AuditCause CauseOf(AuditSeries series, in Candle ours, in Candle venue)
    {
        var isSilent = false;
        foreach (var gap in series.Gaps.Touching(ours.OpenTime, ours.CloseTime, venue, series.HasIds))
        {
            if (gap.State != GapState.VenueSilent)
            {
                return AuditCause.OurHole;
            }

            isSilent = true;
        }

        if (isSilent && CountsMore(ours, venue))
        {
            return AuditCause.Withheld;
        }

        if (!ours.Complete)
        {
            return ours.OpenTime == series.OursFrom ? AuditCause.PartialStart : AuditCause.OurHole;
        }

        // Where the venue does not count its trades, more volume alone does not tell a trade that was kept back from a wrong sum.
        return venue.Trades > ours.Trades && ours.Trades >= 0 && CountsMore(ours, venue) && !HasEveryId(series, ours, venue)
            ? AuditCause.Withheld
            : AuditCause.VenueDiffers;
    }

    /// <summary>A trade that we lack has a quantity: a higher count without one contradicts itself.</summary>
    private static bool CountsMore(in Candle ours, in Candle venue) =>
        venue.Volume > ours.Volume && (venue.Trades < 0 || ours.Trades < 0 || venue.Trades > ours.Trades);

    /// <summary>Both name the same first and last trade, and we have as many as there are ids between them.</summary>
    private static bool HasEveryId(AuditSeries series, in Candle ours, in Candle venue) =>
        series.HasIds && ours.FirstId >= 0 && ours.FirstId == venue.FirstId && ours.LastId == venue.LastId
        && ours.LastId - ours.FirstId + 1 == ours.Trades;

    private static AuditFinding MakeMissing(AuditSeries series, AuditedCandle candle, in Candle venue, long now) => new(
        series.Instrument,
        series.Interval,
        candle.OpenTime,
        AuditCause.Missing,
        Agrees: false,
        [.. AuditFields.Given(venue, series.HasIds).Select(given => new AuditDifference(given.Field, null, given.Value.ToString()))],
        Revision: -1,
        Complete: false,
        now)
    {
        Lacking = LackingOf(series, candle, now),
    };

    private static AuditFinding Make(
        AuditSeries series, AuditedCandle candle, AuditCause cause, bool agrees, Candle? before, long now)
    {
        var (ours, venue) = (candle.Ours!.Value, candle.Venue!.Value);
        var differences = new List<AuditDifference>();
        foreach (var (field, value) in AuditFields.Given(venue, series.HasIds))
        {
            var hasChanged = before is { } first && AuditFields.Differs(first, venue, field);
            if (hasChanged || AuditFields.Differs(ours, venue, field))
            {
                var said = hasChanged ? AuditFields.Text(before!.Value, field) : null;
                differences.Add(new AuditDifference(field, AuditFields.Text(ours, field), value.ToString(), said));
            }
        }

        return new AuditFinding(
            series.Instrument, series.Interval, candle.OpenTime, cause, agrees, differences, ours.Revision, ours.Complete, now)
        {
            Lacking = cause == AuditCause.Withheld ? LackingOf(series, candle, now) : null,
        };
    }

    /// <summary>Once for a candle: who was asked and did not have it is not asked again.</summary>
    private static AuditRepair? LackingOf(AuditSeries series, AuditedCandle candle, long now)
    {
        if (candle.HasAsked)
        {
            return null;
        }

        var venue = candle.Venue!.Value;
        var missing = new List<IdRange>();
        foreach (var gap in series.Gaps.Touching(venue.OpenTime, venue.CloseTime, venue, series.HasIds))
        {
            missing.AddRange(gap.Missing);
        }

        if (series.HasIds && venue.FirstId >= 0)
        {
            AddEdges(missing, venue, candle.Ours);
        }

        return new AuditRepair(
            series.Instrument, Join(missing), candle.OpenTime, venue.CloseTime, now);
    }

    /// <summary>Rising, and each id once.</summary>
    private static List<IdRange> Join(List<IdRange> ranges)
    {
        var joined = new List<IdRange>();
        foreach (var range in ranges.OrderBy(range => range.First))
        {
            if (joined.Count > 0 && range.First <= joined[^1].Last + 1)
            {
                joined[^1] = new IdRange(joined[^1].First, Math.Max(joined[^1].Last, range.Last));
            }
            else
            {
                joined.Add(range);
            }
        }

        return joined;
    }

    private static void AddEdges(List<IdRange> missing, in Candle venue, Candle? ours)
    {
        if (ours is not { FirstId: >= 0 } known)
        {
            missing.Add(new IdRange(venue.FirstId, venue.LastId));
            return;
        }

        if (venue.FirstId < known.FirstId)
        {
            missing.Add(new IdRange(venue.FirstId, known.FirstId - 1));
        }

        if (venue.LastId > known.LastId)
        {
            missing.Add(new IdRange(known.LastId + 1, venue.LastId));
        }
    }
}
