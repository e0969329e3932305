using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>Trades that repair brings: it goes forward in time, and what it has gone beyond is done with.</summary>
internal sealed partial class CandleSeries
{
    /// <summary>Nothing is missing before a repaired trade that follows on what was repaired before it. False when it does not.</summary>
    private static bool Narrow(OpenGap gap, in Trade trade)
    {
        var first = trade.Instrument.Rules.Trades == IdDiscipline.Ranges ? trade.FirstId : trade.Id;
        gap.HasSkipped |= first > gap.NextId;
        gap.NextId = Math.Max(gap.NextId, trade.Id + 1);
        if (gap.HasSkipped)
        {
            return false;
        }

        gap.From = Math.Max(gap.From, trade.EventTime);
        return true;
    }

    /// <summary>A trade below the newest id: one that was missing, or one that is late.</summary>
    private void AddRepaired(in Trade trade)
    {
        var id = trade.Id;
        var gap = _gaps.Find(one => one.HoldsId(id));
        _hasNews = _isDeadlineStale = true;
        if (gap is null)
        {
            _metrics.LateTrade(_instrument.Venue);
        }
        else if (Narrow(gap, trade))
        {
            Pass(gap, gap.From);
            Believe(gap);
        }

        AddBehind(trade, gap);
    }

    /// <summary>Windows that repair has gone beyond: where they carry, what it left empty is carried now that it is known to be empty.</summary>
    private void Pass(OpenGap gap, long time)
    {
        foreach (var builder in _builders)
        {
            ref var next = ref gap.Next[builder.Interval.Index];
            var length = builder.Interval.Microseconds;
            if (next + length > time)
            {
                continue;
            }

            if (!builder.Carries)
            {
                next = builder.Interval.OpenOf(time);
                continue;
            }

            var skipped = ((time - next) / length) - _options.MaxCarry;
            if (skipped > 0)
            {
                next += skipped * length;
                _metrics.CandleRemark(_instrument.Venue, "carry-skipped", (int)skipped);
            }

            for (; next + length <= time && !builder.Holds(next); next += length)
            {
                Pass(gap, builder, next);
            }
        }
    }

    private void Pass(OpenGap gap, CandleBuilder builder, long openTime)
    {
        ref var close = ref gap.Close[builder.Interval.Index];
        var index = builder.Closed.Find(openTime);
        if (index >= 0 && builder.Closed[index].Sum.HasAny)
        {
            close = builder.Closed[index].Sum.Close;
            return;
        }

        if (close is not { } price || openTime <= gap.FoundFrom || openTime + builder.Interval.Microseconds > gap.To)
        {
            return;
        }

        if (index >= 0)
        {
            if (builder.Closed[index].Sum.Close != price)
            {
                SetCarried(ref builder.Closed[index], price);
            }
        }
        else if (gap.HasCarried(builder.Interval, openTime))
        {
            if (price != gap.PriceBefore)
            {
                SetCarried(ref HoldCarried(builder, ~index, openTime), price);
            }
        }
        else if (!gap.IsReopened)
        {
            ref var window = ref builder.Closed.Insert(~index, openTime);
            (window.Sum, window.IsWhole) = (CandleSum.Carried(price), true);
            _metrics.CandleRemark(_instrument.Venue, "carried");
        }
    }
}
