using System.Globalization;
using System.Runtime.InteropServices;

namespace Pipeline.Kafka.Native;

/// <summary>Settings of a client to be (<c>rd_kafka_conf_t</c>).</summary>
internal sealed unsafe class ClientConfiguration : IDisposable
{
    private const int TextSize = 512;
    private nint _conf = KafkaNative.rd_kafka_conf_new();

    /// <summary>Sets all, and reports every one that is wrong at once.</summary>
    /// <exception cref="KafkaClientException">Unknown names or impossible values, in the library's words.</exception>
    public void Set(IEnumerable<KeyValuePair<string, string>> properties)
    {
        var wrong = new List<string>();
        var error = stackalloc byte[TextSize];
        foreach (var (name, value) in properties)
        {
            if (KafkaNative.rd_kafka_conf_set(_conf, name, value, error, TextSize) != 0)
            {
                // The value stays out of it: it may be a password.
                wrong.Add($"{name}: {Marshal.PtrToStringUTF8((nint)error)}");
            }
        }

        if (wrong.Count > 0)
        {
            throw new KafkaClientException($"kafka.properties: {string.Join("; ", wrong)}");
        }
    }

    /// <summary>The value in force, defaults included.</summary>
    public long GetInteger(string name)
    {
        var text = stackalloc byte[TextSize];
        nuint size = TextSize;
        return KafkaNative.rd_kafka_conf_get(_conf, name, text, &size) == 0
            ? long.Parse(Marshal.PtrToStringUTF8((nint)text)!, CultureInfo.InvariantCulture)
            : throw new KafkaClientException($"The Kafka client has no property {name}.");
    }

    /// <summary>Kinds of events that go to the queue instead of to callbacks.</summary>
    public void Enable(EventKinds events) => KafkaNative.rd_kafka_conf_set_events(_conf, (int)events);

    /// <summary>Without this the library writes to standard error by itself.</summary>
    public void DiscardLog() => KafkaNative.rd_kafka_conf_set_log_cb(_conf, 0);

    /// <summary>Hands the native object over to the client made from it.</summary>
    public nint Detach()
    {
        var conf = _conf;
        _conf = 0;
        return conf;
    }

    public void Dispose()
    {
        if (_conf != 0)
        {
            KafkaNative.rd_kafka_conf_destroy(_conf);
            _conf = 0;
        }
    }
}
