using Pipeline.Gateway.Hub;
using Pipeline.History;

namespace Pipeline.Gateway.Candles;

/// <summary>Candles that are asked for: the newest so many of a series before a time.</summary>
/// <param name="To">Open time from which on none is taken, microseconds since the Unix epoch, UTC.</param>
/// <param name="From">Earliest open time.</param>
internal readonly record struct HistoryRange(SeriesKey Key, int Limit, long To = long.MaxValue, long From = 0)
{
    public CandleSeries Series => new($"{Key.Venue}:{Key.Instrument}", Key.Interval);
}
