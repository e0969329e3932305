namespace Pipeline.Kafka.Sink;

/// <summary>One partition of the topics whose records wait for each other.</summary>
internal sealed class Shard(
    int number, PartitionLedger trades, PartitionLedger prices, PartitionLedger candles, PartitionLedger gaps, PartitionLedger state)
{
    public int Number { get; } = number;

    public PartitionLedger Trades { get; } = trades;

    public PartitionLedger Prices { get; } = prices;

    public PartitionLedger Candles { get; } = candles;

    public PartitionLedger Gaps { get; } = gaps;

    public PartitionLedger State { get; } = state;
}
