using System.Globalization;
using Pipeline.Core.Market;

namespace Pipeline.Gateway.Udf;

/// <summary>TradingView's codes of our intervals: <c>1S</c>, <c>1</c>, <c>60</c>, <c>1D</c>, <c>1W</c>.</summary>
internal static class UdfResolutions
{
    private const long Minute = 60_000_000;

    public static IReadOnlyList<string> All { get; } = [.. CandleInterval.All.Select(CodeOf)];

    public static IReadOnlyList<string> Seconds { get; } = [.. CandleInterval.All.Where(one => one.Microseconds < Minute).Select(one => one.Name[..^1])];

    public static IReadOnlyList<string> Minutes { get; } =
        [.. CandleInterval.All.Where(one => one.Microseconds is >= Minute and < 1440 * Minute).Select(CodeOf)];

    public static string CodeOf(CandleInterval interval) => interval.Name[^1] switch
    {
        's' or 'd' or 'w' => interval.Name.ToUpperInvariant(),
        _ => (interval.Microseconds / Minute).ToString(CultureInfo.InvariantCulture),
    };
}
