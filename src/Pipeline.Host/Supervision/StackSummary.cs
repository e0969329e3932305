using System.Text;
using Pipeline.Host.Cli;

namespace Pipeline.Host.Supervision;

/// <summary>Says what runs, where, and how to look at it.</summary>
internal static class StackSummary
{
    /// <summary>How the user calls the command, where that is not by its name.</summary>
    public const string CommandVariable = "PIPELINE_COMMAND";

    public static RunRecord Of(
        string topology, string state, DateTimeOffset startedAt, RunFolder folder, IEnumerable<Child> children) =>
        new(Environment.ProcessId, startedAt, topology, state, folder.Path, [.. children.Select(Of)]);

    public static string Describe(RunRecord record)
    {
        var option = record.Topology == TopologyFinder.Default ? "" : $" --topology {record.Topology}";
        var text = new StringBuilder().AppendLine(null, $"Running {record.Topology}:");
        foreach (var child in record.Children)
        {
            text.AppendLine(null, $"  {child.Name,-10} {child.Address}  (process {child.Pid}, {child.Log})");
        }

        var command = Environment.GetEnvironmentVariable(CommandVariable) is { Length: > 0 } given ? given : "pipeline";
        text.AppendLine("Look:");
        if (record.Children.FirstOrDefault(child => child.Name == "gateway") is { } gateway)
        {
            text.AppendLine(null, $"  {gateway.Address.Split(' ')[0]} in a browser");
        }

        return text
            .AppendLine(null, $"  {command} tail md.trades{option}")
            .AppendLine(null, $"  {command} topics list{option}")
            .AppendLine("Stop:")
            .AppendLine(null, $"  {command} down, or Ctrl-C where it runs")
            .ToString();
    }

    /// <summary>One line for each that is not ready.</summary>
    public static IEnumerable<string> DescribeNotReady(RunRecord record) =>
        record.Children.Where(child => child.NotReady is not null).Select(child => child.IsAlive
            ? $"{child.Name} runs and is not ready yet: {child.NotReady}"
            : $"{child.Name} does not run: {child.NotReady} ({child.Log})");

    public static string AlreadyRuns(RunFolder folder) => folder.Read() is { } record
        ? $"{record.Topology} runs here already (process {record.Pid}): 'pipeline down' ends it"
        : $"a 'pipeline up' runs here already ({folder.Path}): 'pipeline down' ends it";

    private static RunChild Of(Child child) => new(
        child.Spec.Name,
        child.Pid,
        child.Spec.Address,
        child.LogPath,
        child.IsAlive,
        child.State == ChildState.Ready ? null : child.Reason ?? child.State.ToString().ToLowerInvariant());
}
