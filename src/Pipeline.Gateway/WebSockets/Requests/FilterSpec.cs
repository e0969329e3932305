using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.WebSockets.Requests;

/// <summary>What a client wants, in its own spelling. An empty list stands for all.</summary>
internal sealed record FilterSpec
{
    public static FilterSpec All { get; } = new();

    public IReadOnlyList<string> Exchanges { get; init; } = [];

    public IReadOnlyList<string> Symbols { get; init; } = [];

    public DataTypeSet DataTypes { get; init; } = DataTypeSet.All;

    /// <summary>Records that the display filter marked come too.</summary>
    public bool Minor { get; init; }
}
