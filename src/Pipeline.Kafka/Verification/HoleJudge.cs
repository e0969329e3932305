using Pipeline.Core.Market;

namespace Pipeline.Kafka.Verification;

/// <summary>Holds a hole of the trades against the ledger of gaps.</summary>
internal sealed class HoleJudge(InstrumentScope scope, GapLedger ledger)
{
    /// <summary>False while what the ledger says of it may still change; a hole that is over may be let go unless something of it is lost.</summary>
    /// <param name="isDue">True when the ledger must have told of it by now.</param>
    /// <param name="isEnd">True when nothing more will be read.</param>
    /// <param name="tradesPosition">Offset behind the last trade read of the partition.</param>
    public bool TryJudge(IdHole hole, bool isDue, bool isEnd, long tradesPosition)
    {
        if (hole.IsUnread)
        {
            return TryJudgeUnread(hole, isEnd);
        }

        var gaps = ledger.Overlapping(hole.Range);
        if (!isEnd && (gaps.Count == 0 ? !isDue : gaps.Exists(gap => !gap.IsClosed(tradesPosition))))
        {
            return false;
        }

        // It may have been judged before: where the venue had nothing it is asked again when its candle counts something.
        scope.Counts.AbandonedIds -= hole.Abandoned;
        scope.Counts.SilentIds -= hole.Silent;
        (hole.Abandoned, hole.Silent, hole.IsLost) = (0, 0, false);
        JudgeOrder(hole, gaps);
        JudgeUnexplained(hole, gaps);
        foreach (var gap in gaps)
        {
            JudgeMissing(hole, gap, gap.IsClosed(tradesPosition));
        }

        return true;
    }

    private bool TryJudgeUnread(IdHole hole, bool isEnd)
    {
        if (isEnd && hole.Missing.Count > 0)
        {
            scope.OfTrades(
                FindingKind.DeletedBeforeRead, hole.FoundOffset, $"ids {IdRanges.Text(hole.Missing)} may lie among records that were deleted before they were read");
        }

        return isEnd || hole.Missing.Count == 0;
    }

    private void JudgeOrder(IdHole hole, List<GapEntry> gaps)
    {
        if (hole.IsOrderTold)
        {
            return;
        }

        var announced = gaps.FindAll(gap => gap.Row.IsAnnounced);
        var opened = announced.FindAll(gap => gap.OpenTradesOffset >= 0);
        if (opened.Find(gap => gap.OpenTradesOffset > hole.FoundOffset) is { } late)
        {
            OfOrder(
                hole, FindingKind.AnnouncedLate, hole.FoundOffset, $"the trade behind {late.Row} lies before trades offset {late.OpenTradesOffset}, where that was announced");
        }

        if (hole.FirstFillOffset < 0)
        {
            return;
        }

        var range = $"ids of {hole.Range.First}…{hole.Range.Last} lie behind later ones";
        if (announced.Count == 0)
        {
            OfOrder(hole, FindingKind.OutOfOrder, hole.FirstFillOffset, $"{range}, and no gap announces it");
        }
        else if (opened.Count > 0 && opened.TrueForAll(gap => gap.OpenTradesOffset > hole.FirstFillOffset))
        {
            OfOrder(hole, FindingKind.OutOfOrder, hole.FirstFillOffset, $"{range}, before the gap that announces it");
        }
        else if (announced.TrueForAll(gap => !gap.Row.IsOpen && gap.Row.TradesOffset > gap.OpenTradesOffset && hole.LastFillOffset >= gap.Row.TradesOffset))
        {
            OfOrder(hole, FindingKind.OutOfOrder, hole.LastFillOffset, $"{range}, behind the end of their gap");
        }
    }

    private void OfOrder(IdHole hole, FindingKind kind, long offset, string what)
    {
        hole.IsOrderTold = true;
        scope.OfTrades(kind, offset, what);
    }

    private void JudgeUnexplained(IdHole hole, List<GapEntry> gaps)
    {
        var unexplained = IdRanges.Subtract(hole.Missing, [.. gaps.Select(gap => gap.Range)]);
        if (unexplained.Count == 0)
        {
            return;
        }

        if (scope.Rules.HasOffMarketIds)
        {
            // A witness tells these apart; without one nothing does.
            if (scope.Options.Witness is not null)
            {
                return;
            }

            scope.OfTrades(FindingKind.OffMarketIds, hole.FoundOffset, $"ids {IdRanges.Text(unexplained)} are missing; the venue may have given them to what is no trade");
            return;
        }

        hole.IsLost = true;
        scope.OfTrades(FindingKind.UnannouncedLoss, hole.FoundOffset, $"ids {IdRanges.Text(unexplained)} are missing and no gap tells of them");
    }

    private void JudgeMissing(IdHole hole, GapEntry gap, bool isClosed)
    {
        var missing = IdRanges.Intersect(hole.Missing, [gap.Range]);
        var row = gap.Row;
        if (!isClosed)
        {
            hole.IsLost |= missing.Count > 0;
            return;
        }

        var told = IdRanges.Intersect(row.Missing, [hole.Range]);
        var untold = IdRanges.Subtract(missing, told);
        if (row.State == GapState.Reset)
        {
            return;
        }

        if (untold.Count > 0)
        {
            hole.IsLost = true;
            scope.OfGaps(FindingKind.LostAfterRepair, gap.Offset, $"{row} is {row.State}, yet ids {IdRanges.Text(untold)} are missing");
        }

        if (IdRanges.Subtract(told, missing) is { Count: > 0 } there)
        {
            scope.OfGaps(FindingKind.WrongGap, gap.Offset, $"{row} misses ids {IdRanges.Text(there)}, which the trades have");
        }

        Count(hole, gap, IdRanges.Intersect(missing, told));
    }

    private void Count(IdHole hole, GapEntry gap, List<IdRange> missing)
    {
        if (missing.Count == 0)
        {
            return;
        }

        var count = IdRanges.Count(missing);
        if (gap.Row.State == GapState.VenueSilent)
        {
            hole.Silent += count;
            scope.Counts.SilentIds += count;
            scope.OfGaps(FindingKind.VenueSilent, gap.Offset, $"the venue has nothing under {IdRanges.Text(missing)}");
        }
        else
        {
            hole.IsLost = true;
            hole.Abandoned += count;
            scope.Counts.AbandonedIds += count;
            scope.OfGaps(FindingKind.Abandoned, gap.Offset, $"ids {IdRanges.Text(missing)} were given up: {gap.Row.Reason}");
        }
    }
}
