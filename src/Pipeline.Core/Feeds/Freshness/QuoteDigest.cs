using System.Runtime.CompilerServices;
using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Freshness;

/// <summary>One number for the values of a quote: equal quotes have equal ones, and different ones hardly ever.</summary>
internal static class QuoteDigest
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Of(Number bid, Number bidQuantity, Number ask, Number askQuantity)
    {
        var digest = Mix(Mix(Mix(Mix(17, bid), bidQuantity), ask), askQuantity);
        return (long)(digest ^ (digest >> 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong digest, Number number) =>
        ((digest ^ (ulong)number.Mantissa) * 0x9E3779B97F4A7C15ul) + number.Scale;
}
