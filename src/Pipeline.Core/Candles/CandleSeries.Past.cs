using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>
/// The time before the first trade, of which the venue's candles tell. Whole windows of it are written as the venue gave them. The first
/// window of each interval from a minute up is completed: up to the end of the minute in which the series began it is the venue's sum,
/// behind that ours. Shorter ones stay incomplete.
/// </summary>
internal sealed partial class CandleSeries
{
    private CandleStart? _start;
    private bool _wantsPast;

    /// <summary>Up to here the windows from a minute up are the venue's sum.</summary>
    private long _completedUntil = long.MinValue;

    /// <summary>
    /// What happened before this time the venue's candles count, or will, in windows from a minute up: late trades of it are not added.
    /// </summary>
    private long ToldUntil => _start?.MinuteFrom ?? _completedUntil;

    /// <summary>Asks for what is not there yet, once; what a process before this one has asked for and not got is asked for again.</summary>
    public void AskForPast(ICandleBackfill backfill)
    {
        if (!_wantsPast || _isPriced)
        {
            return;
        }

        _wantsPast = false;
        if (_start is { Rows: null } start)
        {
            backfill.Request(new CandleWish(_instrument, null, CandleStart.From(start.Time, _builders), start.MinuteTo));
        }

        foreach (var builder in _builders)
        {
            var to = builder.SeenFrom;
            var depth = _options.History.GetValueOrDefault(builder.Interval);
            if (depth > 0 && to != long.MaxValue && builder.SeededUntil < to && _options.Intervals.Contains(builder.Interval))
            {
                var from = Math.Max(to - (depth * builder.Interval.Microseconds), 0);
                backfill.Request(new CandleWish(_instrument, builder.Interval, Math.Max(builder.Interval.OpenOf(from), builder.SeededUntil), to));
            }
        }
    }

    /// <summary>Takes what the venue gave; whole windows go into the batch at once, oldest first and each once.</summary>
    public void Take(CandleAnswer answer, MarketBatch batch, long now)
    {
        if (answer.Wish.Interval is { } interval)
        {
            if (Array.Find(_builders, one => one.Interval == interval) is { } builder)
            {
                Seed(builder, answer, batch, now);
            }
        }
        else if (_start is { } start && start.MinuteTo == answer.Wish.To)
        {
            start.Rows = answer.Rows;
            _hasNews = true;
        }
    }

    private void Seed(CandleBuilder builder, CandleAnswer answer, MarketBatch batch, long now)
    {
        var count = 0;
        foreach (var row in answer.Rows)
        {
            // Of the window in which the series began, and of all behind it, our own is told.
            if (row.Interval == builder.Interval && row.OpenTime >= builder.SeededUntil && row.CloseTime <= builder.SeenFrom)
            {
                batch.AddPast(row with { State = CandleState.Final, Revision = 0, Complete = true, Updates = 1, ReceivedTime = now });
                builder.SeededUntil = row.CloseTime;
                count++;
            }
        }

        builder.SeededUntil = answer.IsLast ? builder.SeenFrom : builder.SeededUntil;
        _metrics.CandleRemark(_instrument.Venue, "seeded", count);
    }

    /// <summary>A first window begins with this trade: of the first of all it is noted what our trades make of its minute.</summary>
    private void BeginPast(in Trade trade)
    {
        if (!_hasStarted && !_isPriced && _options.Backfill && _instrument.ContractSize == new Number(1, 0))
        {
            _start = new CandleStart(trade.EventTime);
            _start.Add(trade, _isOrdered);
            _wantsPast = true;
        }

        _wantsPast |= _hasChanged;
    }

    /// <summary>Once the first minute is over, nothing of it is missing and the venue has told of it.</summary>
    private void CompleteStart()
    {
        if (_start is not { Rows: not null } start || _closedTime < start.MinuteTo || IsTouched(start.MinuteFrom, start.MinuteTo))
        {
            return;
        }

        _start = null;
        if (_lostUntil >= start.MinuteFrom || !start.TrySum(start.MinuteFrom, start.MinuteTo, out var minute) || !Covers(minute, start.Sum))
        {
            // Something of ours is lost, or the venue says less of the minute than we saw: both together prove nothing.
            _metrics.CandleRemark(_instrument.Venue, "start-incomplete");
            return;
        }

        _completedUntil = start.MinuteTo;
        foreach (var builder in _builders)
        {
            if (builder.Interval.Microseconds >= CandleStart.Minute.Microseconds)
            {
                Complete(builder, start);
            }
        }
    }

    private static bool Covers(in CandleSum venue, in CandleSum ours) =>
        venue.Volume >= ours.Volume && venue.High >= ours.High && venue.Low <= ours.Low
        && (venue.IsCountUnknown || venue.Trades >= ours.Trades);

    private void Complete(CandleBuilder builder, CandleStart start)
    {
        var openTime = builder.Interval.OpenOf(start.Time);
        if (builder.SeenFrom != openTime)
        {
            return;
        }

        // What is still open below comes up completed when it closes, or not, and then the same is missing here.
        var isBelow = builder.Finer is { IsOpen: true } finer && finer.Interval.Microseconds >= CandleStart.Minute.Microseconds
            && finer.SeenFrom == finer.OpenTime;
        var to = isBelow ? builder.Finer!.OpenTime : start.MinuteTo;
        var both = isBelow ? default : start.Sum;
        if ((isBelow && !builder.Finer!.IsWhole) || !start.TrySum(openTime, to, out var past))
        {
            _metrics.CandleRemark(_instrument.Venue, "start-incomplete");
            return;
        }

        if (builder.IsOpen && builder.OpenTime == openTime)
        {
            if (past.HasAny)
            {
                builder.Sum.Precede(past, both);
            }

            builder.IsWhole = builder.Dirty = true;
        }
        else if (builder.Closed.Find(openTime) is >= 0 and var index)
        {
            ref var window = ref builder.Closed[index];
            window.Sum.Precede(past, both);
            (window.IsWhole, window.IsDirty) = (true, true);
        }
        else
        {
            return;
        }

        _hasNews = true;
        _metrics.CandleRemark(_instrument.Venue, "completed");
    }
}
