using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Repair;

/// <summary>What an answer of the venue holds, as far as repair cares.</summary>
/// <param name="MaxId">Highest id; -1 when it is empty.</param>
/// <param name="OldestTime">Microseconds; 0 when it is empty.</param>
internal readonly record struct RepairPage(int Rows, long MaxId, long OldestTime, long NewestTime)
{
    /// <param name="timeUnit">Microseconds in one unit of the trades' times.</param>
    public static RepairPage Of(ValueList<VenueTrade> trades, int timeUnit)
    {
        var page = new RepairPage(trades.Count, -1, 0, 0);
        foreach (ref readonly var trade in trades.Span)
        {
            var time = trade.Time * timeUnit;
            page = page with
            {
                MaxId = Math.Max(page.MaxId, trade.Id),
                OldestTime = page.MaxId < 0 ? time : Math.Min(page.OldestTime, time),
                NewestTime = Math.Max(page.NewestTime, time),
            };
        }

        return page;
    }
}
