using Microsoft.Extensions.Logging;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;
using Pipeline.Kafka;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Topics;

namespace Pipeline.Host.Collecting;

/// <summary>What <c>md.instruments</c> says already: revisions go on from there, whatever happened since.</summary>
internal static class InstrumentArchive
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The newest state of each instrument. Never fails: without it revisions begin anew.</summary>
    public static async Task<IReadOnlyList<InstrumentRecord>> ReadAsync(
        KafkaOptions kafka, TimeProvider time, ILogger log, CancellationToken cancellation)
    {
        var topic = TopicCatalog.Of(kafka).Instruments.Name;
        using var bound = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellation);
        var newest = new Dictionary<string, InstrumentRecord>(StringComparer.Ordinal);
        try
        {
            await foreach (var record in new KafkaReader(kafka).ReadAsync(new ReadRequest { Topics = [topic] }, either.Token))
            {
                if (record is { KeyText: { } key, Value: { } value } && InstrumentRecordReader.Read(value) is { } state)
                {
                    newest[key] = state;
                }
                else if (record.KeyText is { } gone)
                {
                    newest.Remove(gone);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            VenueLog.Unread(log, topic, $"not within {Patience.TotalSeconds} s");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            VenueLog.Unread(log, topic, error.Message);
        }

        return [.. newest.Values];
    }
}
