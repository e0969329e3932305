using System.Diagnostics;
using Pipeline.Core.Diagnostics;
using Pipeline.Kafka.Reader;

namespace Pipeline.Gateway.Hub;

/// <summary>
/// Goes on with the traces that records bring: a span from a record's production until it lies in the outboxes. Records of one batch bear the
/// same trace; the first of them stands for all. Only for the hub's thread.
/// </summary>
internal sealed class RecordTraces
{
    private string? _last;

    /// <param name="now">Microseconds since the Unix epoch.</param>
    /// <returns>To be disposed of when the record is through; null when it is not traced.</returns>
    public Activity? Follow(KafkaRecord record, long now)
    {
        if (!PipelineTracing.Source.HasListeners() || record.Header(PipelineTracing.TraceParent) is not { } header || header == _last
            || !ActivityContext.TryParse(header, null, isRemote: true, out var parent))
        {
            return null;
        }

        _last = header;
        return PipelineTracing.Begin("gateway", ActivityKind.Consumer, parent, TimeSpan.FromMicroseconds(now - record.Timestamp))
            ?.SetTag("messaging.destination.name", record.Topic).SetTag("messaging.kafka.offset", record.Offset);
    }
}
