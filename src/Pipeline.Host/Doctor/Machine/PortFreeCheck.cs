using Pipeline.Host.Supervision;

namespace Pipeline.Host.Doctor.Machine;

/// <summary>A port that a process of the stack listens on: free, or held by that very process.</summary>
/// <param name="find">Null when the port is free.</param>
/// <param name="holderOf">Who listens on a port; null when that cannot be found out.</param>
/// <param name="ours">Processes that a running <c>pipeline up</c> looks after, by child.</param>
internal sealed class PortFreeCheck(
    string child,
    PortClaim claim,
    Func<string, PortClaim, PortTrouble?> find,
    Func<int, PortHolder?> holderOf,
    IReadOnlyDictionary<string, int> ours) : ICheck
{
    // What a child is called and the command that runs it; the others are the same.
    private static readonly Dictionary<string, string> Commands = new() { ["simulator"] = "simulate", ["collector"] = "collect" };

    public string Name => $"port {claim.Port} {child}";

    public Task<Finding> RunAsync(CancellationToken cancellation) => Task.FromResult(Look());

    private Finding Look()
    {
        if (find(child, claim) is not { } trouble)
        {
            return Finding.Ok($"{claim.Host}:{claim.Port} is free ({claim.Key})");
        }

        if (holderOf(claim.Port) is { } holder && IsOurs(holder))
        {
            return Finding.Ok($"{claim.Host}:{claim.Port} is held by our {child}, process {holder.Pid}");
        }

        return Finding.Fail(trouble.What, trouble.Advice);
    }

    /// <summary>Of a running stack, or started by hand as the same command.</summary>
    private bool IsOurs(PortHolder holder)
    {
        var words = holder.Command.Split(' ');
        return (ours.TryGetValue(child, out var pid) && pid == holder.Pid)
            || (words.Take(2).Any(word => Path.GetFileNameWithoutExtension(word) == "pipeline") && words.Contains(Commands.GetValueOrDefault(child, child)));
    }
}
