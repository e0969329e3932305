namespace Pipeline.Kafka.Records;

/// <summary>
/// The newest states of all instruments of a partition hold everything that lies in the log before these offsets: a restart reads on
/// from here. An offset is null when nothing was known of the topic's log, and then the reader begins where its log begins.
/// </summary>
/// <param name="TradesOffset">Offset behind the last trade that the states count, in <c>md.trades</c>.</param>
/// <param name="PricesOffset">The same of <c>md.prices</c>.</param>
/// <param name="CandlesOffset">Every candle record that the states say was written lies before it, in <c>md.candles</c>.</param>
/// <param name="GapsOffset">The same of <c>md.gaps</c>.</param>
/// <param name="LogId">The log that the offsets are of; null while it has no id.</param>
/// <param name="Epoch">Ownership under which it was written; 0 = none.</param>
/// <param name="Time">When it was written, microseconds since the Unix epoch, UTC.</param>
public sealed record CheckpointMarker(
    int Partition,
    long? TradesOffset,
    long? PricesOffset,
    long? CandlesOffset,
    long? GapsOffset,
    string? LogId,
    long Epoch,
    long Time);
