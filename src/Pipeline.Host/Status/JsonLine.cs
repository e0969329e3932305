using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Pipeline.Host.Status;

/// <summary>A log entry as one line of JSON: time, level, category, event id and name, message, the message's parts as fields.</summary>
internal static class JsonLine
{
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private const string Template = "{OriginalFormat}";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(DateTimeOffset time, LogLevel level, string message) => Write(time, level, "pipeline", default, message, null, null);

    /// <param name="state">What the message was made of.</param>
    public static string Of<TState>(
        DateTimeOffset time, LogLevel level, string category, EventId id, TState state, string message, Exception? exception) =>
        Write(time, level, category, id, message, state as IEnumerable<KeyValuePair<string, object?>>, exception);

    private static string Write(
        DateTimeOffset time, LogLevel level, string category, EventId id, string message, IEnumerable<KeyValuePair<string, object?>>? fields, Exception? exception)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
            json.WriteString("level", WordOf(level));
            json.WriteString("category", category);
            if (id.Id != 0)
            {
                json.WriteNumber("id", id.Id);
                json.WriteString("event", id.Name);
            }

            json.WriteString("message", message);
            WriteFields(json, fields);
            if (exception is not null)
            {
                json.WriteString("exception", exception.ToString());
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WriteFields(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, object?>>? fields)
    {
        var given = fields?.Where(field => field.Key != Template).ToList() ?? [];
        if (given.Count == 0)
        {
            return;
        }

        json.WriteStartObject("fields");
        foreach (var (name, value) in given)
        {
            json.WritePropertyName(name);
            switch (value)
            {
                case null:
                    json.WriteNullValue();
                    break;
                case bool flag:
                    json.WriteBooleanValue(flag);
                    break;
                case int or long:
                    json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                    break;
                case double number when double.IsFinite(number):
                    json.WriteNumberValue(number);
                    break;
                default:
                    json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                    break;
            }
        }

        json.WriteEndObject();
    }

    private static string WordOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
