using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Kafka.Reader;

namespace Pipeline.Host.Tailing;

/// <summary>One JSON object a line, with everything a consumer sees; a value that is no JSON is given as a string.</summary>
internal sealed class JsonRecordFormat : IRecordFormat
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Format(KafkaRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        json.WriteString("topic", record.Topic);
        json.WriteNumber("partition", record.Partition);
        json.WriteNumber("offset", record.Offset);
        json.WriteNumber("timestamp", record.Timestamp);
        json.WriteString("key", record.KeyText);
        json.WriteStartObject("headers");
        foreach (var (name, value) in record.Headers)
        {
            json.WriteString(name, value is null ? null : Encoding.UTF8.GetString(value));
        }

        json.WriteEndObject();
        WriteValue(json, record);
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteValue(Utf8JsonWriter json, KafkaRecord record)
    {
        json.WritePropertyName("value");
        if (record.Value is null)
        {
            json.WriteNullValue();
            return;
        }

        try
        {
            using var value = JsonDocument.Parse(record.Value);
            value.WriteTo(json);
        }
        catch (JsonException)
        {
            json.WriteStringValue(record.ValueText);
        }
    }
}
