using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>What a process that takes over must know, and how it goes on from that.</summary>
internal sealed partial class CandleSeries
{
    public CandleSeriesState Save() => new()
    {
        HasStarted = _hasStarted,
        IsPriced = _isPriced,
        LastClose = _lastClose,
        LastId = _lastId,
        LastTime = _lastTime,
        ClosedTime = _closedTime,
        LostUntil = _lostUntil,
        MendedTo = _mendedTo,
        CompletedUntil = _completedUntil,
        Start = _start is null ? null : new CandleStartState(_start.Time, Save(CandleStart.Minute, _start.MinuteFrom, _start.Sum)),
        Intervals = [.. _builders.Select(Save)],
        Windows = [.. _builders.SelectMany(SaveWindows)],
        Gaps = [.. _gaps.Concat(_silent).Select(Save)],
    };

    private static CandleIntervalState Save(CandleBuilder builder) => new()
    {
        Interval = builder.Interval,
        Finer = builder.Finer?.Interval,
        SeenFrom = builder.SeenFrom,
        ClosedUntil = builder.ClosedUntil,
        CarriedFrom = builder.CarriedFrom,
        EvictedUntil = builder.EvictedUntil,
        CarryNext = builder.CarryNext,
        CarryEnd = builder.CarryEnd,
        CarryPrice = builder.CarryPrice,
        SeededUntil = builder.SeededUntil,
    };

    private static IEnumerable<CandleWindowState> SaveWindows(CandleBuilder builder)
    {
        for (var i = 0; i < builder.Closed.Count; i++)
        {
            var window = builder.Closed[i];
            yield return Save(builder.Interval, window.OpenTime, window.Sum) with
            {
                IsClosed = true,
                IsPublished = window.IsPublished,
                Revision = window.Revision,
                IsComplete = window.IsWhole,
                IsDoubted = window.IsDoubted,
                WasComplete = window.WasComplete,
                IsDirty = window.IsDirty,
                IsRepair = window.IsRepair,
                Updates = window.Updates,
            };
        }

        if (builder.IsOpen)
        {
            yield return Save(builder.Interval, builder.OpenTime, builder.Sum) with { IsComplete = builder.IsWhole, Updates = builder.Updates };
        }
    }

    private static CandleWindowState Save(CandleInterval interval, long openTime, CandleSum sum) => new()
    {
        Interval = interval,
        OpenTime = openTime,
        HasAny = sum.HasAny,
        Open = sum.Open,
        High = sum.High,
        Low = sum.Low,
        Close = sum.Close,
        Volume = sum.Volume,
        QuoteVolume = sum.QuoteVolume,
        TakerBuyVolume = sum.TakerBuyVolume,
        Trades = sum.Trades,
        IsCountUnknown = sum.IsCountUnknown,
        Source = sum.IsMixed ? CandleSource.Mixed : CandleSource.Trades,
        FirstId = sum.FirstId,
        LastId = sum.LastId,
        Overflowed = sum.Overflowed,
        IsSideUnknown = sum.IsSideUnknown,
    };

    private static CandleGapState Save(OpenGap gap) => new()
    {
        FromId = gap.FromId,
        ToId = gap.ToId,
        FoundFrom = gap.FoundFrom,
        From = gap.From,
        To = gap.To,
        NextId = gap.NextId,
        HasSkipped = gap.HasSkipped,
        PriceBefore = gap.PriceBefore,
        SilentUntil = gap.SilentUntil,
        IsReopened = gap.IsReopened,
        Next = [.. gap.Next],
        CarriedFrom = [.. gap.CarriedFrom],
        CarriedUntil = [.. gap.CarriedUntil],
        Close = [.. gap.Close],
    };

    private static CandleSum SumOf(CandleWindowState window) => new()
    {
        HasAny = window.HasAny,
        Open = window.Open,
        High = window.High,
        Low = window.Low,
        Close = window.Close,
        Volume = window.Volume,
        QuoteVolume = window.QuoteVolume,
        TakerBuyVolume = window.TakerBuyVolume,
        Trades = window.Trades,
        IsCountUnknown = window.IsCountUnknown,
        IsMixed = window.Source == CandleSource.Mixed,
        FirstId = window.FirstId,
        LastId = window.LastId,
        Overflowed = window.Overflowed,
        IsSideUnknown = window.IsSideUnknown,
    };

    private void Restore(CandleSeriesState state)
    {
        (_hasStarted, _isPriced, _lastClose) = (state.HasStarted, state.IsPriced, state.LastClose);
        (_lastId, _lastTime, _closedTime) = (state.LastId, state.LastTime, state.ClosedTime);
        (_lostUntil, _mendedTo, _completedUntil) = (state.LostUntil, state.MendedTo, state.CompletedUntil);
        _isOrdered &= !_isPriced;
        _hasNews = _isWaiting = _hasDoubts = true;
        _start = state.Start is { } start ? new CandleStart(start.Time) { Sum = SumOf(start.Minute) } : null;
        _wantsPast = true;

        // Those that are not wanted any more are left out by what follows, as they are when the options change.
        var made = new List<CandleBuilder>();
        foreach (var interval in state.Intervals)
        {
            var finer = made.Find(one => one.Interval == interval.Finer);
            made.Add(new CandleBuilder(_instrument, interval.Interval, finer)
            {
                SeenFrom = interval.SeenFrom,
                ClosedUntil = interval.ClosedUntil,
                CarriedFrom = interval.CarriedFrom,
                EvictedUntil = interval.EvictedUntil,
                CarryNext = interval.CarryNext,
                CarryEnd = interval.CarryEnd,
                CarryPrice = interval.CarryPrice,
                SeededUntil = interval.SeededUntil,
            });
        }

        _builders = [.. made];
        foreach (var window in state.Windows)
        {
            Restore(made.Find(one => one.Interval == window.Interval)!, window);
        }

        foreach (var gap in state.Gaps)
        {
            (gap.SilentUntil > 0 ? _silent : _gaps).Add(Restore(gap));
        }
    }

    private static void Restore(CandleBuilder builder, CandleWindowState state)
    {
        if (!state.IsClosed)
        {
            builder.Resume(state.OpenTime, SumOf(state), state.IsComplete, state.Updates);
            return;
        }

        ref var window = ref builder.Closed.Insert(builder.Closed.Count, state.OpenTime);
        window.Sum = SumOf(state);
        window.IsPublished = state.IsPublished;
        window.Revision = state.Revision;
        window.IsWhole = state.IsComplete;
        window.IsDoubted = state.IsDoubted;
        window.WasComplete = state.WasComplete;
        window.IsDirty = state.IsDirty;
        window.IsRepair = state.IsRepair;
        window.Updates = state.Updates;
    }

    private static OpenGap Restore(CandleGapState state)
    {
        var gap = new OpenGap
        {
            FromId = state.FromId,
            ToId = state.ToId,
            FoundFrom = state.FoundFrom,
            From = state.From,
            To = state.To,
            NextId = state.NextId,
            HasSkipped = state.HasSkipped,
            PriceBefore = state.PriceBefore,
            SilentUntil = state.SilentUntil,
            IsReopened = state.IsReopened,
        };
        for (var i = 0; i < state.Next.Count; i++)
        {
            (gap.Next[i], gap.Close[i]) = (state.Next[i], state.Close[i]);
            (gap.CarriedFrom[i], gap.CarriedUntil[i]) = (state.CarriedFrom[i], state.CarriedUntil[i]);
        }

        return gap;
    }
}
