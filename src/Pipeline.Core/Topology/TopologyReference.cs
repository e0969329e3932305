using System.Text;
using Pipeline.Core.Topology.Keys;

namespace Pipeline.Core.Topology;

/// <summary>The topology's keys as a table, for people.</summary>
public static class TopologyReference
{
    /// <summary>The Markdown table in <c>topology/README.md</c>.</summary>
    public static string ToMarkdown(IReadOnlyList<KnownVenue> venues)
    {
        var table = new StringBuilder("| Key | Value | Default | Meaning |\n|---|---|---|---|\n");
        Append(table, TopologyKeys.Make(venues), "");
        return table.ToString();
    }

    private static void Append(StringBuilder table, ISection section, string prefix)
    {
        foreach (var key in section.Keys)
        {
            var path = prefix + key.Name;
            var fallback = key.IsRequired ? "*required*" : key.Default is null ? "" : $"`{Plain(key.Default.ToJsonString())}`";
            table.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"| `{path}` | {key.Shape.Summary} | {fallback} | {key.Description} |\n");
            switch (key.Shape)
            {
                case ISection inner:
                    Append(table, inner, path + ".");
                    break;
                case IMap { Item: ISection item } map:
                    Append(table, item, $"{path}.{map.ItemName}.");
                    break;
            }
        }
    }

    private static string Plain(string json) =>
        json.Replace("\"", "", StringComparison.Ordinal).Replace(",", ", ", StringComparison.Ordinal);
}
