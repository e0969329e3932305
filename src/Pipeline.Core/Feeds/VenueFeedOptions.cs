namespace Pipeline.Core.Feeds;

/// <summary>What one venue's feed connects to and asks for.</summary>
public sealed record VenueFeedOptions
{
    /// <summary>WebSocket address without a path; the adapter makes the stream's address of it.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Streams to receive, in the venue's names, the most important first.</summary>
    public required IReadOnlyList<string> Streams { get; init; }

    /// <summary>The venue's symbols that this process knows; shared by all connections.</summary>
    public required SymbolTable Symbols { get; init; }

    /// <summary>What the streams carry; may grow while the feed runs.</summary>
    public StreamCatalog Catalog { get; init; } = new();

    /// <summary>Connections side by side that carry the same streams, 1 or 2. Default 1.</summary>
    public int Legs { get; init; } = 1;

    /// <summary>Bytes a second on the wire above which it is told; null = not watched.</summary>
    public long? TrafficBudget { get; init; }

    public WebSocketOptions WebSocket { get; init; } = new();

    public PoolOptions Pool { get; init; } = new();
}
