using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Benchmarks.Parsers;

/// <summary>Times as clients hand them out; both venues count milliseconds, one as numbers and one as text.</summary>
internal sealed class UnixMilliseconds : JsonConverter<DateTime>
{
    public static long From(DateTime time) => (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DateTime.UnixEpoch.AddMilliseconds(reader.TokenType == JsonTokenType.String
            ? long.Parse(reader.ValueSpan, CultureInfo.InvariantCulture)
            : reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Only read.");
}
