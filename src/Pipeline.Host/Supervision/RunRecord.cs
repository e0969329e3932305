namespace Pipeline.Host.Supervision;

/// <summary>What a running <c>pipeline up</c> says about itself in <c>up.json</c>.</summary>
/// <param name="State"><see cref="Starting"/>, <see cref="Running"/> or <see cref="Ready"/>.</param>
internal sealed record RunRecord(
    int Pid, DateTimeOffset StartedAt, string Topology, string State, string Folder, IReadOnlyList<RunChild> Children)
{
    public const string Starting = "starting";

    /// <summary>All were started; not all are ready.</summary>
    public const string Running = "running";

    public const string Ready = "ready";
}
