using Pipeline.Core.Topology;

namespace Pipeline.Host.Collecting.Reloading;

/// <summary>What became of a reload; answer of <c>POST /reload</c>.</summary>
/// <param name="Applied">False when the edit is refused as a whole: then all stays as it was.</param>
/// <param name="Summary">In one line.</param>
/// <param name="Added">Streams.</param>
/// <param name="Removed">Streams.</param>
/// <param name="Untouched">Streams of the venues that changed.</param>
/// <param name="AddedVenues">They join once their instruments are known.</param>
/// <param name="Hot">Keys that hold from now on.</param>
/// <param name="NeedsRestart">Keys that stay as they were until the next start.</param>
/// <param name="Problems">Entries that stand for nothing, streams and venues that would not follow.</param>
/// <param name="Errors">What is wrong with the file.</param>
internal sealed record ReloadOutcome(
    bool Applied,
    string Summary,
    int Added,
    int Removed,
    int Untouched,
    IReadOnlyList<string> AddedVenues,
    IReadOnlyList<string> RemovedVenues,
    IReadOnlyList<string> Hot,
    IReadOnlyList<string> NeedsRestart,
    IReadOnlyList<string> Problems,
    IReadOnlyList<TopologyError> Errors)
{
    public static ReloadOutcome Refused(IReadOnlyList<TopologyError> errors) => new(
        false,
        $"not taken, what runs stays: {string.Join("; ", errors.Take(3))}{(errors.Count > 3 ? $" and {errors.Count - 3} more" : "")}",
        0, 0, 0, [], [], [], [], [], errors);
}
