using Pipeline.Core.Market;

namespace Pipeline.Kafka.Verification;

/// <summary>Judges a window that is over, once all that counts for it was read.</summary>
internal sealed class CandleJudge(InstrumentScope scope, IdCoverage coverage)
{
    /// <summary>Earlier records of the topic may be gone.</summary>
    public bool IsTruncated { get; set; }

    /// <param name="isEnd">True when nothing more will be read.</param>
    public void Judge(CandleWindow window, CandleSeriesProof series, LossTouch touch, bool isEnd)
    {
        if (window.Row is not { } row)
        {
            JudgeMissing(window, series, touch, isEnd);
        }
        else if (row.Source == CandleSource.Mixed)
        {
            JudgeMixed(window, row);
        }
        else if (row.Source != CandleSource.Trades)
        {
            scope.Counts.OtherCandles++;
        }
        else if (row.IsEmpty && window.Count == 0)
        {
            JudgeCarry(window, row, series);
        }
        else
        {
            JudgeFold(window, row, touch, isEnd);
        }
    }

    /// <summary>Its beginning is the venue's: ours are a part of it, whatever of them is missing. The rest only the venue can tell.</summary>
    private void JudgeMixed(CandleWindow window, CandleRow row)
    {
        if (!window.HasOverflowed && CandleComparison.Contradictions(window, row, scope.Rules) is { } contradictions)
        {
            scope.OfCandles(FindingKind.WrongCandle, window.RowOffset, $"{row}, {row.State} {row.Revision}, begins with the venue's trades: {contradictions}");
            return;
        }

        scope.Counts.MixedCandles++;
        if (scope.Options.RecordWitness is not null)
        {
            // Compared with the venue's as a whole.
            return;
        }

        scope.OfCandles(FindingKind.NotJudged, window.RowOffset, $"{row} begins with the venue's trades: it holds its {window.Count} trades of ours, the rest was not judged");
    }

    private void JudgeMissing(CandleWindow window, CandleSeriesProof series, LossTouch touch, bool isEnd)
    {
        if (window.Count == 0)
        {
            return;
        }

        var isOver = !isEnd || series.NewestFinal > window.OpenTime || coverage.LastTime >= window.CloseTime + scope.Options.FinalGrace;
        if (!isOver || (isEnd && touch == LossTouch.Open))
        {
            scope.Counts.OpenWindows++;
        }
        else if (IsTruncated && series.NewestFinal < window.OpenTime + (2 * series.Interval.Microseconds))
        {
            scope.OfCandles(FindingKind.DeletedBeforeRead, -1, $"the final of the {series.Interval} candle of {window.OpenTime} may have been deleted before it was read");
        }
        else if (!coverage.IsTruncated || window.OpenTime >= coverage.FirstTime)
        {
            scope.OfCandles(
                FindingKind.MissingFinal, -1, $"{series.Interval} candle of {window.OpenTime} has no final; it has {window.Count} trades, ids {window.FirstId}…{window.LastId}");
        }
    }

    private void JudgeCarry(CandleWindow window, CandleRow row, CandleSeriesProof series)
    {
        var before = series.Find(window.OpenTime - series.Interval.Microseconds)?.Row;
        if (before is null)
        {
            scope.OfCandles(FindingKind.BeforeFirstTrade, window.RowOffset, $"{row} is empty; the candle before it, whose close it carries, was not read");
        }
        else if (row.Open != before.Close || row.High != before.Close || row.Low != before.Close || row.Close != before.Close)
        {
            scope.OfCandles(FindingKind.WrongCarry, window.RowOffset, $"{row} is empty at {row.Open}/{row.High}/{row.Low}/{row.Close}, the close before it is {before.Close}");
        }
        else
        {
            scope.Counts.CandlesEqual++;
        }
    }

    private void JudgeFold(CandleWindow window, CandleRow row, LossTouch touch, bool isEnd)
    {
        var isPartial = window.OpenTime < coverage.FirstTime;
        if (window.HasOverflowed)
        {
            scope.OfCandles(FindingKind.Forgotten, window.RowOffset, $"{row} has sums beyond 128 bits");
        }
        else if (isPartial && (coverage.IsTruncated || row.Complete))
        {
            scope.OfCandles(FindingKind.BeforeFirstTrade, window.RowOffset, $"{row} began before {coverage.FirstTime}, the time of the first trade read");
        }
        else if (touch == LossTouch.Unread)
        {
            scope.OfCandles(FindingKind.DeletedBeforeRead, window.RowOffset, $"{row} may count trades that were deleted before they were read");
        }
        else if (CandleComparison.Differences(window, row, scope.Options.RulesOf(scope.Key)) is { } differences)
        {
            Report(window, row, differences, isEnd);
        }
        else
        {
            scope.Counts.CandlesEqual++;
            scope.Counts.IncompleteCandlesEqual += row.Complete ? 0 : 1;
            if (!window.KnowsFills)
            {
                scope.OfCandles(FindingKind.CountNotCompared, window.RowOffset, $"{row} counts {row.Trades} fills, which its {window.Count} trades do not tell");
            }
        }

        if (touch == LossTouch.Lost && row.Complete)
        {
            scope.OfCandles(FindingKind.FalselyComplete, window.RowOffset, $"{row} is called complete, and trades of it may be lost");
        }
    }

    private void Report(CandleWindow window, CandleRow row, string differences, bool isEnd)
    {
        var changedLate = window.LastChange >= window.CloseTime && coverage.LastTime - window.LastChange < scope.Options.RevisionGrace;
        var kind = !row.Complete ? FindingKind.IncompleteDiffers
            : isEnd && changedLate ? FindingKind.Unsettled
            : FindingKind.WrongCandle;
        scope.OfCandles(kind, window.RowOffset, $"{row}, {row.State} {row.Revision}: {differences}");
    }
}
