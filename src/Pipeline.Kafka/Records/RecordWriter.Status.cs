using System.Text;
using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

internal sealed partial class RecordWriter
{
    private const int MaxStatus = 1024 + (32 * Utf8Writer.MaxInteger);

    /// <summary>Values of <c>md.status</c>.</summary>
    public ReadOnlySpan<byte> Write(CollectorStatus status)
    {
        var json = new Utf8Writer(Room(MaxStatus + SizeOfTexts(status)));
        json.Raw("{\"collector\":\""u8);
        json.Escaped(status.Collector);
        json.Raw("\",\"venue\":\""u8);
        json.Escaped(status.Venue);
        Field(ref json, "\",\"time\":"u8, status.Time);
        json.Raw(",\"state\":\""u8);
        json.Escaped(status.State);
        json.Raw("\",\"reason\":"u8);
        if (status.Reason is { } reason)
        {
            json.Raw("\""u8);
            json.Escaped(reason);
            json.Raw("\""u8);
        }
        else
        {
            json.Raw("null"u8);
        }

        Field(ref json, ",\"uptimeSeconds\":"u8, status.Uptime);
        Field(ref json, ",\"connections\":{\"total\":"u8, status.Connections);
        Field(ref json, ",\"open\":"u8, status.OpenConnections);
        WriteStreams(ref json, status);
        WriteFlow(ref json, status);
        Field(ref json, ",\"memoryBytes\":"u8, status.Memory);
        json.Raw(",\"queue\":{\"name\":\""u8);
        json.Escaped(status.Queue);
        Field(ref json, "\",\"length\":"u8, status.QueueLength);
        Field(ref json, ",\"capacity\":"u8, status.QueueCapacity);
        json.Raw("}}"u8);
        return json.Written;
    }

    private static void WriteStreams(ref Utf8Writer json, CollectorStatus status)
    {
        Field(ref json, "},\"streams\":{\"wanted\":"u8, status.Streams);
        Field(ref json, ",\"confirmed\":"u8, status.ConfirmedStreams);
        for (var state = HealthState.Starting; state <= HealthState.Stopped; state++)
        {
            json.Raw(",\""u8);
            json.Raw(HealthStateNames.Utf8Of(state));
            Field(ref json, "\":"u8, In(status, state));
        }
    }

    private static void WriteFlow(ref Utf8Writer json, CollectorStatus status)
    {
        Field(ref json, "},\"messages\":"u8, status.Messages);
        Field(ref json, ",\"messagesPerSecond\":"u8, status.MessagesPerSecond);
        Field(ref json, ",\"bytes\":"u8, status.Bytes);
        Field(ref json, ",\"bytesPerSecond\":"u8, status.BytesPerSecond);
        json.Raw(",\"lag\":"u8);
        if (status.Lag is { } lag)
        {
            json.Integer(lag);
        }
        else
        {
            json.Raw("null"u8);
        }

        Field(ref json, ",\"reconnects\":"u8, status.Reconnects);
        Field(ref json, ",\"disconnects\":"u8, status.Disconnects);
        Field(ref json, ",\"connectFailures\":"u8, status.ConnectFailures);
        Field(ref json, ",\"holes\":"u8, status.Holes);
        Field(ref json, ",\"missing\":"u8, status.Missing);
        Field(ref json, ",\"deadLetters\":"u8, status.DeadLetters);
        Field(ref json, ",\"dropped\":"u8, status.Dropped);
    }

    private static void Field(ref Utf8Writer json, ReadOnlySpan<byte> name, long value)
    {
        json.Raw(name);
        json.Integer(value);
    }

    private static int In(CollectorStatus status, HealthState state) => (int)state < status.Health.Count ? status.Health[(int)state] : 0;

    private static int SizeOfTexts(CollectorStatus status) => Utf8Writer.MaxEscape * Encoding.UTF8.GetMaxByteCount(
        status.Collector.Length + status.Venue.Length + status.State.Length + (status.Reason?.Length ?? 0) + status.Queue.Length);
}
