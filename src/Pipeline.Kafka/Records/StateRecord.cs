using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

/// <summary>A record of <c>md.state</c> under an instrument's key.</summary>
/// <param name="TradesOffset">
/// Offset in <c>md.trades</c>, of the same partition, behind the last trade that the state counts; null when nothing was known of the log.
/// </param>
/// <param name="PricesOffset">The same of <c>md.prices</c>.</param>
public sealed record StateRecord(InstrumentState State, long? TradesOffset, long? PricesOffset);
