namespace Pipeline.Host.Status;

internal sealed record StatusSection(string Name, IReadOnlyList<StatusRow> Rows);
