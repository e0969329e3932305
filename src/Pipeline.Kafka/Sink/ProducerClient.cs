using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Pipeline.Core.Topology;
using Pipeline.Kafka.Native;

namespace Pipeline.Kafka.Sink;

/// <summary>The native producer: hands records over without allocating managed memory, and copies what it is given.</summary>
internal sealed unsafe class ProducerClient : IDisposable
{
    private const int CopyValue = 2;
    private const int PurgeQueueAndFlight = 3;
    private const int FieldCount = 14;
    private const int TextSize = 512;

    // The library's own per-record overhead, generously.
    private const int RecordFraming = 64;

    private readonly nint[] _topics;

    public ProducerClient(KafkaOptions options, IReadOnlyList<string> topics)
    {
        using var configuration = new ClientConfiguration();
        configuration.Set(ClientProperties.ForProducer(options));

        // Log lines come as events too: left alone, the library writes to standard error.
        configuration.Set([new("log.queue", "true")]);
        configuration.Enable(EventKinds.Delivery | EventKinds.Error | EventKinds.Log);
        MaxMessages = configuration.GetInteger("queue.buffering.max.messages");
        MaxBytes = configuration.GetInteger("queue.buffering.max.kbytes") * 1024;
        MaxRecord = Math.Min(configuration.GetInteger("message.max.bytes"), MaxBytes) - RecordFraming;
        Handle = ClientHandle.Open(configuration);
        Queue = Handle.OpenQueue();
        _topics = [.. topics.Select(Handle.OpenTopic)];
    }

    public ClientHandle Handle { get; }

    /// <summary>Where deliveries, errors and log lines arrive.</summary>
    public nint Queue { get; }

    /// <summary>Records the client holds at most; 0 = no limit but that of bytes.</summary>
    public long MaxMessages { get; }

    public long MaxBytes { get; }

    /// <summary>Largest record, key and headers included, that can ever be taken.</summary>
    public long MaxRecord { get; }

    /// <summary>
    /// Hands one record over; <see cref="ErrorCode.None"/> when it was taken. The caller sees to it that the client is not closed meanwhile.
    /// </summary>
    /// <param name="value">Empty = a tombstone.</param>
    /// <param name="ticket">Comes back with the delivery; 0 = none.</param>
    [SkipLocalsInit]
    public ErrorCode Produce(
        TopicLedger topic,
        int partition,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> value,
        RecordHeaders headers,
        ReadOnlySpan<byte> schemaText,
        ReadOnlySpan<byte> epoch,
        int ticket,
        ReadOnlySpan<byte> contentType,
        out nint error)
    {
        var fields = stackalloc MessageField[FieldCount];
        fixed (byte* keyBytes = key, valueBytes = value, schema = schemaText, epochText = epoch, content = contentType)
        fixed (byte* received = headers.Received, produced = headers.Produced, leg = headers.Leg, trace = headers.Trace)
        {
            fields[0].SetPointer(MessageFieldKind.TopicObject, (void*)_topics[topic.Index]);
            fields[1].SetInt(MessageFieldKind.Partition, partition);
            fields[2].SetInt(MessageFieldKind.Flags, CopyValue);
            fields[3].SetBytes(MessageFieldKind.Key, keyBytes, key.Length);
            fields[4].SetBytes(MessageFieldKind.Value, valueBytes, value.Length);
            fields[5].SetLong(MessageFieldKind.Timestamp, headers.ProducedTime / 1000);
            fields[6].SetPointer(MessageFieldKind.Opaque, (void*)DeliveryTag.Of(topic.FirstPartition + partition, ticket));
            fields[7].SetHeader((byte*)HeaderNames.SchemaUtf8, schema, schemaText.Length);
            fields[8].SetHeader((byte*)HeaderNames.ReceivedUtf8, received, headers.Received.Length);
            fields[9].SetHeader((byte*)HeaderNames.ProducedUtf8, produced, headers.Produced.Length);
            fields[10].SetHeader((byte*)HeaderNames.EpochUtf8, epochText, epoch.Length);
            var count = FieldCount - 3;
            if (!headers.Leg.IsEmpty)
            {
                fields[count++].SetHeader((byte*)HeaderNames.LegUtf8, leg, headers.Leg.Length);
            }

            if (!headers.Trace.IsEmpty)
            {
                fields[count++].SetHeader((byte*)HeaderNames.TraceParentUtf8, trace, headers.Trace.Length);
            }

            if (!contentType.IsEmpty)
            {
                fields[count++].SetHeader((byte*)HeaderNames.ContentTypeUtf8, content, contentType.Length);
            }

            error = KafkaNative.rd_kafka_produceva(Handle.DangerousGetHandle(), fields, (nuint)count);
            return error == 0 ? ErrorCode.None : KafkaNative.rd_kafka_error_code(error);
        }
    }

    /// <summary>Reads and releases an error of <see cref="Produce"/>.</summary>
    public static string Describe(nint error)
    {
        var text = Marshal.PtrToStringUTF8(KafkaNative.rd_kafka_error_string(error)) ?? "";
        KafkaNative.rd_kafka_error_destroy(error);
        return text;
    }

    /// <summary>The error that stopped the producer for good; <see cref="ErrorCode.None"/> while there is none.</summary>
    public ErrorCode FatalError(out string text)
    {
        var buffer = stackalloc byte[TextSize];
        buffer[0] = 0;
        var code = KafkaNative.rd_kafka_fatal_error(Handle.DangerousGetHandle(), buffer, TextSize);
        text = Marshal.PtrToStringUTF8((nint)buffer) ?? "";
        return code;
    }

    /// <summary>For tests.</summary>
    public void RaiseFatalError(string reason) =>
        _ = KafkaNative.rd_kafka_test_fatal_error(Handle.DangerousGetHandle(), ErrorCode.OutOfOrderSequence, reason);

    /// <summary>Gives up everything inside; the deliveries of what was given up arrive as failed.</summary>
    public void Purge() => _ = KafkaNative.rd_kafka_purge(Handle.DangerousGetHandle(), PurgeQueueAndFlight);

    public void Dispose() => Handle.Dispose();
}
