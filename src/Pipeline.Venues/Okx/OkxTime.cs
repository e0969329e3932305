namespace Pipeline.Venues.Okx;

/// <summary>Times as OKX counts them: milliseconds since the Unix epoch, as text.</summary>
internal static class OkxTime
{
    // 2100-01-01. Microseconds mistaken for milliseconds lie far beyond it, and nothing up to it overflows.
    private const long End = 4_102_444_800_000;

    public static bool IsPossible(long milliseconds) => milliseconds is >= 0 and < End;
}
