namespace Pipeline.Core.Graph;

/// <summary>Bounds of the graph, all counted in batches.</summary>
public sealed record GraphOptions
{
    /// <summary>Batches waiting at the entrance (A), the one being parsed included. Default 32.</summary>
    public int EntranceCapacity { get; init; } = 32;

    /// <summary>Batches inside each later block. Default 8.</summary>
    public int BlockCapacity { get; init; } = 8;

    /// <summary>Lanes from sequencing on; an instrument always takes the same one. Default 2.</summary>
    public int Lanes { get; init; } = 2;
}
