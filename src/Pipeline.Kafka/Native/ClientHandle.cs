using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Kafka.Native;

/// <summary>
/// A client instance (<c>rd_kafka_t</c>), producer-typed. Destroyed when disposed and no call holds it any more; records still inside
/// are discarded then.
/// </summary>
internal sealed unsafe class ClientHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private const int Producer = 0;
    private const int ErrorSize = 512;

    // Released together with the client and before it, so that no call in progress ever holds a dead one.
    private readonly List<nint> _topics = [];
    private nint _queue;

    private ClientHandle(nint handle)
        : base(ownsHandle: true) => SetHandle(handle);

    /// <summary>Makes a client and takes over the configuration.</summary>
    /// <exception cref="KafkaClientException">The settings do not go together.</exception>
    public static ClientHandle Open(ClientConfiguration configuration)
    {
        var error = stackalloc byte[ErrorSize];
        var conf = configuration.Detach();
        var client = KafkaNative.rd_kafka_new(Producer, conf, error, ErrorSize);
        if (client == 0)
        {
            // On failure the configuration stays ours.
            KafkaNative.rd_kafka_conf_destroy(conf);
            throw new KafkaClientException($"The Kafka client cannot start: {Marshal.PtrToStringUTF8((nint)error)}");
        }

        return new ClientHandle(client);
    }

    /// <summary>A topic object, which lives as long as the client.</summary>
    public nint OpenTopic(string name)
    {
        var topic = KafkaNative.rd_kafka_topic_new(handle, name, 0);
        if (topic == 0)
        {
            throw new KafkaClientException($"The Kafka client refuses the topic name '{name}'.");
        }

        _topics.Add(topic);
        return topic;
    }

    /// <summary>The queue of events, log lines included; lives as long as the client.</summary>
    public nint OpenQueue()
    {
        _ = KafkaNative.rd_kafka_set_log_queue(handle, 0);
        _queue = KafkaNative.rd_kafka_queue_get_main(handle);
        return _queue;
    }

    protected override bool ReleaseHandle()
    {
        foreach (var topic in _topics)
        {
            KafkaNative.rd_kafka_topic_destroy(topic);
        }

        if (_queue != 0)
        {
            KafkaNative.rd_kafka_queue_destroy(_queue);
        }

        KafkaNative.rd_kafka_destroy(handle);
        return true;
    }
}
