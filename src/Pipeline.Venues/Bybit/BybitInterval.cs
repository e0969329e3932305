using System.Text;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Bybit;

/// <summary>Bybit's names of candle intervals: minutes, and <c>D W M</c>. It has none below a minute; months are none of ours.</summary>
internal static class BybitInterval
{
    private static readonly (string Name, byte[] Utf8, CandleInterval Interval)[] Known =
    [
        Make("1", "1m"), Make("3", "3m"), Make("5", "5m"), Make("15", "15m"), Make("30", "30m"), Make("60", "1h"), Make("120", "2h"),
        Make("240", "4h"), Make("360", "6h"), Make("720", "12h"), Make("D", "1d"), Make("W", "1w"),
    ];

    public static IReadOnlyList<CandleInterval> All { get; } = [.. Known.Select(each => each.Interval)];

    /// <exception cref="ArgumentException">Bybit has no such interval.</exception>
    public static string NameOf(CandleInterval interval)
    {
        foreach (var (name, _, known) in Known)
        {
            if (known == interval)
            {
                return name;
            }
        }

        throw new ArgumentException($"Bybit has no candles of {interval}.", nameof(interval));
    }

    /// <summary>Null for what we do not have.</summary>
    public static CandleInterval? Find(ReadOnlySpan<byte> name)
    {
        foreach (var (_, known, interval) in Known)
        {
            if (name.SequenceEqual(known))
            {
                return interval;
            }
        }

        return null;
    }

    private static (string Name, byte[] Utf8, CandleInterval Interval) Make(string name, string ours) =>
        (name, Encoding.ASCII.GetBytes(name), CandleInterval.Parse(ours));
}
