using System.Text.Json;
using Pipeline.Kafka.Records;

namespace Pipeline.Kafka.State;

/// <summary>The record that names a log, in partition 0 of <c>md.state</c>, key <c>#log</c>: written once, read by all.</summary>
public static class LogRecord
{
    public static byte[] Write(string id, long time)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id);
            json.WriteNumber("time"u8, time);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <exception cref="RecordFormatException">The value is no such record.</exception>
    public static string Read(ReadOnlyMemory<byte> value) => RecordFields.Read(value, "log", fields =>
    {
        fields.Integer("time");
        return fields.Name("id");
    });
}
