using Pipeline.Core.Restart;
using Pipeline.Kafka.Sink;

namespace Pipeline.Kafka.State;

/// <summary>What is read of one partition, and the fold it goes into.</summary>
/// <param name="From">Where each topic's tail begins.</param>
/// <param name="Ends">Where each ends.</param>
internal sealed record PartitionTail(int Partition, RestoreFold Fold, TailOffsets From, TailOffsets Ends)
{
    public long Records => (Ends.Trades - From.Trades) + (Ends.Prices - From.Prices) + (Ends.Candles - From.Candles) + (Ends.Gaps - From.Gaps);

    public long Bad { get; set; }

    public PartitionEnds ToEnds() => new(Ends.Trades, Ends.Prices, Ends.Candles, Ends.Gaps);
}
