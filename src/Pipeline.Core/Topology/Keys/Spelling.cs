namespace Pipeline.Core.Topology.Keys;

/// <summary>Guesses which known word was meant.</summary>
internal static class Spelling
{
    private const int MaxWordLength = 64;
    private const int MaxQuoteLength = 60;

    /// <summary>"did you mean 'trade'? (trade, quote, book)", or only the choice when nothing is near.</summary>
    public static string Suggest(string word, IReadOnlyCollection<string> known, string offer = "choose one of")
    {
        var all = string.Join(", ", known);
        if (Nearest(word, known) is not { } near)
        {
            return all.Length == 0 ? "" : $"{offer} {all}";
        }

        return known.Count > 1 ? $"did you mean '{near}'? ({all})" : $"did you mean '{near}'?";
    }

    /// <summary>The known word with the fewest typing errors between; null when all are too far.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        if (word.Length > MaxWordLength)
        {
            return null;
        }

        string? best = null;
        var least = Math.Clamp(word.Length / 3, 1, 3) + 1;
        foreach (var candidate in known)
        {
            var distance = Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < least)
            {
                (best, least) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>The known words with the fewest typing errors between, nearest first; none when all are too far.</summary>
    public static IEnumerable<string> NearestFew(string word, IEnumerable<string> known, int count)
    {
        var most = Math.Clamp(word.Length / 3, 1, 3);
        return word.Length > MaxWordLength
            ? []
            : known.Where(candidate => Math.Abs(candidate.Length - word.Length) <= most)
                .Select(candidate => (Word: candidate, Distance: Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant())))
                .Where(one => one.Distance <= most)
                .OrderBy(one => one.Distance)
                .ThenBy(one => one.Word, StringComparer.Ordinal)
                .Select(one => one.Word)
                .Take(count);
    }

    /// <summary>Text from the file as part of a message: one line, not endless.</summary>
    public static string Quote(string text)
    {
        var shown = text.Length > MaxQuoteLength ? $"{text[..MaxQuoteLength]}…" : text;
        return $"'{string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c))}'";
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours between two words.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                rows[i, j] = i == 0 || j == 0 ? i + j : Step(rows, a, b, i, j);
            }
        }

        return rows[a.Length, b.Length];
    }

    private static int Step(int[,] rows, string a, string b, int i, int j)
    {
        var replaced = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        var best = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
        var swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        return swapped ? Math.Min(best, rows[i - 2, j - 2] + 1) : best;
    }
}
