using Pipeline.Core.Market;

namespace Pipeline.Core.Restart;

/// <summary>
/// What a fold left of an instrument's candles, and what the log tells of them beside: records that the writer's clock made, or that were
/// made one after the other where the fold knew all at once. Station 5 goes on from both.
/// </summary>
internal sealed class WrittenState(LogCandles candles)
{
    public CandleSeriesState? Of(CandleSeriesState? state) => state is null ? null : WithSeeded(WithWritten(state));

    /// <summary>Windows of which the log tells go on from what it says.</summary>
    private CandleSeriesState WithWritten(CandleSeriesState state) => candles.IsEmpty
        ? state
        : WithRevised(state with
        {
            Windows = [.. state.Windows.Select(WithWritten)],
            Gaps = [.. state.Gaps.Select(gap => WithCarried(gap, state.Intervals))],
        });

    /// <summary>
    /// Empty windows that the state takes for carried, and no more, though the log has revised them since: the fold knew all of it at
    /// once, and told of them as they are in the end. They are held, as station 5 held them.
    /// </summary>
    private CandleSeriesState WithRevised(CandleSeriesState state)
    {
        var held = state.Windows.Select(window => new CandleKey(window.Interval.Index, window.OpenTime)).ToHashSet();
        var revised = candles.RevisedEmpty().Where(candle => !held.Contains(CandleKey.Of(candle)) && IsCarried(state, candle)).ToList();
        return revised.Count == 0
            ? state
            : state with
            {
                Windows =
                [
                    .. state.Windows.Concat(revised.Select(Held))
                        .OrderBy(window => window.Interval.Index).ThenBy(window => !window.IsClosed).ThenBy(window => window.OpenTime),
                ],
            };
    }

    private static bool IsCarried(CandleSeriesState state, Candle candle)
    {
        var index = candle.Interval.Index;
        return state.Gaps.Any(gap => candle.OpenTime >= gap.CarriedFrom[index] && candle.CloseTime <= gap.CarriedUntil[index])
            || state.Intervals.Any(one => one.Interval == candle.Interval && candle.CloseTime <= one.ClosedUntil
                && candle.OpenTime >= one.CarriedFrom && candle.OpenTime >= one.EvictedUntil);
    }

    private static CandleWindowState Held(Candle candle) => new()
    {
        Interval = candle.Interval,
        OpenTime = candle.OpenTime,
        Open = candle.Open,
        High = candle.High,
        Low = candle.Low,
        Close = candle.Close,
        IsClosed = true,
        IsPublished = true,
        Revision = candle.Revision,
        IsComplete = candle.Complete,
        WasComplete = candle.Complete,
        Updates = candle.Updates,
    };

    /// <summary>
    /// Empty windows in a hole that the clock had carried on when nobody knew of it: the fold has no clock, the log tells of them.
    /// </summary>
    private CandleGapState WithCarried(CandleGapState gap, IReadOnlyList<CandleIntervalState> intervals)
    {
        var (from, until) = (gap.CarriedFrom.ToArray(), gap.CarriedUntil.ToArray());
        foreach (var one in intervals)
        {
            var (index, length) = (one.Interval.Index, one.Interval.Microseconds);
            var first = from[index] < until[index] ? from[index] : one.Interval.OpenOf(gap.FoundFrom) + length;
            var end = Math.Max(first, until[index]);
            while (end + length <= gap.To && candles.IsWritten(new CandleKey(index, end)))
            {
                end += length;
            }

            (from[index], until[index]) = first < end ? (first, end) : (from[index], until[index]);
        }

        return gap with { CarriedFrom = from, CarriedUntil = until };
    }

    private CandleSeriesState WithSeeded(CandleSeriesState state) => state with
    {
        Intervals = [.. state.Intervals.Select(one => one with { SeededUntil = Math.Max(one.SeededUntil, candles.SeededUntil(one.Interval)) })],
    };

    private CandleWindowState WithWritten(CandleWindowState window) =>
        window.IsClosed && candles.Newest(new CandleKey(window.Interval.Index, window.OpenTime)) is { } newest
            ? window with
            {
                IsPublished = true,
                WasComplete = newest.Complete || (newest.Source == CandleSource.Mixed && window.IsComplete),
                IsDirty = window.IsDirty || IsBehind(newest, window),
                Revision = newest.Revision,
                Updates = newest.Updates,
            }
            : window;

    /// <summary>
    /// The log tells less than was folded since, which waits for a hole: the writer's clock had closed the window, the fold's had not. Where
    /// the writer knew more than the fold, the log stands.
    /// </summary>
    private static bool IsBehind(in Candle newest, CandleWindowState window) =>
        newest.Source != CandleSource.Mixed
        && (window.IsComplete || !newest.Complete)
        && (newest.Open != window.Open || newest.High != window.High || newest.Low != window.Low || newest.Close != window.Close
            || newest.Volume != window.Volume || (newest.Trades >= 0 && newest.Trades != window.Trades));
}
