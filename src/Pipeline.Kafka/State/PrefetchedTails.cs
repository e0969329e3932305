using System.Runtime.CompilerServices;
using Pipeline.Kafka.Ownership;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Sink;
using Pipeline.Kafka.Topics;

namespace Pipeline.Kafka.State;

/// <summary>Tails that were read along, up to where their owner said that they end: nothing is asked of a broker any more.</summary>
/// <param name="tails">With where they end, which their owner said when it released the partition.</param>
public sealed class PrefetchedTails(
    IReadOnlyList<(TailPrefetch Tail, PartitionEnds Ends)> tails, TopicCatalog topics, ITailSource otherwise, TimeProvider time) : ITailSource
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public Task<IReadOnlyDictionary<int, (long Low, long High)>> BoundsAsync(string topic)
    {
        long EndOf(PartitionEnds ends) =>
            (topic == topics.Trades.Name ? ends.Trades : topic == topics.Prices.Name ? ends.Prices : topic == topics.Candles.Name ? ends.Candles : ends.Gaps)!.Value;
        return Task.FromResult<IReadOnlyDictionary<int, (long Low, long High)>>(
            tails.ToDictionary(one => one.Tail.Partition, one => (Math.Min(one.Tail.BeginOf(topic), EndOf(one.Ends)), EndOf(one.Ends))));
    }

    public async IAsyncEnumerable<KafkaRecord> ReadAsync(
        IReadOnlyList<LogStretch> stretches, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var missing = new List<LogStretch>();
        foreach (var stretch in stretches)
        {
            var tail = tails.First(one => one.Tail.Partition == stretch.Partition).Tail;
            if (await tail.ReadAsync(stretch, Patience, time, cancellation) is not { } records)
            {
                missing.Add(stretch);
                continue;
            }

            foreach (var record in records)
            {
                yield return record;
            }
        }

        if (missing.Count > 0)
        {
            await foreach (var record in otherwise.ReadAsync(missing, cancellation))
            {
                yield return record;
            }
        }
    }

    /// <summary>True when a release says all that is needed.</summary>
    public static bool Suffices(PartitionEnds ends) => ends is { Trades: not null, Prices: not null, Candles: not null, Gaps: not null };
}
