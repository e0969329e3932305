using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>When windows end, and in which order their records leave.</summary>
internal sealed partial class CandleSeries
{
    // Empty windows to catch up with are written in portions, so that thousands of instruments behind an outage do not leave at once.
    private const long CarryPause = 50_000;

    private bool _isDeadlineStale = true;
    private bool _isUncovered;
    private bool _isWaiting;
    private bool _hasNews;
    private long _deadline = long.MaxValue;

    /// <summary>Event time since which nothing is missed, as the stream's health tells; the maximum while it cannot be trusted.</summary>
    private long _freshSince = long.MaxValue;

    private long Grace => MarketTime.From(_isOrdered || _options.Grace > _options.AllowedLateness ? _options.Grace : _options.AllowedLateness);

    private long StaleGrace => MarketTime.From(_options.StaleGrace);

    public void Note(in StreamHealth health)
    {
        _hasNews = _isDeadlineStale = true;
        if (health.State is not (HealthState.Fresh or HealthState.Quiet))
        {
            _freshSince = long.MaxValue;
            return;
        }

        // What it brought last is the newest there is: that is what made it fresh, or what a probe compared.
        var since = health.Since + _clock.Offset;
        _freshSince = Math.Min(_freshSince, health.LastEventTime > 0 ? Math.Min(since, health.LastEventTime) : since);
    }

    /// <summary>Closes what ends by the clock. Due at <see cref="Deadline"/>.</summary>
    public void CloseByClock(long now)
    {
        _isDeadlineStale = true;
        var time = now + _clock.Offset;
        var grace = Grace;
        foreach (var builder in _builders)
        {
            if (builder.IsOpen)
            {
                var isCovered = IsCovered(builder.OpenTime);
                if (builder.CloseTime + (isCovered ? grace : StaleGrace) <= time)
                {
                    Close(builder, isDoubted: !isCovered);
                }
            }

            var until = builder.Interval.OpenOf(time - grace);
            if (MayCarry(builder) && until > builder.ClosedUntil)
            {
                AddCarries(builder, until, isCovered: true);
                _closedTime = Math.Max(_closedTime, until);
            }
        }
    }

    /// <summary>When something is to be done though nothing happens, by the market clock; the maximum when nothing is.</summary>
    public long Deadline(long now)
    {
        if (_isDeadlineStale || _isUncovered)
        {
            _deadline = FindDeadline(now);
            _isDeadlineStale = false;
        }

        return _deadline;
    }

    /// <summary>
    /// Adds the records that are due: finals by time, at a boundary those of shorter intervals first, revisions among them.
    /// </summary>
    /// <param name="carries">How many empty candles the lane may still write now.</param>
    public void Publish(MarketBatch batch, long now, ref int carries)
    {
        if (!_hasNews && !_isWaiting && !_isDeadlineStale)
        {
            return;
        }

        _hasNews = false;
        _skipped.Clear();
        ForgetSilent(now);
        CompleteStart();
        var time = now + _clock.Offset;
        while (FindNext(time, carries, out var index) is { } builder)
        {
            if (index < 0)
            {
                batch.Add(builder.MakeCarried(builder.CarryNext, builder.CarryPrice, Source, now));
                builder.CarryNext += builder.Interval.Microseconds;
                _metrics.CandleRemark(_instrument.Venue, "carried");
                carries--;
                continue;
            }

            ref var window = ref builder.Closed[index];
            var isComplete = window is { IsWhole: true, IsDoubted: false } && !IsTouched(builder, window.OpenTime);
            batch.Add(builder.Make(ref window, isComplete, Source, _isOrdered, now));
            if (!isComplete)
            {
                _metrics.CandleRemark(_instrument.Venue, "incomplete");
            }

            Evict(builder);
        }

        Settle();
    }

    private void Settle()
    {
        _isDeadlineStale = true;
        _isWaiting = false;
        foreach (var builder in _builders)
        {
            _isWaiting |= builder.IsBlocked;
        }

        if (_hasLeft && !_isWaiting)
        {
            _hasLeft = false;
            Set([.. _builders]);
        }
    }

    private CandleBuilder? FindNext(long time, int carries, out int index)
    {
        CandleBuilder? first = null;
        var firstClose = long.MaxValue;
        index = -1;
        foreach (var builder in _builders)
        {
            if (builder.Closed.Count == 0 && builder.CarryNext >= builder.CarryEnd)
            {
                continue;
            }

            var close = NextClose(builder, time, carries, out var position);
            if (close < firstClose)
            {
                (first, firstClose, index) = (builder, close, position);
            }
        }

        return first;
    }

