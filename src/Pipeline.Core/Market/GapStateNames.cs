namespace Pipeline.Core.Market;

/// <summary>The one spelling of each <see cref="GapState"/>, in records, on the screen and in answers.</summary>
public static class GapStateNames
{
    /// <summary>Such as <c>venue-silent</c>.</summary>
    public static string Of(GapState state) => state switch
    {
        GapState.Open => "open",
        GapState.Repaired => "repaired",
        GapState.Abandoned => "abandoned",
        GapState.VenueSilent => "venue-silent",
        _ => "reset",
    };

    /// <summary>The same in UTF-8, without allocation.</summary>
    public static ReadOnlySpan<byte> Utf8Of(GapState state) => state switch
    {
        GapState.Open => "open"u8,
        GapState.Repaired => "repaired"u8,
        GapState.Abandoned => "abandoned"u8,
        GapState.VenueSilent => "venue-silent"u8,
        _ => "reset"u8,
    };

    /// <summary>False when there is no such state.</summary>
    public static bool TryParse(string name, out GapState state)
    {
        foreach (var one in Enum.GetValues<GapState>())
        {
            if (Of(one) == name)
            {
                state = one;
                return true;
            }
        }

        state = default;
        return false;
    }
}
