using System.Text.Json.Nodes;

namespace Pipeline.Host.Status;

/// <summary>Everything a status table shows at one moment.</summary>
internal sealed record StatusView(string Title, IReadOnlyList<StatusSection> Sections)
{
    /// <summary>The same as figures, for programs; null = the sections say it all.</summary>
    public JsonObject? Figures { get; init; }

    /// <summary>For a program: the figures, or the rows as they are shown.</summary>
    public JsonObject ToJson() => Figures?.DeepClone().AsObject()
        ?? new JsonObject(Sections.Where(section => section.Rows.Count > 0).Select(section => KeyValuePair.Create<string, JsonNode?>(
            section.Name, new JsonObject(section.Rows.Select(row => KeyValuePair.Create<string, JsonNode?>(row.Name, row.Value))))));

    /// <summary>One line per section, for a pipe.</summary>
    public IEnumerable<string> ToLines() =>
        Sections.Where(section => section.Rows.Count > 0)
            .Select(section => $"{section.Name}: {string.Join("; ", section.Rows.Select(row => $"{row.Name} {row.Value}"))}");
}
