using System.Text;

namespace Pipeline.Simulator.Binance;

/// <summary>Syntax of a stream name. Whether it exists is another question, which Binance never answers.</summary>
internal static class StreamName
{
    private const int Longest = 256;

    /// <summary>Parts of letters, digits and a few signs, separated by single <c>@</c>; market-wide names begin with <c>!</c>.</summary>
    public static bool IsWellFormed(string name)
    {
        var parts = name.StartsWith('!') ? name.AsSpan(1) : name;
        if (parts.Length is 0 or > Longest)
        {
            return false;
        }

        var partIsEmpty = true;
        foreach (var rune in parts.EnumerateRunes())
        {
            if (rune.Value == '@')
            {
                if (partIsEmpty)
                {
                    return false;
                }

                partIsEmpty = true;
            }
            else if (Rune.IsLetterOrDigit(rune) || rune.Value is '_' or '-' or '+' or ':' or '.')
            {
                partIsEmpty = false;
            }
            else
            {
                return false;
            }
        }

        return !partIsEmpty;
    }
}