    /// <summary>End of the interval's next window to be told of; the maximum when none is, or an earlier one waits.</summary>
    private long NextClose(CandleBuilder builder, long time, int carries, out int index)
    {
        var length = builder.Interval.Microseconds;
        while (builder.CarryNext < builder.CarryEnd && builder.Closed.Find(builder.CarryNext) >= 0)
        {
            builder.CarryNext += length;
        }

        var carry = builder.CarryNext < builder.CarryEnd ? builder.CarryNext : long.MaxValue;
        for (index = 0; index < builder.Closed.Count; index++)
        {
            ref var window = ref builder.Closed[index];
            if (window.OpenTime > carry)
            {
                break;
            }

            var isDue = window.IsPublished
                ? window.IsRevisionDue && !IsTouched(builder, window.OpenTime)
                : IsReady(builder, window, time);
            if (isDue)
            {
                return window.OpenTime + length;
            }

            if (window is { IsPublished: false, IsRepair: false })
            {
                return long.MaxValue;
            }
        }

        index = -1;
        return carry != long.MaxValue && carries > 0 ? carry + length : long.MaxValue;
    }

    private bool IsReady(CandleBuilder builder, in ClosedWindow window, long time)
    {
        var closeTime = window.OpenTime + builder.Interval.Microseconds;
        if (IsTouched(builder, window.OpenTime))
        {
            return !window.IsRepair && time >= closeTime + StaleGrace;
        }

        return _isOrdered || time >= closeTime + Grace || _lastTime - MarketTime.From(_options.AllowedLateness) >= closeTime;
    }

    private void CloseByTrade(in Trade trade)
    {
        var time = trade.EventTime;
        foreach (var builder in _builders)
        {
            if (builder.IsOpen && builder.CloseTime <= time)
            {
                Close(builder, isDoubted: false);
            }

            if (!builder.IsOpen && builder.ClosedUntil != CandleBuilder.None)
            {
                // By id it is known that nothing lies between this trade and the one before.
                var isCovered = !trade.AfterGap && (_isOrdered || IsCovered(builder.ClosedUntil));
                AddCarries(builder, builder.Interval.OpenOf(time), isCovered);
            }
        }

        _closedTime = Math.Max(_closedTime, time);
    }

    private void Close(CandleBuilder closing, bool isDoubted)
    {
        _hasNews = _isDeadlineStale = true;
        _hasDoubts |= isDoubted;
        var (openTime, closeTime) = (closing.OpenTime, closing.CloseTime);
        var sum = closing.End(isDoubted);
        _closedTime = Math.Max(_closedTime, closeTime);
        foreach (var longer in _builders)
        {
            // A longer one that is closed already was given the trades one by one.
            if (longer.Finer == closing && longer.Holds(openTime))
            {
                longer.Sum.Merge(sum);
            }
        }

        if (closing.IsLeaving)
        {
            (closing.IsLeaving, closing.IsSilent, _hasLeft) = (false, true, true);
        }
    }

    private bool IsCovered(long openTime) => _freshSince <= Math.Max(openTime, _lastTime);

    private long FindDeadline(long now)
    {
        var deadline = long.MaxValue;
        var (grace, staleGrace) = (Grace, StaleGrace);
        _isUncovered = false;
        foreach (var builder in _builders)
        {
            if (builder.IsOpen)
            {
                var isCovered = IsCovered(builder.OpenTime);
                _isUncovered |= !isCovered;
                deadline = Math.Min(deadline, builder.CloseTime + (isCovered ? grace : staleGrace));
            }
            else if (MayCarry(builder))
            {
                deadline = Math.Min(deadline, builder.ClosedUntil + builder.Interval.Microseconds + grace);
            }

            deadline = Math.Min(deadline, WaitingDeadline(builder, now + _clock.Offset));
        }

        return deadline == long.MaxValue ? deadline : deadline - _clock.Offset;
    }

    private long WaitingDeadline(CandleBuilder builder, long time)
    {
        if (builder.CarryNext < builder.CarryEnd)
        {
            return time + CarryPause;
        }

        for (var i = 0; _isWaiting && i < builder.Closed.Count; i++)
        {
            ref var window = ref builder.Closed[i];
            if (window is { IsPublished: false, IsRepair: false })
            {
                return window.OpenTime + builder.Interval.Microseconds + (IsTouched(builder, window.OpenTime) ? StaleGrace : Grace);
            }
        }

        return long.MaxValue;
    }
}
