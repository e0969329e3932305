namespace Pipeline.Core.Market;

/// <summary>
/// Holes in which the venue had nothing may be opened again, when its candle counts something there. Station 4, which opens them, and
/// station 5, which must be able to revise what they touch, remember the same ones.
/// </summary>
internal static class SilentHoles
{
    /// <summary>Most of an instrument, the newest.</summary>
    public const int Most = 16;

    /// <summary>
    /// How long after its end one may be opened again, microseconds: the candle of the hour that it lies in has been compared by then.
    /// </summary>
    public const long Keep = 90 * 60_000_000L;
}
