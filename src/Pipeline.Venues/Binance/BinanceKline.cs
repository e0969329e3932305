using Pipeline.Core.Market;

namespace Pipeline.Venues.Binance;

/// <summary>Binance's names of candle intervals, from their bytes.</summary>
internal static class BinanceKline
{
    private static readonly (byte[] Name, CandleInterval Interval)[] Intervals =
        [.. CandleInterval.All.Select(interval => (System.Text.Encoding.ASCII.GetBytes(interval.Name), interval))];

    /// <summary>Null for intervals we do not make (8h, 3d, 1M).</summary>
    public static CandleInterval? FindInterval(ReadOnlySpan<byte> name)
    {
        foreach (var (known, interval) in Intervals)
        {
            if (name.SequenceEqual(known))
            {
                return interval;
            }
        }

        return null;
    }
}
