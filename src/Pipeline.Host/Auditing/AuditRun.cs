using Pipeline.Core.Audit;
using Pipeline.Core.Market;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Topics;

namespace Pipeline.Host.Auditing;

/// <summary>Reads the topics into the audit: once to where they end, or on and on.</summary>
internal sealed class AuditRun(
    KafkaReader reader, TopicCatalog catalog, AuditSettings settings, AuditInstruments instruments, AuditReport report, AuditProgress progress, TimeProvider time)
{
    private readonly string _gaps = catalog.Gaps.Name;

    private long _unread;

    /// <summary>Everything that is there; what differs is not told before <see cref="CandleAudit.Finish"/>.</summary>
    /// <exception cref="Kafka.KafkaClientException">No broker answers, or a topic is missing.</exception>
    public async Task ReadAsync(CandleAudit audit, CancellationToken cancellation)
    {
        // The venue's first: our candles are many more, and only those that have a counterpart need to be remembered for long.
        if (!settings.Rest)
        {
            await ReadAsync(audit, catalog.VenueCandles.Name, cancellation);
        }

        if (await HasGapsAsync())
        {
            await ReadAsync(audit, _gaps, cancellation);
        }

        await ReadAsync(audit, catalog.Candles.Name, cancellation);
    }

    /// <summary>Reads on until it is cancelled.</summary>
    /// <param name="found">Told of each finding.</param>
    public async Task FollowAsync(CandleAudit audit, Func<AuditFinding, Task> found, CancellationToken cancellation)
    {
        string[] topics = [catalog.VenueCandles.Name, catalog.Candles.Name, .. await HasGapsAsync() ? (string[])[_gaps] : []];
        var request = new ReadRequest { Topics = topics, Follow = true };
        try
        {
            await foreach (var record in reader.ReadAsync(request, cancellation))
            {
                Take(audit, record);
                audit.Tick(MarketTime.Now(time));
                foreach (var finding in audit.Findings)
                {
                    report.Add(finding);
                    await found(finding);
                }

                audit.ClearFindings();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Ctrl-C is how following ends.
        }
    }

    private async Task ReadAsync(CandleAudit audit, string topic, CancellationToken cancellation)
    {
        var count = 0L;
        await foreach (var record in reader.ReadAsync(new ReadRequest { Topics = [topic] }, cancellation))
        {
            Take(audit, record);
            progress.Report(topic, ++count);
        }
    }

    private async Task<bool> HasGapsAsync()
    {
        if ((await reader.ListTopicsAsync()).ContainsKey(_gaps))
        {
            return true;
        }

        report.Note($"there is no topic {_gaps}: holes are known from our candles alone");
        return false;
    }

    private void Take(CandleAudit audit, KafkaRecord record)
    {
        if (record.Value is not { } value || !settings.Instruments.Passes(record.KeyText))
        {
            return;
        }

        var now = MarketTime.Now(time);
        try
        {
            if (record.Topic == _gaps)
            {
                audit.Add(GapRecordReader.Read(value, instruments.Of).Gap, now);
            }
            else if (CandleRecordReader.Read(value, instruments.Of) is var candle && settings.Wants(candle))
            {
                audit.Add(candle, now);
            }
        }
        catch (RecordFormatException error)
        {
            if (_unread++ == 0)
            {
                report.Note($"{record.Topic}[{record.Partition}] {record.Offset} is no such record and was passed over, as others may have been ({error.Message})");
            }
        }
    }
}
