namespace Pipeline.Host.Supervision;

/// <summary>What a running <c>pipeline up</c> says about itself in <c>up.json</c>.</summary>
/// <param name="State"><c>starting</c> or <c>ready</c>.</param>
internal sealed record RunRecord(
    int Pid, DateTimeOffset StartedAt, string Topology, string State, string Folder, IReadOnlyList<RunChild> Children);
