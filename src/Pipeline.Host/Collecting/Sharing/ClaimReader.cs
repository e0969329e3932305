using System.Threading.Channels;
using Pipeline.Core.Market;
using Pipeline.Core.Restart;
using Pipeline.Kafka;
using Pipeline.Kafka.Ownership;
using Pipeline.Kafka.Sink;
using Pipeline.Kafka.State;

namespace Pipeline.Host.Collecting.Sharing;

/// <summary>Reads state and tails of the partitions that are claimed; those that come together are read together.</summary>
/// <param name="open">Told of each partition that has been read, and how long that took.</param>
internal sealed class ClaimReader(
    ShareParts parts,
    TailsAlong tails,
    GuardedTasks tasks,
    Func<PartitionClaim, (RestoredPartition Partition, PartitionEnds Ends), TimeSpan, CancellationToken, Task> open)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Channel<PartitionClaim> _claims = Channel.CreateUnbounded<PartitionClaim>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>A partition that is to be read.</summary>
    public void Take(PartitionClaim claim) => _claims.Writer.TryWrite(claim);

    /// <summary>Has what comes read; until it is ended.</summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        while (await _claims.Reader.WaitToReadAsync(cancellation))
        {
            var (warm, cold) = (new List<PartitionClaim>(), new List<PartitionClaim>());
            var along = new List<(TailPrefetch Tail, PartitionEnds Ends)>();
            while (_claims.Reader.TryRead(out var claim))
            {
                if (claim.Ends is { } ends && tails.Find(claim.Partition) is { } tail)
                {
                    warm.Add(claim);
                    along.Add((tail, ends));
                }
                else
                {
                    cold.Add(claim);
                }
            }

            // What was read along does not wait for what has to be read from the brokers.
            tasks.Run(token => ReadAsync(warm, tails.SourceOf(along), token));
            tasks.Run(token => ReadAsync(cold, null, token));
        }
    }

    /// <param name="source">Null = the brokers.</param>
    private async Task ReadAsync(List<PartitionClaim> claims, ITailSource? source, CancellationToken cancellation)
    {
        while (claims.Count > 0 && !parts.Owner.Lost.IsCompleted)
        {
            try
            {
                var started = parts.Time.GetTimestamp();
                var tables = await parts.Owner.ReadTablesAsync(claims, cancellation);
                var restored = await parts.MakeRestore(source)
                    .RestoreAsync(tables, parts.Kafka.LogId, MarketTime.Now(parts.MarketClock), cancellation);
                var took = parts.Time.GetElapsedTime(started);
                await Task.WhenAll(claims.Zip(restored, (claim, one) => open(claim, one, took, cancellation)));
                return;
            }
            catch (KafkaClientException error)
            {
                // A broker that is away: for longer than the lease, and all is lost and begins anew.
                CollectorLog.NotCollectingYet(parts.Log, error.Message);
                await Task.Delay(Pause, parts.Time, cancellation);
            }
        }
    }
}
