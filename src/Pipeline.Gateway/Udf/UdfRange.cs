using Pipeline.Gateway.Candles;

namespace Pipeline.Gateway.Udf;

/// <summary>The time that a chart asks for, in microseconds since the Unix epoch, UTC.</summary>
/// <param name="From">First open time; 0 where bars are counted back.</param>
/// <param name="To">Open time from which on nothing is wanted.</param>
/// <param name="Count">Bars at most: the newest.</param>
internal sealed record UdfRange(long From, long To, int Count)
{
    // The year 9999: further is no time anybody means.
    private const long LastSecond = 253_402_300_799;

    /// <summary>Null with the reason when it is none.</summary>
    public static UdfRange? Read(string? from, string? to, string? countback, out string? error)
    {
        long first = 0, count = UdfService.MaxBars;
        var isCounted = countback is { Length: > 0 };
        if (isCounted && (!UdfService.TryInteger(countback!, out count) || count < 1))
        {
            error = "countback must be a whole number of 1 or more";
            return null;
        }

        if (to is not { Length: > 0 } || !UdfService.TryInteger(to, out var last))
        {
            error = "to must be a whole number of seconds since 1970";
            return null;
        }

        // A chart that scrolls far back asks for times before 1970 too.
        if (from is { Length: > 0 } ? !UdfService.TryInteger(from, out first) : !isCounted)
        {
            error = "from must be a whole number of seconds since 1970";
            return null;
        }

        if (!isCounted && first > last)
        {
            error = "from must not be later than to";
            return null;
        }

        error = null;
        return new UdfRange(isCounted ? 0 : Microseconds(first), Microseconds(last), (int)Math.Min(count, UdfService.MaxBars));
    }

    private static long Microseconds(long seconds) => Math.Clamp(seconds, 0, LastSecond) * CandleService.MicrosecondsPerSecond;
}
