using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>
/// Holes in which the venue had nothing: what they were is remembered, since the audit may have them opened again. What comes of them then
/// revises what was told.
/// </summary>
internal sealed partial class CandleSeries
{
    // A hole of which parts came in time is as many pieces.
    private const int MaxSilentHoles = 4 * SilentHoles.Most;

    /// <summary>
    /// Holes in which the venue had nothing, lately, oldest first: the audit may have them opened again. One per piece between two trades,
    /// so that what was carried in it bears one price.
    /// </summary>
    private readonly List<OpenGap> _silent = [];

    /// <summary>Pieces that trades of this batch have passed over; the record of the hole stands behind them.</summary>
    private readonly List<OpenGap> _skipped = [];

    /// <summary>A piece in which the venue has nothing: known as it was passed over, or the last one, of which the record tells before.</summary>
    private void KeepSilent(in Gap gap, IdRange missing, List<OpenGap> ended)
    {
        var hole = ended.Find(one => one.HoldsId(missing.First)) ?? _skipped.Find(one => one.HoldsId(missing.First));
        hole ??= Make(gap with { FromId = missing.First, ToId = missing.Last }, missing.First);
        if (!_silent.Contains(hole))
        {
            KeepSilent(hole, gap.UpdatedTime + SilentHoles.Keep);
        }
    }

    /// <summary>
    /// The trade follows on one before it though ids lie between that did not come: the venue has nothing there, or nothing of the market's.
    /// If it is the former, the record of the hole follows in the batch.
    /// </summary>
    private void Skip(in Trade trade, long firstId)
    {
        if (_lastId >= 0 && _mendedTo < firstId - 1 && _skipped.Count < MaxSilentHoles)
        {
            var to = Math.Max(_lastTime, trade.EventTime);
            var gap = new Gap(
                _instrument, Math.Max(_lastId, _mendedTo) + 1, firstId - 1, GapState.VenueSilent, "", [], 0, _lastTime, to, 0, 0, IsAnnounced: false);
            _skipped.Add(Make(gap, gap.FromId));
            _hasNews = true;
        }
    }

    /// <summary>Remembers what the hole was, and holds what it touches.</summary>
    private void KeepSilent(OpenGap hole, long until)
    {
        if (_silent.Count >= MaxSilentHoles)
        {
            _silent.RemoveAt(0);
        }

        hole.SilentUntil = until;
        hole.To = hole.To == long.MaxValue ? Math.Max(hole.From, _lastTime) : hole.To;
        _silent.Add(hole);
    }

    private void ForgetSilent(long now)
    {
        while (_silent.Count > 0 && _silent[0].SilentUntil < now)
        {
            _silent.RemoveAt(0);
        }
    }

    /// <summary>Of what was told of the time behind the window of that time everything is held, or was carried.</summary>
    private static bool IsHeldFrom(CandleBuilder builder, long time)
    {
        var next = builder.Interval.OpenOf(time) + builder.Interval.Microseconds;
        return next >= builder.EvictedUntil || next >= builder.CarriedFrom;
    }

    /// <summary>The venue had nothing there. What repair brings now revises what was told then, and that must be known.</summary>
    private void Reopen(OpenGap gap, bool isKnown)
    {
        (gap.IsReopened, gap.HasSkipped, gap.SilentUntil) = (true, false, 0);
        foreach (var builder in _builders)
        {
            var index = builder.Interval.Index;
            var isForgotten = !isKnown || gap.Next[index] == OpenGap.Unknown;
            (gap.Next[index], gap.Close[index]) = (isForgotten ? OpenGap.Unknown : builder.Interval.OpenOf(gap.From), null);
            if (builder.CarryNext < builder.CarryEnd && builder.CarryEnd > gap.From)
            {
                HoldCarries(builder);
            }
        }
    }
}
