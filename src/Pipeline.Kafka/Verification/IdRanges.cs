using Pipeline.Core.Market;

namespace Pipeline.Kafka.Verification;

/// <summary>Arithmetic of rising, separate ranges of ids.</summary>
internal static class IdRanges
{
    public static long Count(IEnumerable<IdRange> ranges) => ranges.Sum(range => range.Count);

    public static string Text(IReadOnlyList<IdRange> ranges)
    {
        const int Most = 5;
        var text = string.Join(", ", ranges.Take(Most).Select(range => range.Count == 1 ? $"{range.First}" : $"{range.First}…{range.Last}"));
        return ranges.Count > Most ? $"{text} and {ranges.Count - Most} more ranges" : text;
    }

    public static bool AreRising(IReadOnlyList<IdRange> ranges)
    {
        for (var i = 0; i < ranges.Count; i++)
        {
            if (ranges[i].Last < ranges[i].First || (i > 0 && ranges[i].First <= ranges[i - 1].Last))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What both hold.</summary>
    public static List<IdRange> Intersect(IEnumerable<IdRange> ranges, IReadOnlyList<IdRange> others)
    {
        var both = new List<IdRange>();
        foreach (var range in ranges)
        {
            foreach (var other in others)
            {
                var first = Math.Max(range.First, other.First);
                var last = Math.Min(range.Last, other.Last);
                if (first <= last)
                {
                    both.Add(new IdRange(first, last));
                }
            }
        }

        return both;
    }

    /// <summary>What is left of ranges without the others.</summary>
    public static List<IdRange> Subtract(IEnumerable<IdRange> ranges, IReadOnlyList<IdRange> others)
    {
        var left = ranges.ToList();
        foreach (var other in others)
        {
            left = [.. left.SelectMany(range => Without(range, other))];
        }

        return left;
    }

    private static IEnumerable<IdRange> Without(IdRange range, IdRange other)
    {
        if (other.Last < range.First || other.First > range.Last)
        {
            yield return range;
            yield break;
        }

        if (range.First < other.First)
        {
            yield return range with { Last = other.First - 1 };
        }

        if (range.Last > other.Last)
        {
            yield return range with { First = other.Last + 1 };
        }
    }
}
