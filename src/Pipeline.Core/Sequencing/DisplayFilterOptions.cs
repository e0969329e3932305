using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>Marks quotes and books that hardly moved, for readers who only look. Nothing is removed.</summary>
public sealed record DisplayFilterOptions
{
    /// <summary>Default false.</summary>
    public bool Enabled { get; init; }

    /// <summary>Change of the mid price since the last unmarked one, as a part of it, below which a record is minor. Default 0.0001.</summary>
    public Number Threshold { get; init; } = Number.Parse("0.0001");
}
