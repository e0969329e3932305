namespace Pipeline.Host.Commands;

/// <summary>What a topology takes from one venue.</summary>
/// <param name="Instruments">As the topology names them.</param>
/// <param name="Rest">Null when REST is not used.</param>
/// <param name="Streams">Streams subscribed to, such as one per instrument and channel; null when only the venue's list can tell.</param>
internal sealed record VenueSummary(
    string Name,
    string Endpoint,
    string? Rest,
    IReadOnlyList<string> Instruments,
    IReadOnlyList<string> Channels,
    string TradeSource,
    int? Streams);
