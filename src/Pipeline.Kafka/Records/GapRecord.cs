using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

/// <summary>A record of <c>md.gaps</c>.</summary>
/// <param name="TradesOffset">
/// Offset in <c>md.trades</c>, of the same partition. Nothing that the record calls missing lies before it; of a hole that has ended,
/// everything that was fetched does. Null when nothing was known of the log.
/// </param>
public sealed record GapRecord(Gap Gap, long? TradesOffset);
