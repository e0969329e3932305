namespace Pipeline.Simulator.Faults;

/// <summary>What somebody wants to go wrong, checked.</summary>
/// <param name="For">How long, by the simulator's clock; null = not limited.</param>
/// <param name="Count">How many strikes; null = not limited.</param>
internal sealed record FaultRequest(
    FaultDefinition Definition, FaultFilter Filter, TimeSpan? For, int? Count, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>It strikes whom it finds and nobody who comes later.</summary>
    public bool IsOverAtOnce => Definition.Kind == FaultKind.AtOnce && For is null && Count is null;

    /// <summary>Duration and number with the catalogue's own when neither was asked for.</summary>
    public FaultRequest Completed() => For is null && Count is null
        ? this with { For = Definition.DefaultFor, Count = Definition.DefaultCount }
        : this;
}
