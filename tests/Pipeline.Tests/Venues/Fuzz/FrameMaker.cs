using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Tests.Venues.Fuzz;

/// <summary>
/// Makes valid frames of a fixture's shape with other values: numbers of few and many digits, ids small and large, sides without levels
/// and with many, several rows, and symbols that are and are not known.
/// </summary>
internal sealed partial class FrameMaker(IReadOnlyList<string> symbols)
{
    /// <summary>Decides everything; set per batch, so that a batch is made again from its seed.</summary>
    public Random Random { get; set; } = new(0);

    public FuzzNode Vary(FuzzNode fixture)
    {
        var frame = fixture.Clone();
        foreach (var node in frame.All())
        {
            if (node.Items is { Count: > 0 } items && items.TrueForAll(item => item.Members is not null || item.Items is { Count: >= 2 }))
            {
                VaryCount(items);
            }

            if (node.Items is not null || node.Members is not null || Random.Next(3) > 0)
            {
                continue;
            }

            if (Quantity().IsMatch(node.Scalar))
            {
                node.Scalar = $"\"{Decimal()}\"";
            }
            else if (Count().IsMatch(node.Scalar))
            {
                node.Scalar = Integer(node.Scalar);
            }
            else if (symbols.Contains(node.Scalar.Trim('"')))
            {
                node.Scalar = $"\"{symbols[Random.Next(symbols.Count)]}\"";
            }
        }

        return frame;
    }

    /// <summary>Rows are at least one; levels, of which some have been seen to be none, are any number.</summary>
    private void VaryCount(List<FuzzNode> items)
    {
        var isLevels = items[0].Items is { Count: 2 or 4 };
        var template = items[Random.Next(items.Count)];
        var count = Random.Next(6) switch { 0 when isLevels => 0, 1 => Random.Next(1, 12), _ => items.Count };
        while (items.Count > count)
        {
            items.RemoveAt(items.Count - 1);
        }

        while (items.Count < count)
        {
            items.Add(template.Clone());
        }
    }

    private string Decimal()
    {
        var whole = Random.Next(4) == 0 ? "0" : Digits(Random.Next(1, 11)).TrimStart('0').PadLeft(1, '1');
        return Random.Next(5) == 0 ? whole : $"{whole}.{Digits(Random.Next(1, 9))}";
    }

    /// <summary>Times stay times: all of thirteen digits or more are moved a little, ids of any size are replaced.</summary>
    private string Integer(string scalar)
    {
        var value = long.Parse(scalar, CultureInfo.InvariantCulture);
        return (Random.Next(4) switch
        {
            0 => value + Random.Next(1000),
            1 when value < 1_000_000_000_000 => Random.NextInt64(10),
            2 when value < 1_000_000_000_000 => Random.NextInt64(1_000_000_000_000_000_000),
            _ => value,
        }).ToString(CultureInfo.InvariantCulture);
    }

    private string Digits(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => (char)('0' + Random.Next(10))));

    [GeneratedRegex("^\"[0-9]+\\.[0-9]+\"$")]
    private static partial Regex Quantity();

    [GeneratedRegex("^[0-9]{1,18}$")]
    private static partial Regex Count();
}
