using System.Text;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Okx;

/// <summary>
/// OKX's names of candle intervals. From six hours on its plain names mean windows aligned to UTC+8; ours align with UTC, and so do
/// those it calls <c>6Hutc</c>, <c>1Dutc</c>, <c>1Wutc</c> (documentation of 2026-07-28). Frames of the plain long ones are read by nobody here.
/// </summary>
internal static class OkxCandles
{
    private const long SixHours = 6 * 3_600_000_000L;

    private static readonly (byte[] Name, CandleInterval Interval)[] Names =
        [.. CandleInterval.All.Where(Exists).Select(interval => (Encoding.ASCII.GetBytes(NameOf(interval)), interval))];

    /// <summary>The intervals of ours that OKX has: none of 5, 15 and 30 seconds.</summary>
    public static IReadOnlyList<CandleInterval> Intervals { get; } = [.. Names.Select(known => known.Interval)];

    /// <summary>Null for intervals we do not make (2D, 1M) and for those aligned to UTC+8.</summary>
    public static CandleInterval? FindInterval(ReadOnlySpan<byte> name)
    {
        foreach (var (known, interval) in Names)
        {
            if (name.SequenceEqual(known))
            {
                return interval;
            }
        }

        return null;
    }

    /// <summary>The part of a channel's name behind <c>candle</c>, which is also the <c>bar</c> of a REST request.</summary>
    public static string NameOf(CandleInterval interval)
    {
        var unit = interval.Name[^1];
        var name = unit is 's' or 'm' ? interval.Name : interval.Name[..^1] + char.ToUpperInvariant(unit);
        return interval.Microseconds >= SixHours ? name + "utc" : name;
    }

    private static bool Exists(CandleInterval interval) => interval.Name is not ("5s" or "15s" or "30s");
}
