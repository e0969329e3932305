namespace Pipeline.Host.Status;

/// <summary>Everything a status table shows at one moment.</summary>
internal sealed record StatusView(string Title, IReadOnlyList<StatusSection> Sections)
{
    /// <summary>One line per section, for a pipe.</summary>
    public IEnumerable<string> ToLines() =>
        Sections.Where(section => section.Rows.Count > 0)
            .Select(section => $"{section.Name}: {string.Join("; ", section.Rows.Select(row => $"{row.Name} {row.Value}"))}");
}
