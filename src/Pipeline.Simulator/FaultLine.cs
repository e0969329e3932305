namespace Pipeline.Simulator;

/// <summary>A fault of the catalogue in words.</summary>
/// <param name="Id">Such as <c>F07</c>.</param>
/// <param name="Title">Two words or so.</param>
/// <param name="Does">What the simulator does.</param>
/// <param name="Expects">What a correct client does.</param>
/// <param name="Filters">The venues it concerns, and what else it can be limited to.</param>
/// <param name="Parameters">What can be chosen, each with default and bounds.</param>
/// <param name="Note">Whether it is simulated, and how.</param>
public sealed record FaultLine(
    string Id, string Title, string Does, string Expects, string Filters, IReadOnlyList<string> Parameters, string Note);
