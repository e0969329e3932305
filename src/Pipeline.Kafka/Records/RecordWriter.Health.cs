using System.Text;
using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

internal sealed partial class RecordWriter
{
    private const int MaxHealth = 256 + (4 * Utf8Writer.MaxInteger);

    /// <summary>Values of <c>md.health</c>.</summary>
    public ReadOnlySpan<byte> Write(in StreamHealth health)
    {
        var prefix = instruments.Of(health.Instrument).NameAndSymbol;
        var texts = health.DataType.Length + health.Reason.Length + health.Connection.Length;
        var json = new Utf8Writer(Room(prefix.Length + MaxHealth + (Encoding.UTF8.GetMaxByteCount(texts) * Utf8Writer.MaxEscape)));
        json.Raw(prefix);
        json.Raw(",\"dataType\":\""u8);
        json.Escaped(health.DataType);
        json.Raw("\",\"state\":\""u8);
        json.Raw(HealthStateNames.Utf8Of(health.State));
        json.Raw("\",\"reason\":\""u8);
        json.Escaped(health.Reason);
        json.Raw("\",\"connection\":"u8);
        if (health.Connection.Length == 0)
        {
            json.Raw("null"u8);
        }
        else
        {
            json.Raw("\""u8);
            json.Escaped(health.Connection);
            json.Raw("\""u8);
        }

        json.Raw(",\"since\":"u8);
        json.Integer(health.Since);
        json.Raw(",\"lastEventTime\":"u8);
        WritePositiveOrNull(ref json, health.LastEventTime);
        json.Raw(",\"lastReceivedTime\":"u8);
        WritePositiveOrNull(ref json, health.LastReceivedTime);
        json.Raw(",\"outage\":"u8);
        WritePositiveOrNull(ref json, health.Outage);
        json.Raw("}"u8);
        return json.Written;
    }

    private static void WritePositiveOrNull(ref Utf8Writer json, long value)
    {
        if (value > 0)
        {
            json.Integer(value);
        }
        else
        {
            json.Raw("null"u8);
        }
    }
}
