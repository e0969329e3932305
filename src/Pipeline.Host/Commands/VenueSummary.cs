namespace Pipeline.Host.Commands;

/// <summary>What a topology takes from one venue.</summary>
/// <param name="Streams">Streams subscribed to: one per instrument and channel, one per interval for the venue's candles.</param>
internal sealed record VenueSummary(
    string Name, string Endpoint, IReadOnlyList<string> Instruments, IReadOnlyList<string> Channels, string TradeSource, int Streams);
