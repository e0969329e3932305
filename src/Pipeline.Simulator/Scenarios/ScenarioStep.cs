using Pipeline.Simulator.Faults;

namespace Pipeline.Simulator.Scenarios;

/// <summary>One line of a scenario.</summary>
/// <param name="Line">Where it stands in the file.</param>
/// <param name="At">After the start.</param>
/// <param name="Every">Time between repetitions; null = once.</param>
/// <param name="Times">How often in all; null = without end.</param>
internal sealed record ScenarioStep(int Line, TimeSpan At, FaultRequest Request, TimeSpan? Every, int? Times)
{
    /// <summary>When it is due for the nth time, n from 0; null = no more.</summary>
    public TimeSpan? Due(int done) =>
        done == 0 ? At : Every is { } every && (Times is null || done < Times) ? At + (every * done) : null;
}
