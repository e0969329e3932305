namespace Pipeline.Simulator.Scenarios;

/// <summary>Faults in the order of a script.</summary>
internal sealed record Scenario(string Name, IReadOnlyList<ScenarioStep> Steps);
