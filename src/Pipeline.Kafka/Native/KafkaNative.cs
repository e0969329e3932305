using System.Runtime.InteropServices;

namespace Pipeline.Kafka.Native;

/// <summary>
/// The part of librdkafka's C API that the producer and plain metadata requests need, by its C names. All handles are raw: who owns
/// them is written in <see cref="ClientHandle"/>.
/// </summary>
internal static unsafe partial class KafkaNative
{
    private const string Library = NativeLibrarySelector.Library;

    static KafkaNative()
    {
        NativeLibrary.SetDllImportResolver(typeof(KafkaNative).Assembly, NativeLibrarySelector.Resolve);
        NativeLibrarySelector.RequireVersion(rd_kafka_version());
    }

    [LibraryImport(Library)]
    public static partial int rd_kafka_version();

    [LibraryImport(Library)]
    public static partial nint rd_kafka_conf_new();

    [LibraryImport(Library)]
    public static partial void rd_kafka_conf_destroy(nint conf);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int rd_kafka_conf_set(nint conf, string name, string value, byte* error, nuint errorSize);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int rd_kafka_conf_get(nint conf, string name, byte* value, nuint* valueSize);

    [LibraryImport(Library)]
    public static partial void rd_kafka_conf_set_events(nint conf, int events);

    [LibraryImport(Library)]
    public static partial void rd_kafka_conf_set_log_cb(nint conf, nint callback);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_new(int type, nint conf, byte* error, nuint errorSize);

    [LibraryImport(Library)]
    public static partial void rd_kafka_destroy(nint client);

    [LibraryImport(Library)]
    public static partial ErrorCode rd_kafka_set_log_queue(nint client, nint queue);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_queue_get_main(nint client);

    [LibraryImport(Library)]
    public static partial void rd_kafka_queue_destroy(nint queue);

    [LibraryImport(Library)]
    public static partial void rd_kafka_queue_yield(nint queue);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_queue_poll(nint queue, int timeoutMilliseconds);

    [LibraryImport(Library)]
    public static partial EventKinds rd_kafka_event_type(nint kafkaEvent);

    [LibraryImport(Library)]
    public static partial nuint rd_kafka_event_message_array(nint kafkaEvent, DeliveredMessage** messages, nuint size);

    [LibraryImport(Library)]
    public static partial long rd_kafka_message_latency(DeliveredMessage* message);

    [LibraryImport(Library)]
    public static partial ErrorCode rd_kafka_event_error(nint kafkaEvent);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_event_error_string(nint kafkaEvent);

    [LibraryImport(Library)]
    public static partial int rd_kafka_event_error_is_fatal(nint kafkaEvent);

    [LibraryImport(Library)]
    public static partial int rd_kafka_event_log(nint kafkaEvent, out nint facility, out nint text, out int level);

    [LibraryImport(Library)]
    public static partial void rd_kafka_event_destroy(nint kafkaEvent);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint rd_kafka_topic_new(nint client, string name, nint conf);

    [LibraryImport(Library)]
    public static partial void rd_kafka_topic_destroy(nint topic);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_produceva(nint client, MessageField* fields, nuint count);

    [LibraryImport(Library)]
    public static partial ErrorCode rd_kafka_error_code(nint error);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_error_string(nint error);

    [LibraryImport(Library)]
    public static partial void rd_kafka_error_destroy(nint error);

    [LibraryImport(Library)]
    public static partial ErrorCode rd_kafka_fatal_error(nint client, byte* text, nuint size);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial ErrorCode rd_kafka_test_fatal_error(nint client, ErrorCode error, string reason);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_err2name(ErrorCode error);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_err2str(ErrorCode error);

    [LibraryImport(Library)]
    public static partial ErrorCode rd_kafka_purge(nint client, int flags);

    [LibraryImport(Library)]
    public static partial ErrorCode rd_kafka_metadata(
        nint client, int allTopics, nint onlyTopic, out ClusterMetadata* metadata, int timeoutMilliseconds);

    [LibraryImport(Library)]
    public static partial void rd_kafka_metadata_destroy(ClusterMetadata* metadata);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial ErrorCode rd_kafka_query_watermark_offsets(
        nint client, string topic, int partition, out long low, out long high, int timeoutMilliseconds);

    [LibraryImport(Library)]
    public static partial nint rd_kafka_clusterid(nint client, int timeoutMilliseconds);

    [LibraryImport(Library)]
    public static partial void rd_kafka_mem_free(nint client, nint memory);
}
