using Pipeline.Core.Market;

namespace Pipeline.Core.Topology;

/// <summary>An entry of a venue's list of instruments: a name, a name with <c>*</c> in it, or the most traded ones.</summary>
public sealed record InstrumentChoice
{
    /// <summary>A name in any spelling, in which <c>*</c> stands for any characters; null for the most traded ones.</summary>
    public string? Name { get; init; }

    /// <summary>How many of the most traded ones.</summary>
    public int Top { get; init; }

    /// <summary>Only those paid in this currency; null = whatever they are paid in.</summary>
    public string? Quote { get; init; }

    /// <summary>Only those of this kind; null = all.</summary>
    public InstrumentKind? Kind { get; init; }

    /// <summary>Connections side by side that carry its streams, 1 or 2; null = as many as the venue's entry says.</summary>
    public int? Legs { get; init; }

    /// <summary>True when only the venue's list tells which instruments are meant.</summary>
    public bool IsOpen => Name is null || Name.Contains('*', StringComparison.Ordinal);

    public static InstrumentChoice Of(string name) => new() { Name = name };

    public override string ToString() => Legs is { } legs ? $"{Describe()} ({legs} {(legs == 1 ? "leg" : "legs")})" : Describe();

    private string Describe() =>
        Name ?? string.Join(' ', new[] { $"top {Top}", Quote, Kind?.ToString().ToLowerInvariant() }.Where(part => part is not null));
}
