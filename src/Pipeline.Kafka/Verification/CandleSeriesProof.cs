using Pipeline.Core.Market;

namespace Pipeline.Kafka.Verification;

/// <summary>The windows of one instrument and interval that are not let go, and the order of their records.</summary>
/// <param name="mayBeNew">
/// Whether a window, by its begin and end, may be new although later ones were let go: one that lies within a hole has no trade before the repair.
/// </param>
internal sealed class CandleSeriesProof(CandleInterval interval, InstrumentScope scope, Func<long, long, bool> mayBeNew)
{
    private readonly Dictionary<long, CandleWindow> _windows = [];
    private CandleWindow? _current;

    public CandleInterval Interval { get; } = interval;

    /// <summary>Windows to be judged, about in order of time.</summary>
    public Queue<CandleWindow> Waiting { get; } = new();

    /// <summary>Windows that are over and wait for a hole or a late change.</summary>
    public List<CandleWindow> Delayed { get; } = [];

    /// <summary>Opening time of the newest final.</summary>
    public long NewestFinal { get; private set; } = long.MinValue;

    /// <summary>Windows that open before this were let go.</summary>
    public long ForgottenBefore { get; private set; } = long.MinValue;

    public CandleWindow? Find(long openTime) => _windows.GetValueOrDefault(openTime);

    /// <summary>The window of a time, to which a trade is added; null when it was let go.</summary>
    public CandleWindow? Take(long time)
    {
        if (_current is { } current && current.Holds(time))
        {
            return current;
        }

        var window = TakeAt(Interval.OpenOf(time));
        _current = window ?? _current;
        return window;
    }

    public void Forget(CandleWindow window)
    {
        _windows.Remove(window.OpenTime);
        ForgottenBefore = Math.Max(ForgottenBefore, window.OpenTime + 1);
        _current = ReferenceEquals(_current, window) ? null : _current;
    }

    /// <param name="isPartial">True when earlier records of a candle may be gone: deleted, or compacted away.</param>
    public void Add(CandleRow row, long offset, bool isPartial)
    {
        if (row.State == CandleState.Forming)
        {
            CheckForming(row, offset);
            return;
        }

        if (TakeAt(row.OpenTime) is not { } window)
        {
            CheckForgotten(row, offset);
            return;
        }

        if (row.State == CandleState.Final)
        {
            CheckFinal(window, row, offset);
        }
        else
        {
            CheckRevision(window, row, offset, isPartial);
        }

        NewestFinal = Math.Max(NewestFinal, row.OpenTime);
        window.Row = row;
        window.RowOffset = offset;
        Wait(window);
    }

    /// <summary>Has the window judged, again if need be.</summary>
    public void Wait(CandleWindow window)
    {
        if (!window.IsWaiting)
        {
            window.IsWaiting = true;
            Waiting.Enqueue(window);
        }
    }

    private CandleWindow? TakeAt(long openTime)
    {
        if (!_windows.TryGetValue(openTime, out var window))
        {
            if (openTime < ForgottenBefore && !mayBeNew(openTime, openTime + Interval.Microseconds))
            {
                return null;
            }

            window = new CandleWindow(Interval, openTime);
            _windows.Add(openTime, window);
        }

        return window;
    }

    private void CheckForming(CandleRow row, long offset)
    {
        var isForgotten = row.OpenTime < ForgottenBefore && !mayBeNew(row.OpenTime, row.CloseTime);
        if (isForgotten || Find(row.OpenTime)?.Row is not null)
        {
            scope.OfCandles(FindingKind.FormingAfterFinal, offset, $"{row} is forming after it was final");
        }
    }

    private void CheckForgotten(CandleRow row, long offset) => scope.OfCandles(
        row.State == CandleState.Final ? FindingKind.SecondFinal : FindingKind.Forgotten,
        offset,
        row.State == CandleState.Final ? $"{row} is final again" : $"{row} is revised so late that its trades were let go");

    private void CheckFinal(CandleWindow window, CandleRow row, long offset)
    {
        if (window.Row is not null)
        {
            scope.OfCandles(FindingKind.SecondFinal, offset, $"{row} is final again, after offset {window.RowOffset}");
        }

        if (row.Revision != 0)
        {
            scope.OfCandles(FindingKind.WrongRevision, offset, $"{row} is final with revision {row.Revision}");
        }
    }

    private void CheckRevision(CandleWindow window, CandleRow row, long offset, bool isPartial)
    {
        var isNext = window.Row is { } before ? row.Revision == before.Revision + 1 : false;
        var mayBeNext = isPartial && row.Revision > (window.Row?.Revision ?? 0);
        if (!isNext && !mayBeNext)
        {
            scope.OfCandles(FindingKind.WrongRevision, offset, window.Row is { } last
                ? $"{row} has revision {row.Revision} after {last.Revision}"
                : $"{row} has revision {row.Revision} and was never final");
        }
    }
}
