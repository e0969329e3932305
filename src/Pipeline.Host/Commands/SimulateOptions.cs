using System.CommandLine;
using Pipeline.Core.Topology;
using Pipeline.Host.Cli;

namespace Pipeline.Host.Commands;

/// <summary>What can be said to <c>pipeline simulate</c> on the line; it goes before what the topology says.</summary>
internal sealed class SimulateOptions
{
    public Option<string?> Scenario { get; } = new("--scenario")
    {
        Description = "Script of faults, YAML or JSON; topology/scenarios has examples",
        HelpName = "FILE",
    };

    public Option<string?> Clock { get; } = ClockOption.Make();

    public Option<bool> Load { get; } = new("--load") { Description = "Make as much as the clients take" };

    public Option<bool> ListFaults { get; } = new("--list-faults") { Description = "Say what can go wrong, and end" };

    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "Say only what goes wrong" };

    public SimulatorOptions? Read(ParseResult parsed, SimulatorOptions? topology) => topology is null ? null : topology with
    {
        Scenario = parsed.GetValue(Scenario) ?? topology.Scenario,
        Load = parsed.GetValue(Load) || topology.Load,
    };
}
